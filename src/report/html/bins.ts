/** Series made short enough for a page: several intervals of the record become one bin. */
import type { HistogramSeries, Series } from '../../result/types.js';

export interface Bins {
  /** Intervals of the record per bin. */
  readonly size: number;
  readonly ms: number;
  readonly count: number;
}

export function binsOf({ open, intervalMs }: Series, most: number): Bins {
  const size = Math.max(1, Math.ceil(open.length / most));
  return { size, ms: size * intervalMs, count: Math.ceil(open.length / size) };
}

/** Middles of the bins, in ms of the run. */
export function middles({ ms, count }: Bins): number[] {
  return Array.from({ length: count }, (_, i) => (i + 0.5) * ms);
}

/** Ends of the bins with the start of the run before them: for states, which are known at ends. */
export function ends({ ms, count }: Bins): number[] {
  return Array.from({ length: count + 1 }, (_, i) => i * ms);
}

/** The state at the end of each bin, zero at the start of the run. */
export function states(values: readonly number[], bins: Bins): number[] {
  return [0, ...each(values, bins, (part) => part.at(-1) ?? 0)];
}

/** Events per second. */
export function rates(values: readonly number[], bins: Bins, intervalMs: number): number[] {
  return each(values, bins, (part) => {
    const sum = part.reduce((total, value) => total + value, 0);
    return round((sum * 1000) / (part.length * intervalMs));
  });
}

/** The greatest of each bin; null where nothing is known. */
export function peaks(values: ReadonlyArray<number | null>, bins: Bins): Array<number | null> {
  return each(values, bins, (part) =>
    part.reduce(
      (most, value) => (value === null ? most : most === null ? value : Math.max(most, value)),
      null,
    ),
  );
}

function each<T, U>(values: readonly T[], { size, count }: Bins, reduce: (part: readonly T[]) => U): U[] {
  return Array.from({ length: count }, (_, i) => reduce(values.slice(i * size, (i + 1) * size)));
}

/** Percentiles of each bin, from merged counts: percentiles themselves cannot be averaged. */
export function percentiles(series: HistogramSeries, q: 0.5 | 0.99, bins: Bins): Array<number | null> {
  if (bins.size === 1) return [...(q === 0.5 ? series.p50 : series.p99)];
  return Array.from({ length: bins.count }, (_, i) =>
    percentileOf(mergedCounts(series, i * bins.size, (i + 1) * bins.size), series.buckets, q),
  );
}

/** Samples per bucket over intervals `from` to before `to`. */
export function mergedCounts(series: HistogramSeries, from: number, to: number): Map<number, number> {
  const merged = new Map<number, number>();
  for (const interval of series.counts.slice(from, to)) {
    for (let i = 0; i + 1 < interval.length; i += 2) {
      const bucket = interval[i] ?? 0;
      merged.set(bucket, (merged.get(bucket) ?? 0) + (interval[i + 1] ?? 0));
    }
  }
  return merged;
}

/** Within the bucket that share `q` of the samples reaches, as far into it as its samples say; null with fewer than 1 / (1 - q). */
function percentileOf(counts: Map<number, number>, buckets: readonly number[], q: number): number | null {
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  if (total * (1 - q) < 1 - 1e-9) return null;
  let below = 0;
  for (const [bucket, n] of [...counts].sort(([a], [b]) => a - b)) {
    if (below + n >= total * q) {
      const low = buckets[bucket] ?? 0;
      const high = buckets[bucket + 1] ?? low;
      const part = (total * q - below) / n;
      return Math.round(low > 0 ? low * (high / low) ** part : high * part);
    }
    below += n;
  }
  return null;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
