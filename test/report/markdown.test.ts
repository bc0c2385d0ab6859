import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import { code, markdownList, markdownTable, prose } from '../../src/report/formats/markdown.js';
import { markdownOfComparison } from '../../src/report/formats/markdownComparison.js';
import { markdownOfRun } from '../../src/report/formats/markdownRun.js';
import { cases } from './cases.js';
import { comparisons, hostileComparison, mixedComparison } from './comparisons/formats.js';
import { goodRun } from './fixture.js';
import { HOSTILE, LONG_REASON } from './hostile.js';
import { generatorLimited, thresholdsFailed } from './trouble.js';

/** What the page may be made of; links, images and everything else can only come from outside. */
const OWN_TAGS = ['p', 'strong', 'code', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'ul', 'li'];

function htmlOf(markdown: string): string {
  return marked.parse(markdown, { gfm: true, async: false });
}

/** What would be read, but for what stands in code, where GitHub looks for nothing. */
function textBesideCode(html: string): string {
  return html.replace(/<code>[^<]*<\/code>/g, ' ').replace(/<[^>]*>/g, ' ');
}

function expectHarmless(markdown: string): void {
  const html = htmlOf(markdown);
  const tags = [...html.matchAll(/<\/?([a-z0-9]+)([^>]*)>/gi)];
  for (const [tag, name = '', rest] of tags) {
    expect(OWN_TAGS, `${tag} in ${markdown}`).toContain(name.toLowerCase());
    expect(rest).toBe('');
  }
  // Mentions, issues, commits, addresses, mathematics, emoji.
  expect(textBesideCode(html)).not.toMatch(
    /@|#\d|\bgh-\d|\/\/|www\.|\$|:(?!\d\d:)[\w+-]+:|(?<!\w)[0-9a-f]{7,}(?!\w)/i,
  );
}

/** The cells of each row of every table. */
function rowsOf(markdown: string): number[] {
  return [...htmlOf(markdown).matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(
    ([, row = '']) => row.split(/<t[hd]>/).length - 1,
  );
}

describe('the summary of a run', () => {
  test('begins with the verdict, then has the numbers and the thresholds', () => {
    const text = markdownOfRun(goodRun());
    expect(text).toMatch(/^\*\*Passed\. 1,000 connections held; heartbeats answered within .*\*\*\n\n/);
    expect(text).toContain('`quickstart` against `heartbeat`, 48 s, 2026-03-02 10:15 UTC');
    expect(text).toContain('| connections | 1,000 of 1,000 open at most |');
    expect(text).toContain('| memory per connection | 5.7 KiB (4.8 KiB to 6.6 KiB) |');
    expect(text).toMatch(/\| heartbeat\.response \| [\d.]+ ms \|/);
    expect(text).toContain('| `handshake.total p99 < 500ms` | 4.3 ms | 500 ms | ok |');
    expect(text).toContain('\n- The target ran on the same machine as the generator. They shared');
  });

  test('what failed comes first and is marked', () => {
    expect(markdownOfRun(thresholdsFailed())).toMatch(
      /\| --- \|\n\| `heartbeat\.response p99 < 250ms during hold` \| 412 ms \| 250 ms \| \*\*failed\*\* \|/,
    );
  });

  test('a run that is not valid says why', () => {
    const { reasons } = generatorLimited().run.validity;
    expect(markdownOfRun(generatorLimited())).toContain(`- ${prose(reasons[0] ?? '')}`);
  });
});

describe('the summary of a comparison', () => {
  test('begins with the verdict, then has the metrics, then the reasons', () => {
    const text = markdownOfComparison(mixedComparison());
    expect(text).toMatch(/^\*\*Worse: heartbeat\.response p50 went from 1\.\d+ ms to 2\.\d+ ms, 75 % more/);
    expect(text).toContain('`quickstart`: 6 runs of `node baseline.js` as the baseline');
    expect(text).toMatch(
      /\| heartbeat\.response p50 \| 1\.2 ms \| 2\.1 ms \| 75 % more \(70 % to 80 % more\) \| \*\*worse\*\* \|/,
    );
    expect(text).toMatch(/\| heartbeat\.response p99 \|.*\| does not count \|/);
    expect(text).toContain(
      '\n- heartbeat.response p90: its interval holds both no change and one that matters.',
    );
    expect(text).toContain(
      '\n- Not used: candidate run reports/ab/round-07-candidate/result.json. The generator',
    );
  });
});

describe('no text from outside is markup', () => {
  const summaries = [
    ...Object.entries(cases).map(([name, run]) => [name, markdownOfRun(run())] as const),
    ...Object.entries(comparisons).map(
      ([name, make]) => [`comparison ${name}`, markdownOfComparison(make())] as const,
    ),
  ];

  test.each(summaries)('%s', (_name, markdown) => {
    expectHarmless(markdown);
    expect(markdown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  const evil = [
    ...[
      HOSTILE,
      LONG_REASON,
      '@octocat',
      '\\@octocat',
      '#1',
      'a/b#1',
      'GH-12',
      '---GH-12',
      'deadbeef1',
      ':tada:',
      '$x$',
      '$`x`$',
    ],
    ...[
      '<img src=x>',
      '[a](http://b)',
      '![a](b)',
      '<http://a>',
      'https://a.b',
      'www.a.b',
      'a@b.c',
      '**a**',
      '~~a~~',
    ],
    ...[
      'a | b',
      'a \\| b',
      '\\',
      'a\\',
      '`',
      '``',
      '\\`',
      '` | <b>',
      '```\nx',
      '---',
      '- a',
      '1. a',
      '# a',
      '> a',
      '    a',
    ],
    ...[
      '| a |\n| - |',
      '[^1]',
      '[a]: http://b',
      '&lt;b&gt;',
      '&#64;octocat',
      '',
      ' ',
      '\u0000',
      '\ud800',
      '<!--',
      '===',
      '+',
    ],
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...evil, ' ', '|', '\n'), { maxLength: 6 }).map((parts) => parts.join('')),
  );

  test('in a sentence, a list, a table or code', () => {
    const check = (given: string) => {
      expectHarmless(`**Failed: ${prose(given)}**\n`);
      expectHarmless(markdownList([given, given], 5));
      const table = markdownTable(['a', 'b', 'c'], [[code(given), prose(`x ${given}`), 'end']]);
      expectHarmless(table);
      expect(rowsOf(table), given).toEqual([3, 3]);
      expect(table.split('\n')).toHaveLength(3);
    };
    for (const given of evil) check(given);
    fc.assert(fc.property(text, check), { numRuns: 300 });
  });

  test('in a whole summary', () => {
    for (const given of evil) {
      expectHarmless(markdownOfComparison(hostileComparison(given)));
      const run = goodRun({ connections: 2, seconds: 3, heartbeatEverySeconds: 1 });
      const thresholds = [{ expression: given, observed: 1, unit: given, passed: false }];
      const scenario = { ...run.scenario, name: given };
      expectHarmless(markdownOfRun({ ...run, scenario, thresholds }));
    }
  });
});

test('words of ours stay words', () => {
  expect(prose("heartbeat.response (p99) was 412 ms, 75 % more; the server's own: yes.")).toBe(
    "heartbeat.response (p99) was 412 ms, 75 % more; the server's own: yes.",
  );
  expect(prose('Interrupted at 00:24: until 1:02, and no :100: more')).toBe(
    'Interrupted at 00:24: until 1:02, and no `:100:` more',
  );
  expect(prose('closed by <b>x @y now')).toBe('closed by `<b>x @y` now');
});
