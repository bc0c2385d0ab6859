import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHistogram } from '../../src/metrics/histogram.js';
import { Accumulator } from '../../src/result/accumulator.js';
import { buildResult } from '../../src/result/build.js';
import type { Metric, Metrics } from '../../src/result/types.js';
import { factsOf, runs, SECOND_US, START_US } from './runs.js';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function counterIn(metrics: Metrics, name: string): number {
  const metric = metrics[name];
  return metric?.kind === 'counter' ? metric.value : 0;
}

function countOf(metric: Metric | undefined): number {
  return metric?.kind === 'histogram' ? metric.count : 0;
}

test('snapshots in any order and more than once give the same record', () => {
  const shuffled = runs.chain((run) => {
    const { snapshots } = run;
    return fc
      .tuple(
        fc.shuffledSubarray([...snapshots, ...snapshots], { minLength: snapshots.length }),
        fc.shuffledSubarray([...snapshots], { minLength: snapshots.length }),
      )
      .map(([some, all]) => ({ run, order: [...some, ...all] }));
  });
  fc.assert(
    fc.property(shuffled, ({ run, order }) => {
      expect(buildResult(factsOf(run, order))).toEqual(buildResult(factsOf(run)));
    }),
    { numRuns: 40 },
  );
});

test('the intervals sum to the totals', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { metrics, series, closes } = buildResult(factsOf(run));
      expect(sum(series.attempts)).toBe(counterIn(metrics, 'connections.attempted'));
      expect(sum(series.opens)).toBe(counterIn(metrics, 'connections.opened'));
      expect(sum(series.failures)).toBe(counterIn(metrics, 'connections.failed'));
      expect(sum(series.messagesSent)).toBe(counterIn(metrics, 'messages.sent'));
      expect(sum(series.closes)).toBe(sum(closes.map(({ count }) => count)));
      for (const name of ['echo.response', 'echo.sendLag']) {
        const counts = series.histograms[name]!.counts.flatMap((list) => list.filter((_, i) => i % 2 === 1));
        expect(sum(counts)).toBe(countOf(metrics[name]));
      }
    }),
    { numRuns: 25 },
  );
});

test('the phases, and the populations, sum to the totals', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { metrics, phases, populations } = buildResult(factsOf(run));
      const parts = [
        phases.map((phase) => phase.metrics),
        phases.flatMap((phase) => Object.values(phase.populations)),
        Object.values(populations).map((population) => population.metrics),
      ];
      for (const part of parts) {
        for (const name of ['connections.opened', 'messages.sent']) {
          expect(sum(part.map((of) => counterIn(of, name)))).toBe(counterIn(metrics, name));
        }
        expect(sum(part.map((of) => countOf(of['echo.response'])))).toBe(countOf(metrics['echo.response']));
      }
    }),
    { numRuns: 25 },
  );
});

test('every series has an entry for every second', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { intervalMs, histograms, ...lists } = buildResult(factsOf(run)).series;
      expect(intervalMs).toBe(1000);
      for (const list of Object.values(lists)) expect(list).toHaveLength(run.seconds);
      for (const { counts, p50, p99 } of Object.values(histograms)) {
        expect([counts.length, p50.length, p99.length]).toEqual([run.seconds, run.seconds, run.seconds]);
      }
    }),
    { numRuns: 25 },
  );
});

test('a sample stands in the heatmap bucket that it lies in', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { metrics, series } = buildResult(factsOf(run));
      const response = metrics['echo.response'];
      if (response?.kind !== 'histogram' || response.count === 0) return;
      const { buckets, counts } = series.histograms['echo.response']!;
      const filled = counts.flatMap((list) => list.filter((_, i) => i % 2 === 0)).sort((a, b) => a - b);
      const histogram = decodeHistogram(response.encoded);
      // To the three digits that a histogram keeps.
      expect(buckets[filled[0]!]!).toBeLessThanOrEqual(1.001 * histogram.getValueAtPercentile(0) + 1);
      expect(buckets[filled.at(-1)! + 1] ?? Infinity).toBeGreaterThan(0.999 * response.max! - 1);
    }),
    { numRuns: 25 },
  );
});

test('the open connections of a worker stand until its next report, and are gone with the worker', () => {
  const accumulator = new Accumulator(START_US, 2);
  const report = (worker: number, seq: number, from: number, open: number): void =>
    accumulator.add({
      v: 1,
      source: { machine: 0, host: 0, worker },
      seq,
      fromUs: START_US + from * SECOND_US,
      toUs: START_US + (from + 1) * SECOND_US,
      phase: 'hold',
      counters: {},
      values: { open },
      histograms: {},
      closes: [],
      failures: [],
      bins: {},
    });
  report(0, 0, 0, 10);
  report(0, 1, 1, 11);
  report(0, 2, 2, 12);
  report(0, 3, 3, 13);
  report(1, 0, 0, 100);
  report(1, 1, 2, 200);
  accumulator.workerDied(1);
  accumulator.finish();
  expect(accumulator.intervals.toSeries().open).toEqual([110, 111, 212, 13]);
});
