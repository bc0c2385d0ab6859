import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
// From dist: the page's bundle lies beside the built file.
import { renderCapacity } from '../../../dist/report/capacity.js';
import { kneeOf } from '../../../src/report/html/capacity/knee.js';
import type { CapacityRecord } from '../../../src/result/capacity.js';
import { HOSTILE } from '../hostile.js';
import { capacities } from './cases.js';

/** As it comes back from `capacity.json`. */
function saved(record: CapacityRecord): CapacityRecord {
  return JSON.parse(JSON.stringify(record));
}

/** Between a number and its unit the blank is a protected one. */
function pageOf(record: CapacityRecord): string {
  return renderCapacity(saved(record)).replaceAll('\u00a0', ' ');
}

const pages = Object.entries(capacities).map(([name, make]) => ({ name, html: pageOf(make()) }));

describe.each(pages)('the page of $name', ({ html }) => {
  const markup = html.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '');

  test('loads nothing, links only into itself and to the reports beside it', () => {
    expect(html).not.toMatch(/<(link|iframe|object|embed|base|img)\b/i);
    expect(html).not.toMatch(/@import|url\(/i);
    for (const [, target] of html.matchAll(/\shref="([^"]*)"/g)) {
      expect(target).toMatch(/^(#|\.\/[^:<]*\/report\.html$)/);
    }
  });

  test('has no style attribute, no event handler and no number that is none', () => {
    expect(markup).not.toMatch(/<[^>]*\sstyle=/i);
    expect(markup).not.toMatch(/<[a-z][^>"]*\son[a-z]+=/i);
    expect(markup).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  test('stays under 500,000 bytes, with every id once and a target for every link', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(500_000);
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [, target] of html.matchAll(/\shref="#([^"]*)"/g)) expect(ids).toContain(target);
  });

  test('gives every picture a text alternative', () => {
    for (const [svg] of html.matchAll(/<svg class="(plot|bar|spark|glyph)[^>]*>/g)) {
      expect(svg).toMatch(/aria-label="[^"]+"|aria-hidden="true"/);
    }
  });
});

function idsOf(html: string): string[] {
  return [...html.matchAll(/<section id="([^"]*)"/g)].map(([, id]) => id ?? '');
}

function titlesOf(html: string): string[] {
  return [...html.matchAll(/<h2[^>]*>(.*?)<\/h2>/g)].map(([, title]) =>
    (title ?? '').replaceAll('&#39;', "'"),
  );
}

describe('what the page of a search says', () => {
  const html = pageOf(capacities.bracketed());

  test('it answers first, then follows the questions of its reader', () => {
    expect(html).toContain(
      '<h1>The server holds 12,400 connections; at 12,524 it refused 124 with HTTP 503 (service unavailable).</h1>',
    );
    expect(html).toMatch(/>Capacity<\/dt><dd><span class="number">12,400<.*?12,524 failed/s);
    expect(html).toMatch(/>Gave out first<\/dt>.*?HTTP 503.*?after 15 s/s);
    expect(html).toMatch(/passed at 12,400 <b>3 of 3<\/b>.*?passed at 12,524 <b>0 of 3<\/b>/s);
    expect(idsOf(html)).toEqual([
      'levels',
      'limit',
      'latency',
      'processor',
      'memory',
      'sizing',
      'settings',
      'repeat',
    ]);
  });

  test('every try has its row, with the reason and a link to its own report', () => {
    expect(html).toContain('18 tries at 14 loads, from 100 to 12,800 connections');
    expect(html).toContain('href="./08-12800/report.html">✕ failed</a>');
    expect(html).toContain('It refused 400 with HTTP 503 (service unavailable) (left early)');
    const alt = /aria-label="(18 tries in their order: [^"]*)"/.exec(html)?.[1];
    expect(alt).toMatch(/6,400 passed, 12,800 failed, 9,600 passed/);
  });

  test('a try that passed, one that failed and one that says nothing differ in shape', () => {
    const shapes = (page: string) =>
      [...page.matchAll(/<li><svg[^>]*><path class="point t-(\w+)" d="([^"]*)"/g)].map(([, tone, d]) => ({
        tone,
        d,
      }));
    const all = [...shapes(html), ...shapes(pageOf(capacities.generator()))];
    expect(new Set(all.map(({ d }) => d)).size).toBe(3);
    expect(new Set(all.map(({ tone }) => tone))).toEqual(new Set(['server', 'bad', 'doubt']));
  });

  test('what gave out is told in the order of time, with its data', () => {
    const page = pageOf(capacities.cpuLimited());
    expect(titlesOf(page)).toContain(
      'At 17,700 messages a second one of its threads used a whole core (99.4 %)',
    );
    expect(page).toMatch(/>9 s<.*?process 41231.*?>13 s<.*?for 250 ms<.*?>21 s<.*?12 overflows/s);
    expect(page).toContain('All 6 tries that did not pass met the same limit first.');
  });

  test('a generator at its limit is said first, is never a capacity, and its late times are no knee', () => {
    const page = pageOf(capacities.generator());
    expect(page).toMatch(
      /<h1>At least 12,000 connections: .*?the generator, not the server, was the limit\.<\/h1>/,
    );
    expect(page).toContain('The generator was the limit: this is no capacity.');
    expect(page).not.toContain('>Capacity</dt>');
    expect(page).not.toContain('>knee</text>');
  });

  test('the knee is named where there is one, and only there', () => {
    const page = pageOf(capacities.cpuLimited());
    expect(page).toContain('>knee</text>');
    expect(page).toContain('>limit 250 ms</text>');
    expect(titlesOf(page).find((title) => title.startsWith('Deliveries'))).toMatch(
      /^Deliveries took \d+ ms \(p99\) from [\d,]+\/s on; at smaller loads it had been [\d.]+ ms$/,
    );
    expect(titlesOf(html)).toContainEqual(
      expect.stringMatching(/^Heartbeats took .* at all loads: there is no knee$/),
    );
  });

  test('a peak of throughput is named, or the reason why not', () => {
    const named = pageOf(capacities.cpuLimited());
    expect(titlesOf(named)).toContain(
      'Throughput peaks at 8,950/s, where 20,400/s are asked for; beyond that more load gets less done',
    );
    const unnamed = pageOf(capacities.noPeak());
    expect(unnamed).toContain('No peak is named: the 95 % interval of κ includes 0');
    expect(unnamed).not.toMatch(/>peak [\d,]+\/s<\/text>/);
    expect(idsOf(html)).not.toContain('throughput');
  });

  test('a forecast beyond twice what was tested is an extrapolation in words and in the picture', () => {
    const sizing = html.slice(html.indexOf('<section id="sizing"'), html.indexOf('<section id="settings"'));
    expect(titlesOf(sizing)[0]).toMatch(
      /^124,000 connections would need \d+ MiB ± \d+ and [\d.]+ cores ± [\d.]+, by extrapolation$/,
    );
    expect(sizing.match(/<span class="doubt">extrapolated<\/span>/g)).toHaveLength(2);
    expect(sizing.match(/<path class="line dashed t-server"/g)).toHaveLength(2);
    const widths = bandWidths(sizing);
    expect(widths).toHaveLength(4);
    expect(widths).toEqual([...new Set(widths)].sort((a, b) => a - b));
  });

  test('memory has its line, its interval and what is off it', () => {
    expect(titlesOf(html)).toContainEqual(
      expect.stringMatching(
        /^Each connection costs 5\.\d KiB of the target's memory \(5\.\d KiB to \d\.\d KiB\)$/,
      ),
    );
    expect(html).toMatch(/The loads lie within \d+ KiB of the line and show no bend\./);
    expect(html).toContain('kernel, for each connection');
  });

  test('a cost whose interval includes nothing at all is not told as one', () => {
    const record = capacities.bracketed();
    const sizing = record.sizing!;
    const resources = sizing.resources.map((model) =>
      model.resource === 'memory' ? { ...model, slope: { value: 15_000, low: -4000, high: 34_000 } } : model,
    );
    const vague = pageOf({ ...record, sizing: { ...sizing, resources } });
    expect(titlesOf(vague)).toContainEqual(
      expect.stringMatching(/^What one connection costs in memory cannot be told from these loads \(/),
    );
    expect(vague).not.toContain('15 KiB for each more');
  });

  test('sections with nothing to say are left out, and one load alone is no picture', () => {
    expect(idsOf(pageOf(capacities.nothingKnown()))).toEqual(['levels', 'settings', 'repeat']);
    expect(idsOf(pageOf(capacities.nothingTried()))).toEqual(['settings', 'repeat']);
    const one = pageOf(capacities.oneLevel());
    expect(idsOf(one)).toEqual(['levels', 'latency', 'processor', 'memory', 'settings', 'repeat']);
    expect(one.match(/<svg class="plot"/g)).toHaveLength(1);
  });

  test('hostile strings stay text', () => {
    const page = pageOf(capacities.hostileCapacity());
    expect(page).not.toContain('<img');
    expect(page).not.toContain('alert(1)</script>');
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u2028\u2029\u202a-\u202e]/);
    expect(page).toContain(HOSTILE.slice(0, 9).replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  });
});

/** Heights of the first band at its points, from the left. */
function bandWidths(html: string): number[] {
  const path = /<path class="interval" d="([^"]*)"/.exec(html)?.[1] ?? '';
  const ys = [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y));
  const half = ys.length / 2;
  return ys.slice(0, half).map((high, i) => Math.round(((ys[ys.length - 1 - i] ?? 0) - high) * 10) / 10);
}

describe('whatever a search leaves behind', () => {
  const amount = fc.oneof(
    fc.constant(0),
    fc.double({ min: 0, max: 1e12, noNaN: true }),
    fc.integer({ min: 1, max: 1000 }),
  );
  const known = fc.option(amount, { nil: null });
  const interval = fc.tuple(fc.double({ min: -1e9, max: 1e9, noNaN: true }), amount).map(([value, half]) => ({
    value,
    low: value - half,
    high: value + half,
  }));
  const oneTry = fc.record({
    passed: fc.boolean(),
    hasRun: fc.boolean(),
    achieved: known,
    p50Us: known,
    p99Us: known,
    rssBytes: known,
    cores: known,
    hottestThreadPercent: known,
  });
  const search = fc.record({
    vary: fc.constantFrom('connections', 'connect-rate', 'publish-rate', 'rooms'),
    outcome: fc.constantFrom(
      'bracketed',
      'at-least',
      'generator',
      'never-passed',
      'target-broken',
      'interrupted',
    ),
    levels: fc.array(
      fc.record({ load: fc.integer({ min: 0, max: 1e6 }), tries: fc.array(oneTry, { maxLength: 3 }) }),
      {
        maxLength: 8,
      },
    ),
    lastPass: fc.option(fc.integer({ min: 0, max: 1e6 }), { nil: null }),
    firstFail: fc.option(fc.integer({ min: 0, max: 1e6 }), { nil: null }),
    slope: fc.option(interval, { nil: null }),
    needed: fc.option(interval, { nil: null }),
    times: fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { maxLength: 4 }),
    usl: fc.option(interval, { nil: null }),
  });
  type Search = typeof search extends fc.Arbitrary<infer One> ? One : never;

  test('the page can be drawn, and holds no number that is none', () => {
    fc.assert(
      fc.property(search, (drawn) => {
        const markup = renderCapacity(recordFrom(drawn)).replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '');
        expect(markup).not.toMatch(/NaN|Infinity|undefined|\[object/);
      }),
      { numRuns: 150 },
    );
  });

  function recordFrom({ levels, slope, needed, times, usl, ...own }: Search): CapacityRecord {
    const base = capacities.bracketed();
    const figures = base.levels[0]?.tries[0]?.result ?? null;
    const loads = levels.map(({ load }) => load);
    const points = loads.map((load) => ({ load, value: load * 3 }));
    return {
      ...base,
      ...own,
      levels: levels.map(({ load, tries }) => ({
        load,
        verdict: tries.every(({ passed }) => passed) ? 'pass' : 'fail',
        tries: tries.map(({ passed, hasRun, achieved, p50Us, p99Us, ...target }, i) => ({
          order: i + 1,
          folder: `${i}`,
          passed,
          validity: null,
          failedThresholds: [],
          stoppedEarly: false,
          limits: [],
          result:
            figures === null || !hasRun
              ? null
              : {
                  ...figures,
                  achieved,
                  latencies: { 'echo.response': { count: 3, p50Us, p90Us: null, p99Us, maxUs: 7 } },
                  target: { ...figures.target, ...target },
                },
        })),
      })),
      sizing: {
        vary: own.vary,
        tested: { least: Math.min(0, ...loads), most: Math.max(0, ...loads) },
        resources: (['memory', 'cores'] as const).map((resource) => ({
          resource,
          unit: resource === 'memory' ? 'bytes' : 'cores',
          points,
          slope,
          base: needed ?? { value: 0, low: 0, high: 0 },
        })),
        throughput: usl === null ? null : { points, lambda: usl, sigma: usl, kappa: usl, peak: null },
        forecasts: times.map((factor) => ({
          load: Math.round(factor * 100),
          times: factor,
          extrapolated: factor > 2,
          memoryBytes: needed,
          kernelBytes: null,
          cores: needed,
        })),
        notes: [],
      },
    };
  }
});

describe('a knee', () => {
  const flat = (us: number, n: number) => Array.from({ length: n }, (_, i) => ({ load: i + 1, us }));

  test('is the first load from which on all are over twice what was before', () => {
    const points = [...flat(1000, 4), { load: 5, us: 2500 }, { load: 6, us: 9000 }];
    expect(kneeOf(points)).toEqual({ load: 5, us: 2500, beforeUs: 1000 });
  });

  test('is no single slow load, and nothing that two loads could tell', () => {
    expect(kneeOf([...flat(1000, 3), { load: 4, us: 5000 }, { load: 5, us: 1000 }])).toBeNull();
    expect(kneeOf([...flat(1000, 2), { load: 3, us: 9000 }])).toBeNull();
    expect(kneeOf([])).toBeNull();
  });

  test('lies where it lies whatever the unit', () => {
    const times = fc.array(fc.integer({ min: 1, max: 1e6 }), { maxLength: 30 });
    fc.assert(
      fc.property(times, fc.integer({ min: 2, max: 1000 }), (all, unit) => {
        const knee = (factor: number) => kneeOf(all.map((us, load) => ({ load, us: us * factor })));
        expect(knee(unit)?.load).toBe(knee(1)?.load);
      }),
    );
  });
});
