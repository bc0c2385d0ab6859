/** Histograms and series as a run would leave them, from a fixed sequence of pseudo-random numbers. */
import * as hdr from 'hdr-histogram-js';
import type { HistogramMetric, HistogramSeries } from '../../src/result/types.js';

export type Random = () => number;

/** The same numbers every time (mulberry32). */
export function random(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Latencies are skewed: log-normal about `medianUs`, with a rare slow tail. */
export function latencyUs(medianUs: number, rng: Random, spread = 0.35): number {
  const normal = Math.sqrt(-2 * Math.log(rng() + 1e-12)) * Math.cos(2 * Math.PI * rng());
  const tail = rng() < 0.004 ? 3 + rng() * 6 : 1;
  return Math.max(1, Math.round(medianUs * Math.exp(normal * spread) * tail));
}

/** @param each How many each of the samples stands for. */
export function metricOf(samples: readonly number[], censored = 0, each = 1): HistogramMetric {
  const histogram = hdr.build({
    bitBucketSize: 32,
    numberOfSignificantValueDigits: 3,
    highestTrackableValue: 3.6e9,
  });
  for (const us of samples) histogram.recordValueWithCount(us, each);
  const n = samples.length * each;
  const at = (q: number) => (n * (1 - q) >= 1 - 1e-9 ? histogram.getValueAtPercentile(q * 100) : null);
  return {
    kind: 'histogram',
    unit: 'us',
    count: n,
    censored,
    min: n === 0 ? null : samples.reduce((a, b) => Math.min(a, b)),
    mean: n === 0 ? null : histogram.mean,
    max: n === 0 ? null : samples.reduce((a, b) => Math.max(a, b)),
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    p999: at(0.999),
    encoded: hdr.encodeIntoCompressedBase64(histogram),
  };
}

const BUCKETS = [0, ...Array.from({ length: 72 }, (_, i) => Math.round(10 * 10 ** (i / 10)))];

/** One list of samples per interval; each of them stands for so many. */
export function seriesOf(perInterval: ReadonlyArray<readonly number[]>, each = 1): HistogramSeries {
  const at = (sorted: readonly number[], q: number) =>
    sorted.length * each * (1 - q) < 1 - 1e-9 ? null : (sorted[Math.ceil(sorted.length * q) - 1] ?? null);
  const sorted = perInterval.map((samples) => [...samples].sort((a, b) => a - b));
  return {
    unit: 'us',
    buckets: BUCKETS,
    counts: sorted.map((samples) => {
      const counts = new Map<number, number>();
      for (const us of samples) {
        const bucket = BUCKETS.findLastIndex((edge) => edge <= us);
        counts.set(bucket, (counts.get(bucket) ?? 0) + each);
      }
      return [...counts].flat();
    }),
    p50: sorted.map((samples) => at(samples, 0.5)),
    p99: sorted.map((samples) => at(samples, 0.99)),
  };
}
