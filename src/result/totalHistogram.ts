import {
  emptyHistogram,
  encodeHistogram,
  forEachRecorded,
  type Histogram,
  percentile,
} from '../metrics/histogram.js';
import type { HistogramMetric } from './types.js';

/** Adds up intervals: merged, never averaged. */
export class TotalHistogram {
  readonly histogram: Histogram = emptyHistogram();
  censored = 0;

  add(interval: Histogram, censored: number): void {
    this.histogram.add(interval);
    this.censored += censored;
  }

  toMetric(unit: HistogramMetric['unit']): HistogramMetric {
    const { histogram, censored } = this;
    const empty = histogram.totalCount === 0;
    return {
      kind: 'histogram',
      unit,
      count: histogram.totalCount,
      censored,
      min: empty ? null : histogram.getValueAtPercentile(0),
      mean: empty ? null : Math.round(meanOf(histogram) * 10) / 10,
      max: empty ? null : histogram.maxValue,
      p50: percentile(histogram, 0.5),
      p90: percentile(histogram, 0.9),
      p99: percentile(histogram, 0.99),
      p999: percentile(histogram, 0.999),
      encoded: encodeHistogram(histogram),
    };
  }
}

/** The library's own `mean` gives the same and takes thirty times as long: seconds at the end of a large run. */
function meanOf(histogram: Histogram): number {
  let sum = 0;
  forEachRecorded(histogram, (us, count) => {
    sum += us * count;
  });
  return sum / histogram.totalCount;
}
