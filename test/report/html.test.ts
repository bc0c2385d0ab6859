import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
// From dist: the page's bundle lies beside the built file.
import { renderHtml } from '../../dist/report/html.js';
import { cases } from './cases.js';
import { goodRun } from './fixture.js';
import { LONG_REASON } from './hostile.js';
import { severalPopulations } from './populations.js';
import { allFailed, targetDied } from './trouble.js';

const pages = Object.entries(cases).map(([name, run]) => ({ name, page: renderHtml(run()) }));

describe.each(pages)('the page of $name', ({ page }) => {
  test('is one file that loads nothing', () => {
    expect(page).not.toMatch(/\s(src|href|action|srcset)="?\s*(https?:)?\/\//i);
    expect(page).not.toMatch(/<(link|iframe|object|embed|base|img)\b/i);
    expect(page).not.toMatch(/@import|url\(/i);
    for (const [, target] of page.matchAll(/\shref="([^"]*)"/g)) expect(target).toMatch(/^#/);
  });

  test('allows its own script and style by their hashes, and nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    const hashes = [...policy.matchAll(/sha256-[A-Za-z0-9+/=]+/g)].map(([hash]) => hash);
    const code = [...page.matchAll(/<(script|style)>(.*?)<\/\1>/gs)].map(([, , text]) => text ?? '');
    expect(policy).toMatch(/^default-src (&#39;|')none/);
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(code).toHaveLength(2);
    expect(new Set(code.map(hashOf))).toEqual(new Set(hashes));
  });

  test('has no style attribute and no event handler', () => {
    const markup = page.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '');
    expect(markup).not.toMatch(/<[^>]*\sstyle=/i);
    expect(markup).not.toMatch(/<[a-z][^>"]*\son[a-z]+=/i);
  });

  test('stays under 500,000 bytes', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(500_000);
  });

  test('holds no number that is not one', () => {
    const markup = page.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '');
    expect(markup).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  test('gives every picture a text alternative', () => {
    for (const [svg] of page.matchAll(/<svg class="(plot|bar|spark|glyph)[^>]*>/g)) {
      expect(svg).toMatch(/aria-label="[^"]+"|aria-hidden="true"/);
    }
  });

  test('has every id once and every link a target', () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [, target] of page.matchAll(/\shref="#([^"]*)"/g)) expect(ids).toContain(target);
  });
});

describe('what the page says', () => {
  test('it answers first: the verdict, validity, numbers and timeline, in this order', () => {
    const page = renderHtml(goodRun());
    const order = [
      '<h1>Passed. ',
      'The measurement can be trusted.',
      'Connections open',
      'id="timeline"',
      '<nav',
    ];
    const at = order.map((text) => page.indexOf(text));
    expect(at).not.toContain(-1);
    expect(at).toEqual([...at].sort((a, b) => a - b));
  });

  test('sections state what was found', () => {
    const titles = titlesOf(renderHtml(goodRun()));
    expect(titles).toContain(
      'Each connection cost the server 5.7 KiB of memory (4.8 KiB to 6.6 KiB), 2.6 KiB of it on its heap',
    );
    expect(titles).toContain('All 1,000 closes went as expected');
    expect(titles).toContain('The server&#39;s own counts and ours agree on all 4 lines');
    expect(titles).toContain('All 5 thresholds were kept');
    expect(titles).toContain('Server and generator shared one machine with 2 processors');
  });

  test('sections with nothing to say are left out', () => {
    const ids = sectionsOf(renderHtml(allFailed()));
    expect(ids).toContain('failures');
    for (const id of ['heartbeat', 'handshake', 'stages', 'closes', 'traffic']) expect(ids).not.toContain(id);
    expect(sectionsOf(renderHtml(cases.empty()))).not.toContain('timeline');
  });

  test('what is not known is said, with the reason', () => {
    const page = renderHtml(allFailed());
    expect(page).toContain('What a connection costs in memory is not known');
    expect(page).toContain('No connection opened, so there is nothing to divide by.');
  });

  test('books that differ show by how much', () => {
    expect(renderHtml(severalPopulations())).toMatch(/messages to the server.*?20,125.*?20,128.*?✕ -3/s);
  });

  test('events are marked on the timeline and told in its table', () => {
    const page = renderHtml(targetDied());
    expect(page).toContain('00:24 target went down</text>');
    expect(page).toContain('exited with signal SIGSEGV');
  });

  test('every population has its own numbers when there are several', () => {
    const page = renderHtml(severalPopulations());
    expect(page).toContain('<th scope="col" class="number">slow readers</th>');
    expect(renderHtml(goodRun())).not.toContain('<th scope="col" class="number">listeners</th>');
  });

  test('a hostile reason is shown whole, as text', () => {
    const page = renderHtml(cases.hostile());
    expect(page).toContain(LONG_REASON.replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
    expect(page).not.toContain('<img');
    expect(page).not.toContain('alert(1)</script>');
    expect(page).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u2028\u2029\u202a-\u202e]/);
  });
});

function titlesOf(page: string): string[] {
  const titles = [...page.matchAll(/<h2[^>]*>(.*?)<\/h2>/g)].map(([, title]) => title ?? '');
  // Between a number and its unit the blank is a protected one.
  return titles.map((title) => title.replaceAll('\u00a0', ' '));
}

function sectionsOf(page: string): string[] {
  return [...page.matchAll(/<section id="([^"]*)"/g)].map(([, id]) => id ?? '');
}

function hashOf(code: string): string {
  return `sha256-${createHash('sha256').update(code).digest('base64')}`;
}
