import { describe, expect, test } from 'vitest';
import { html, jsonElement, ownCode } from '../../src/report/html/markup.js';

describe('HTML that cannot be written unescaped', () => {
  test('whatever is put into the template is escaped, in text and in attributes', () => {
    const evil = '"><script>alert(1)</script>&\'';
    expect(html`<p title="${evil}">${evil}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&#39;">&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&#39;</p>',
    );
  });

  test('markup inside markup is not escaped again; lists are joined; null is nothing', () => {
    const items = ['a<', 'b'].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}${null}</ul>`.text).toBe('<ul><li>a&lt;</li><li>b</li></ul>');
  });

  test('an object that only looks like markup is not taken for it', () => {
    const forged: unknown = JSON.parse('{"text":"<script>alert(1)</script>"}');
    expect(() => html`${forged as string}`.text).toThrow();
  });

  test('control and direction characters become visible, line breaks stay', () => {
    expect(html`${'a\u001b[31m\u202e\u0000\nb\u2028'}`.text).toBe('a\\x1b[31m\\u202e\\x00\nb\\u2028');
  });

  test('data cannot end its element', () => {
    const value = { a: '</script><!--<script>', b: '\u2028' };
    const text = jsonElement('charts', value).text;
    const [, json = ''] = /^<script type="application\/json" id="charts">(.*)<\/script>$/.exec(text) ?? [];
    expect(json).not.toContain('<');
    expect(JSON.parse(json)).toEqual(value);
  });

  test('a bundle that would end its element is refused', () => {
    expect(() => ownCode('script', 'x = "</SCRIPT>"')).toThrow(/ends its own script element/);
    expect(() => ownCode('style', 'a{}')).not.toThrow();
  });
});
