import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeHistogram,
  emptyHistogram,
  encodeHistogram,
  forEachRecorded,
  type Histogram,
  IntervalHistogram,
  percentile,
} from '../../src/metrics/histogram.js';

const HOUR_US = 3_600_000_000;
const samples = fc.array(fc.integer({ min: 0, max: HOUR_US }), { minLength: 1, maxLength: 200 });

function recorded(values: readonly number[]): Histogram {
  const interval = new IntervalHistogram();
  for (const us of values) interval.record(us);
  return decodeHistogram(interval.take()!.encoded);
}

/** Three significant digits: HDR keeps 2048 steps per power of two. */
const isClose = (actual: number, expected: number): boolean =>
  Math.abs(actual - expected) <= 1 + expected / 1000;

test('what is recorded comes back with its count, to three digits', () => {
  fc.assert(
    fc.property(samples, (values) => {
      const sorted = [...values].sort((a, b) => a - b);
      const walked: number[] = [];
      forEachRecorded(recorded(values), (us, count) => {
        for (let i = 0; i < count; i++) walked.push(us);
      });
      expect(walked).toHaveLength(values.length);
      expect(walked.every((us, i) => isClose(us, sorted[i]!))).toBe(true);
    }),
  );
});

test('a percentile is the sample that so many are not above', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 100_000_000 }), { minLength: 100, maxLength: 300 }),
      fc.constantFrom(0.5, 0.9, 0.99),
      (values, q) => {
        const sorted = [...values].sort((a, b) => a - b);
        const rank = Math.ceil(Number((q * values.length).toFixed(6)));
        expect(isClose(percentile(recorded(values), q)!, sorted[rank - 1]!)).toBe(true);
      },
    ),
  );
});

test('merged histograms are the histogram of all samples', () => {
  fc.assert(
    fc.property(samples, samples, (a, b) => {
      const merged = emptyHistogram();
      merged.add(recorded(a));
      merged.add(recorded(b));
      expect(encodeHistogram(merged)).toBe(encodeHistogram(recorded([...a, ...b])));
    }),
  );
});

test('a percentile q is given from 1 / (1 - q) samples on', () => {
  for (const [q, needed] of [
    [0.5, 2],
    [0.9, 10],
    [0.99, 100],
    [0.999, 1000],
    [0.9999, 10_000],
  ] as const) {
    const histogram = emptyHistogram();
    histogram.recordValueWithCount(500, needed - 1);
    expect(percentile(histogram, q)).toBeNull();
    histogram.recordValue(500);
    expect(percentile(histogram, q)).toBe(500);
  }
});

test('taking an interval begins the next one', () => {
  const interval = new IntervalHistogram();
  expect(interval.take()).toBeNull();
  interval.record(10);
  interval.recordCensored(20);
  const first = interval.take()!;
  expect(first.censored).toBe(1);
  expect(decodeHistogram(first.encoded).totalCount).toBe(2);
  expect(interval.take()).toBeNull();
  interval.record(30);
  const second = interval.take()!;
  expect(second.censored).toBe(0);
  expect(decodeHistogram(second.encoded).getValueAtPercentile(0)).toBe(30);
});

test('less than nothing is recorded as 0, more than an hour as an hour', () => {
  const histogram = recorded([-5, -0.1, 2 * HOUR_US, Number.POSITIVE_INFINITY]);
  expect(histogram.totalCount).toBe(4);
  expect(histogram.getValueAtPercentile(50)).toBe(0);
  expect(isClose(histogram.getValueAtPercentile(100), HOUR_US)).toBe(true);
});
