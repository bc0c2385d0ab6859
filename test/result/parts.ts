import { emptyHistogram, encodeHistogram } from '../../src/metrics/histogram.js';
import type { EncodedHistogram, Snapshot } from '../../src/metrics/snapshot.js';
import { SECOND_US, START_US } from './runs.js';

/** The snapshot of worker 0 about the whole of a second, with what the test adds. */
export function second(index: number, given: Partial<Snapshot> = {}): Snapshot {
  return {
    v: 1,
    source: { machine: 0, host: 0, worker: 0 },
    seq: index,
    fromUs: START_US + index * SECOND_US,
    toUs: START_US + (index + 1) * SECOND_US,
    phase: 'hold',
    counters: {},
    values: {},
    histograms: {},
    closes: [],
    failures: [],
    bins: {},
    ...given,
  };
}

/** `count` samples of each value. */
export function samples(count: number, ...values: readonly number[]): EncodedHistogram {
  const histogram = emptyHistogram();
  for (const us of values) histogram.recordValueWithCount(us, count);
  return { encoded: encodeHistogram(histogram), censored: 0 };
}
