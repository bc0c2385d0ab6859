import * as hdr from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { percentileDistribution } from '../../src/metrics/histogram.js';
import { hgrmOfComparison, hgrmOfRun } from '../../src/report/formats/hgrm.js';
import { cases } from './cases.js';
import { hostileComparison, mixedComparison } from './comparisons/formats.js';
import { goodRun } from './fixture.js';
import { HOSTILE } from './hostile.js';
import { metricOf } from './samples.js';

interface Row {
  readonly value: number;
  readonly percentile: number;
  readonly total: number;
}

/** As a plotter reads it: four columns of which the last line has three, and the rest behind a hash. */
function parse(text: string): { readonly rows: readonly Row[]; readonly notes: Record<string, number> } {
  const [heading, empty, ...lines] = text.trimEnd().split('\n');
  expect(heading).toBe('       Value     Percentile TotalCount 1/(1-Percentile)');
  expect(empty).toBe('');
  const rows = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      expect(line).toMatch(/^ *\d+\.\d{3} [01]\.\d{12} +\d+( +\d+\.\d\d)?$/);
      const [value, percentile, total] = line.trim().split(/ +/).map(Number);
      return { value: value ?? Number.NaN, percentile: percentile ?? Number.NaN, total: total ?? Number.NaN };
    });
  const notes = [...text.matchAll(/(\w[\w ]*?) *= +([\d.]+)/g)].map(([, name, n]) => [name, Number(n)]);
  return { rows, notes: Object.fromEntries(notes) };
}

describe('percentile distributions', () => {
  test('of a run come back as its histograms, in ms', () => {
    const run = goodRun();
    const files = hgrmOfRun(run);
    expect(files.map(({ name }) => name)).toContain('heartbeat.response.hgrm');
    for (const { name, content } of files) {
      const metric = run.metrics[name.replace(/\.hgrm$/, '')];
      if (metric?.kind !== 'histogram') throw new Error(`${name} is of no histogram`);
      const { rows, notes } = parse(content);
      expect(rows.at(-1)).toMatchObject({ percentile: 1, total: metric.count });
      expect(notes['Total count']).toBe(metric.count);
      const histogram = hdr.decodeFromCompressedBase64(metric.encoded);
      for (const { value, percentile, total } of rows) {
        expect(value * 1000).toBeCloseTo(histogram.getValueAtPercentile(percentile * 100), 3);
        expect(total / metric.count).toBeGreaterThanOrEqual(percentile - 1e-9);
      }
    }
  });

  test('have a row for each fifth of what is left, as HdrHistogram prints them', () => {
    // What HdrHistogram prints of 100 values (github.com/HdrHistogram/hdrhistogram-go/issues/37), but for the values.
    const published = `      79.360 0.000000000000          1           1.00
      86.067 0.992187500000        100         128.00
      86.067 1.000000000000        100
#[Mean    =       80.964, StdDeviation   =        0.746]
#[Max     =       86.067, Total count    =          100]
#[Buckets =           26, SubBuckets     =         2048]`;
    const histogram = hdr.build({ numberOfSignificantValueDigits: 3, useWebAssembly: false });
    for (let i = 0; i < 100; i++) histogram.recordValue(79_360 + 60 * i);
    const printed = percentileDistribution(histogram, 1000);
    // Of each number only how wide its field is.
    const shape = (text: string) =>
      text.replace(/ *\d[\d.]*/g, (field) => '0'.repeat(field.length)).split('\n');
    expect(shape(printed)).toEqual(expect.arrayContaining(shape(published)));
    const levels = parse(printed).rows.map(({ percentile }) => percentile);
    expect(levels.slice(0, 9)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65]);
  });

  test('what is a number of times stays one', () => {
    const attempts = { ...metricOf([1, 2, 2, 3]), unit: 'count' } as const;
    const [file] = hgrmOfRun({ ...goodRun(), metrics: { 'recovery.attempts': attempts } });
    expect(parse(file?.content ?? '').notes.Max).toBe(3);
  });

  test('of a comparison are there for each curve and side', () => {
    const files = hgrmOfComparison(mixedComparison());
    expect(files.map(({ name }) => name)).toEqual([
      'heartbeat.response.baseline.hgrm',
      'heartbeat.response.candidate.hgrm',
    ]);
    for (const { content } of files) expect(parse(content).notes['Total count']).toBe(500);
  });

  test.each([HOSTILE, '../../etc/x', '/etc/x', '..', 'a/b', 'a\\b', '.hidden', 'a\u0000'])(
    'no name from outside becomes that of a file: %j',
    (text) => {
      expect(hgrmOfComparison(hostileComparison(text))).toEqual([]);
    },
  );

  test('metrics without samples have none', () => {
    expect(hgrmOfRun(cases.empty())).toEqual([]);
  });
});
