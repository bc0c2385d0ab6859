import type { RunResult } from '../../../result/types.js';
import { type Bins, mergedCounts } from '../bins.js';

/** Deliveries per second in each bin, to all members. */
export function deliveryRates({ series }: RunResult, bins: Bins): number[] {
  const times = series.histograms['broadcast.delivery'];
  return Array.from({ length: bins.count }, (_, i) => {
    if (times === undefined) return 0;
    const from = i * bins.size;
    const counts = mergedCounts(times, from, from + bins.size);
    const intervals = Math.max(1, Math.min(bins.size, series.open.length - from));
    const sum = [...counts.values()].reduce((total, n) => total + n, 0);
    return Number(((sum * 1000) / (intervals * series.intervalMs)).toPrecision(4));
  });
}
