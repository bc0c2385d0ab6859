import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
// From dist: the page's bundle lies beside the built file.
import { renderComparison } from '../../../dist/report/comparison.js';
import { effectAxis, ownScale } from '../../../src/report/html/comparison/effectAxis.js';
import type { ComparedMetric, ComparisonRecord } from '../../../src/result/comparison.js';
import { HOSTILE } from '../hostile.js';
import { comparisons } from './records.js';

/** As it comes back from `comparison.json`; between a number and its unit the blank is a protected one. */
function pageOf(record: ComparisonRecord): string {
  const saved: ComparisonRecord = JSON.parse(JSON.stringify(record));
  return renderComparison(saved).replaceAll('\u00a0', ' ');
}

const pages = Object.entries(comparisons).map(([name, make]) => ({ name, html: renderComparison(make()) }));

const markupOf = (html: string): string => html.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '');

describe.each(pages)('the page of $name', ({ html }) => {
  test('loads nothing, links only into itself and to the reports beside it', () => {
    expect(html).not.toMatch(/<(link|iframe|object|embed|base|img)\b/i);
    expect(html).not.toMatch(/@import|url\(/i);
    for (const [, target] of html.matchAll(/\shref="([^"]*)"/g)) {
      expect(target).toMatch(/^(#|\.\/[^:<]*\/report\.html$)/);
      expect(target).not.toContain('..');
    }
  });

  test('allows its own script and style by their hashes, and nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const hashes = [...policy.matchAll(/sha256-[A-Za-z0-9+/=]+/g)].map(([hash]) => hash);
    const code = [...html.matchAll(/<(script|style)>(.*?)<\/\1>/gs)].map(([, , text]) => text ?? '');
    const hashOf = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(new Set(code.map(hashOf))).toEqual(new Set(hashes));
  });

  test('has no style attribute, no event handler and no number that is none', () => {
    expect(markupOf(html)).not.toMatch(/<[^>]*\sstyle=/i);
    expect(markupOf(html)).not.toMatch(/<[a-z][^>"]*\son[a-z]+=/i);
    expect(markupOf(html)).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  test('stays under 500,000 bytes, with every id once and a target for every link', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(500_000);
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [, target] of html.matchAll(/\shref="#([^"]*)"/g)) expect(ids).toContain(target);
  });

  test('gives every picture a text alternative', () => {
    for (const [svg] of markupOf(html).matchAll(/<svg(?! width="100%"|[^>]*viewBox)[^>]*>/g)) {
      expect(svg).toMatch(/aria-label="[^"]+"|aria-hidden="true"/);
    }
  });
});

function idsOf(html: string): string[] {
  return [...html.matchAll(/<section id="([^"]*)"/g)].map(([, id]) => id ?? '');
}

function titlesOf(html: string): string[] {
  return [...html.matchAll(/<h2[^>]*>(.*?)<\/h2>/g)].map(([, title]) =>
    (title ?? '').replaceAll('&#39;', "'").replaceAll('&quot;', '"'),
  );
}

/** The rows of the first screen by their metric. */
function rowsOf(html: string): Map<string, string> {
  const table = /<table class="forest[^>]*>(.*?)<\/table>/s.exec(html)?.[1] ?? '';
  return new Map(
    [...table.matchAll(/<tr><th scope="row">(.*?)<\/th>(.*?)<\/tr>/gs)].map(([, name, row]) => [
      name ?? '',
      row ?? '',
    ]),
  );
}

describe('what the page of a comparison says', () => {
  const html = pageOf(comparisons.worse());

  test('it answers first, then follows the questions of its reader', () => {
    expect(html).toMatch(/<header class="verdict failed">.*<h1>Worse: memory\.perConnection went from /s);
    expect(html).toMatch(
      /<\/span>baseline node server-1\.4\.js --port 8080 → .*<\/span>candidate node server-1\.5\.js --port 8080 · 12 runs a side of 42 s · took 18 min 48 s/,
    );
    expect(idsOf(html)).toEqual([
      'overview',
      'values',
      'latency-1',
      'latency-2',
      'metrics',
      'runs',
      'method',
      'repeat',
    ]);
  });

  test('whether to believe it stands under the answer', () => {
    const strip = (name: keyof typeof comparisons) =>
      (/<div class="validity.*?<\/div>/s.exec(pageOf(comparisons[name]()))?.[0] ?? '').replace(
        /<[^>]*>/g,
        '',
      );
    expect(strip('worse')).toBe(
      'The runs can be trusted. runs used 12 + 12 machine the same for all false alarms at most 1 % corrected over 7 metrics noise from the baseline ran 12 of 12 rounds beside the runs 5.2 s a round',
    );
    expect(strip('withUnusedRuns')).toContain('left out 2');
    expect(strip('otherMachines')).toMatch(/^A change may be that of the machine\..*machine not the same/);
    expect(strip('better')).toContain('8 of 20 rounds, clear by then');
    expect(strip('interruptedRounds')).toMatch(/^It was interrupted before its last round\./);
    expect(strip('tooFewRuns')).toMatch(/^A verdict takes 6 runs a side\./);
    expect(strip('nothingGated')).toMatch(/^The two sides have no metric in common/);
  });

  test('every metric that counts has its row, coloured by its verdict and named in words', () => {
    const rows = rowsOf(html);
    expect([...rows.keys()]).toEqual([
      'heartbeat.response p50',
      'heartbeat.response p90',
      'handshake.total p50',
      'handshake.total p90',
      'target.cpuPerConnect',
      'target.cpuPerMessage',
      'memory.perConnection',
    ]);
    expect(rows.get('memory.perConnection')).toMatch(/range t-bad.*f-bad.*\+\d\d %.*✕ worse/s);
    expect(rows.get('target.cpuPerConnect')).toMatch(/range t-server.*f-server.*-1\d %.*✓ better/s);
    expect(rows.get('target.cpuPerMessage')).toMatch(/range t-context.*f-context.*= same/s);
    expect(rows.get('heartbeat.response p50')).toMatch(/range t-doubt.*f-doubt.*\? inconclusive/s);
    expect(html).toContain('Of 10 metrics 1 is worse, 3 are inconclusive, 1 is better, 5 are the same');
    expect(html).toContain(
      '0 in every run of both sides: heartbeat.unanswered, closes.abnormal, connections.neverOpened.',
    );
  });

  test('the change lies between the ends of its interval, right of no change where it is more', () => {
    const row = rowsOf(html).get('memory.perConnection') ?? '';
    const number = (pattern: RegExp) => Number(pattern.exec(row)?.[1]);
    const [zero, low, point, high] = [
      number(/class="zero" x1="([\d.]+)%/),
      number(/class="range[^>]*x1="([\d.]+)%/),
      number(/cx="([\d.]+)%/),
      number(/class="range[^>]*x2="([\d.]+)%/),
    ];
    expect([zero, low, point, high]).toEqual([zero, low, point, high].sort((a = 0, b = 0) => a - b));
    expect(zero).toBeGreaterThan(0);
  });

  test('a difference stands apart, on a scale of its own', () => {
    const page = pageOf(comparisons.zeroBaselines());
    expect(page).toContain(
      'From a baseline of 0 there is no ratio: the difference, each on a scale of its own',
    );
    expect(rowsOf(page).get('connections.neverOpened')).toMatch(/0 %.*1\.2 %.*\+1\.2 points.*✕ worse/s);
  });

  test('every run is a dot, and the titles say how the sides lie', () => {
    const strips = [...html.matchAll(/<figure class="strip"><figcaption>(.*?)<span/g)].map(
      ([, words]) => words,
    );
    expect(strips).toHaveLength(7);
    expect(strips).toContain('memory.perConnection: all candidate runs are above all baseline runs');
    expect(strips[0]).toMatch(
      /^heartbeat\.response p50: \d+ of 12 candidate runs are above the baseline&#39;s median/,
    );
    expect(html.match(/<circle class="dot f-context"/g)).toHaveLength(7 * 12);
    expect(html.match(/<circle class="dot f-server"/g)).toHaveLength(7 * 12);
    expect(titlesOf(html)).toContain('In 2 of 7 metrics all runs of one side are beyond all of the other');
    expect(titlesOf(pageOf(comparisons.same()))).toContain('The runs of both sides overlap in all 7 metrics');
    expect(titlesOf(pageOf(comparisons.tooFewRuns()))).toContain(
      '3 runs against 3: too few to tell a change from scatter',
    );
  });

  test('curves of both sides lie over each other, the distributions against each other', () => {
    const section = /<section id="latency-1".*?<\/section>/s.exec(html)?.[0] ?? '';
    expect(section).toMatch(
      /heartbeat\.response: half took 1\.\d\d ms \(baseline 1\.\d\d ms\), one in 100 more than/,
    );
    expect(
      section.match(/<path class="line {2}t-(context|server)"|<path class="line t-(context|server)"/g),
    ).toHaveLength(2);
    expect(section.match(/<path class="shape f-(context|server)"/g)).toHaveLength(2);
    expect(section).toContain('36,000');
  });

  test('the table has every metric, with the odds, the margin and its source', () => {
    const section = /<section id="metrics".*?<\/section>/s.exec(html)?.[0] ?? '';
    expect(section).toMatch(/14 metrics, of which 10 count for the verdict/);
    expect(section).toMatch(
      /memory\.perConnection.*?&lt; 0\.0001.*?5 % <span class="well">tolerance<.*?✕ worse/s,
    );
    expect(section).toMatch(
      /heartbeat\.response p50.*?5\.\d % <span class="well">baseline runs<.*?wide interval/s,
    );
    expect(section).toMatch(/Shown only.*?heartbeat\.response p99/s);
  });

  test('runs of rounds link to their own reports, runs that were given are named', () => {
    expect(html).toContain('<a href="./round-01-baseline/report.html">round-01-baseline</a>');
    expect(html).toContain('<a href="./round-12-candidate/report.html">round-12-candidate</a>');
    const given = pageOf(comparisons.withUnusedRuns());
    expect(given).not.toContain('report.html');
    expect(given).toContain('reports/baseline-1/result.json');
  });

  test('runs that were left out are told with their reason', () => {
    const page = pageOf(comparisons.withUnusedRuns());
    expect(titlesOf(page)).toContain('2 runs were left out: they say nothing about the server');
    expect(page).toMatch(/generator-limited.*?94 % busy.*?partial.*?SIGSEGV/s);
  });

  test('the machines are told apart where they are not of one kind', () => {
    expect(pageOf(comparisons.otherMachines())).toMatch(/Measured on.*?2 × AMD EPYC 7B13.*?4 × Intel Xeon/s);
    expect(html).toMatch(/Measured on.*?all runs.*?2 × AMD EPYC 7B13/s);
  });

  test('the method is told in plain words with the numbers of this comparison', () => {
    const section = /<section id="method".*?<\/section>/s.exec(html)?.[0] ?? '';
    expect(section).toMatch(/rank-sum test.*?corrected over 7 metrics \(Holm\).*?held against 0\.02/s);
    expect(section).toMatch(/2,000 ratios.*?bootstrap, seed 1/s);
  });

  test('a calibration says that both sides are the same, and what can be detected', () => {
    const page = pageOf(comparisons.calibrated());
    expect(page).toMatch(/<header class="verdict measured">.*<h1>The two sides are the same server: /s);
    expect(page).toContain('node server-1.4.js --port 8080 against itself');
    expect(page).toContain('Of two equal sides: all 10 metrics are the same');
    expect(rowsOf(page).get('memory.perConnection')).toMatch(/<strong>[\d.]+ %<\/strong>.*= same/s);
    expect(pageOf(comparisons.falseAlarm())).toMatch(
      /<header class="verdict partial">.*<h1>A false alarm: /s,
    );
  });

  test('hostile strings stay text', () => {
    const page = pageOf(comparisons.hostileComparison());
    expect(page).not.toContain('<img');
    expect(page).not.toContain('alert(1)</script>');
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u2028\u2029\u202a-\u202e]/);
    expect(page).toContain(HOSTILE.slice(0, 9).replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  });
});

const METRIC: ComparedMetric = {
  ...{ name: 'm', unit: 'us', gated: true, baseline: 1, candidate: 1, basis: 'ratio', ratio: 1 },
  ...{ difference: 0, ci95: null, pValue: null, adjustedPValue: null, tolerance: 0.05 },
  ...{ detectable: null, detectableFrom: null, verdict: 'same', because: null },
  values: { baseline: [1], candidate: [1] },
};

describe('the axis that all changes share', () => {
  const change = fc.double({ min: -1, max: 1e4, noNaN: true });

  test('keeps the order of changes, and no change inside it', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const axis = effectAxis(changes.map((own) => ({ ...METRIC, ratio: 1 + own })));
        const sorted = [...changes].sort((a, b) => a - b).map(axis.at);
        expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
        expect(axis.at(0)).toBeGreaterThan(0);
        expect(axis.at(0)).toBeLessThan(1);
        expect(axis.ticks.map(({ label }) => label)).toContain('no change');
        for (const at of [...sorted, ...axis.ticks.map((tick) => tick.at)]) {
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('a difference begins at no change and stays on the picture', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (difference) => {
        const metric: ComparedMetric = { ...METRIC, basis: 'difference', difference, tolerance: 0 };
        const axis = effectAxis([METRIC]);
        const at = ownScale(metric, axis);
        expect(at(0)).toBe(axis.at(0));
        expect(Math.sign(at(difference) - at(0))).toBe(Math.sign(difference));
        expect(at(difference)).toBeGreaterThanOrEqual(0);
        expect(at(difference)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('whatever a comparison leaves behind', () => {
  // Nothing measures less than a billionth of any unit, and nearer to 0 floats lose the digits that an axis needs.
  const amount = fc.oneof(
    fc.constant(0),
    fc.double({ min: 1e-9, max: 1e12, noNaN: true }),
    fc.integer({ min: 1, max: 1000 }),
  );
  const known = fc.option(amount, { nil: null });
  const values = fc.array(known, { maxLength: 4 });
  const metric = fc.record({
    unit: fc.constantFrom('us', 'bytes', 'share', 'count'),
    gated: fc.boolean(),
    baseline: known,
    candidate: known,
    basis: fc.constantFrom('ratio', 'difference'),
    ratio: known,
    difference: fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { nil: null }),
    ci95: fc.option(
      fc.tuple(amount, amount).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
      { nil: null },
    ),
    pValue: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
    tolerance: amount,
    detectable: known,
    detectableFrom: fc.constantFrom('calibration', 'baseline-spread', null),
    verdict: fc.constantFrom('better', 'same', 'worse', 'inconclusive'),
    because: fc.constantFrom('too-few-runs', 'wide-interval', 'not-significant', 'undetectable', null),
    values: fc.record({ baseline: values, candidate: values }),
  });

  test('the page can be drawn, and holds no number that is none', () => {
    const base = comparisons.withUnusedRuns();
    const record = fc.record({
      kind: fc.constantFrom('compare', 'ab', 'calibrate'),
      verdict: fc.constantFrom('better', 'same', 'worse', 'inconclusive'),
      metrics: fc.array(metric, { maxLength: 6 }),
      runs: fc.nat({ max: base.runs.length }),
    });
    fc.assert(
      fc.property(record, ({ metrics, runs, ...own }) => {
        const page = renderComparison({
          ...base,
          ...own,
          metrics: metrics.map((one, i) => ({ ...one, name: `m${i}`, adjustedPValue: one.pValue })),
          runs: base.runs.slice(0, runs),
        });
        expect(markupOf(page)).not.toMatch(/NaN|Infinity|undefined|\[object/);
      }),
      { numRuns: 100 },
    );
  });
});
