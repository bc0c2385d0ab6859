import { describe, expect, test } from 'vitest';
import { linearAxis, logAxis, position, rangeAxis, timeTicks } from '../../src/report/html/axis.js';
import { binsOf, ends, middles, peaks, percentiles, rates, states } from '../../src/report/html/bins.js';
import { spread } from '../../src/report/html/labels.js';
import { residuals } from '../../src/report/html/sections/memory.js';
import type { Series } from '../../src/result/types.js';
import { oneHour } from './cases.js';
import { goodRun } from './fixture.js';
import { latencyUs, metricOf, random, seriesOf } from './samples.js';

function seriesOfLength(length: number): Series {
  return { ...goodRun().series, open: Array.from({ length }, (_, i) => i) };
}

describe('series made short', () => {
  test('a short series keeps every interval', () => {
    expect(binsOf(seriesOfLength(48), 240)).toEqual({ size: 1, ms: 1000, count: 48 });
  });

  test('bins cover all of a long one, the last perhaps in part', () => {
    const bins = binsOf(seriesOfLength(1000), 240);
    expect(bins).toEqual({ size: 5, ms: 5000, count: 200 });
    expect(binsOf(seriesOfLength(1001), 240).count).toBe(201);
    expect(middles(bins)[0]).toBe(2500);
    expect(ends(bins).at(-1)).toBe(1_000_000);
  });

  test('states are those at the ends, rates are means, peaks are kept', () => {
    const bins = { size: 2, ms: 2000, count: 3 };
    expect(states([1, 2, 3, 4, 5], bins)).toEqual([0, 2, 4, 5]);
    expect(rates([10, 20, 30, 40, 50], bins, 1000)).toEqual([15, 35, 50]);
    expect(peaks([1, null, null, null, 9], bins)).toEqual([1, null, 9]);
  });

  test('events per bin sum to the events of the run', () => {
    const { series } = oneHour();
    const bins = binsOf(series, 400);
    const perBin = rates(series.messagesSent, bins, series.intervalMs);
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expect(sum(perBin) * (bins.ms / 1000)).toBeCloseTo(sum(series.messagesSent), -2);
  });

  test('percentiles of bins are those of all their samples together, to within a bucket', () => {
    const rng = random(7);
    const perInterval = Array.from({ length: 10 }, (_, i) =>
      Array.from({ length: 200 }, () => latencyUs(i < 9 ? 1000 : 20_000, rng)),
    );
    const exact = metricOf(perInterval.flat());
    const [p50] = percentiles(seriesOf(perInterval), 0.5, { size: 10, ms: 10_000, count: 1 });
    const [p99] = percentiles(seriesOf(perInterval), 0.99, { size: 10, ms: 10_000, count: 1 });
    expect((p50 ?? 0) / (exact.p50 ?? 1)).toBeCloseTo(1, 0);
    expect((p99 ?? 0) / (exact.p99 ?? 1)).toBeGreaterThan(0.77);
    expect((p99 ?? 0) / (exact.p99 ?? 1)).toBeLessThan(1.3);
  });

  test('a percentile that the samples cannot carry stays unknown', () => {
    const few = seriesOf([[100], [200], [300]]);
    expect(percentiles(few, 0.99, { size: 3, ms: 3000, count: 1 })).toEqual([null]);
  });
});

describe('axes', () => {
  test('a linear axis goes from zero to a round number that holds all', () => {
    expect(linearAxis(1000, 'count').ticks).toEqual([0, 500, 1000]);
    expect(linearAxis(0, 'count').ticks).toEqual([0, 1]);
    expect(linearAxis(56 * 2 ** 20, 'bytes').max).toBe(64 * 2 ** 20);
    for (const greatest of [1, 7, 99, 12_345, 1e6]) {
      expect(linearAxis(greatest, 'count').max).toBeGreaterThanOrEqual(greatest);
    }
  });

  test('a range axis holds its values between round numbers', () => {
    const axis = rangeAxis(49.6 * 2 ** 20, 55.5 * 2 ** 20, 'bytes');
    expect([axis.min / 2 ** 20, axis.max / 2 ** 20]).toEqual([48, 56]);
  });

  test('a log axis gives each decade the same room, and keeps what is beyond on its ends', () => {
    const axis = logAxis(10, 100_000, 'us');
    expect([10, 1000, 100_000].map((us) => position(axis, us))).toEqual([0, 0.5, 1]);
    expect([0, 1e9].map((us) => position(axis, us))).toEqual([0, 1]);
  });

  test('ticks of time are round and few, whatever the length', () => {
    expect(timeTicks(0, 3000, 6)).toEqual([0, 1000, 2000, 3000]);
    expect(timeTicks(0, 3_600_000, 6)).toHaveLength(7);
    for (const span of [500, 48_000, 600_000, 10_800_000, 1e9]) {
      expect(timeTicks(0, span, 6).length).toBeLessThanOrEqual(7);
    }
  });

  test('labels are pushed apart and kept inside', () => {
    expect(spread([10, 12, 90], 15, 100)).toEqual([10, 25, 90]);
    expect(spread([98, 99], 15, 100)).toEqual([85, 100]);
  });
});

describe('what the plateaus say', () => {
  const fit = goodRun().target.memoryPerConnection;
  const bent = (bend: (share: number) => number) => {
    if (fit === null) throw new Error('the run has no fit');
    const points = Array.from({ length: 12 }, (_, i) => ({
      open: i * 100,
      rssBytes: fit.baseBytes + fit.bytes * i * 100 + bend(i / 11) * 1e6,
    }));
    return residuals({ ...fit, points });
  };

  test('a line is a line', () => {
    expect(bent(() => 0)).toMatch(/show no bend\.$/);
    expect(bent((share) => Math.sin(share * 60))).toMatch(/show no bend\.$/);
  });

  test('a bend is told by its direction', () => {
    expect(bent((share) => (share - 0.5) ** 2 - 0.08)).toContain('bend upwards');
    expect(bent((share) => 0.08 - (share - 0.5) ** 2)).toContain('bend downwards');
  });
});
