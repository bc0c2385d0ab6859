import { expect, test } from 'vitest';
import type { Snapshot } from '../../src/metrics/snapshot.js';
import { Accumulator } from '../../src/result/accumulator.js';
import { samples, second } from './parts.js';
import { SECOND_US, START_US } from './runs.js';

const WORKERS = 2;
const sourceOf = (worker: number) => ({ machine: 0, host: 0, worker });

/** What the HTTP requests beside the run report of a second, with what the test adds. */
function beside(index: number, given: Partial<Snapshot> = {}): Snapshot {
  return second(index, {
    source: sourceOf(WORKERS),
    counters: { '/http.requests': 10 },
    histograms: { '/http.response': samples(10, 300) },
    ...given,
  });
}

function worker(index: number, number: number): Snapshot {
  const values = { open: 5, eventLoopUtilization: 0.5, cpuPercent: 40, rssBytes: 1e8 };
  return second(index, { source: sourceOf(number), values });
}

function add(accumulator: Accumulator, ...snapshots: readonly Snapshot[]): void {
  for (const snapshot of snapshots) accumulator.add(snapshot);
}

test('what is measured beside the run counts in all and per phase, and belongs to no population and no worker', () => {
  const both = new Accumulator(START_US, WORKERS);
  const alone = new Accumulator(START_US, WORKERS);
  for (const index of [0, 1, 2]) {
    add(both, worker(index, 0), beside(index), worker(index, 1));
    add(alone, worker(index, 0), worker(index, 1));
  }
  both.finish();
  alone.finish();

  for (const group of [both.total, both.phases.get('hold')!]) {
    expect(group.all.counter('http.requests')).toBe(30);
    expect(group.all.histogram('http.response')?.totalCount).toBe(30);
    expect([...group.populations.keys()]).toEqual([]);
  }
  const { histograms, ...series } = both.intervals.toSeries();
  const { histograms: none, ...expected } = alone.intervals.toSeries();
  expect(series).toEqual(expected);
  expect(none).toEqual({});
  expect(histograms['http.response']?.p50).toEqual([null, null, null].map(() => expect.any(Number)));
  expect(both.workers).toEqual(alone.workers);
  expect(both.cpuUs).toEqual(alone.cpuUs);
});

test('a second is summarised when the requests beside it are reported too, both parts of it', () => {
  const accumulator = new Accumulator(START_US, WORKERS);
  const half = START_US + 1.5 * SECOND_US;
  add(accumulator, beside(0), worker(0, 0), worker(0, 1));
  add(accumulator, beside(1, { toUs: half, histograms: { '/http.response': samples(60, 300) } }));
  add(accumulator, worker(1, 0), worker(1, 1));
  expect(accumulator.reportedUntilUs()).toBe(START_US + 2 * SECOND_US);
  expect(accumulator.intervals.summary('http.response', 1)).toBeUndefined();

  add(
    accumulator,
    beside(1, { seq: 2, fromUs: half, histograms: { '/http.response': samples(60, 9000) }, phase: 'fault' }),
  );
  const counts = accumulator.intervals.summary('http.response', 1)?.counts.filter((_, i) => i % 2 === 1);
  expect(counts).toEqual([60, 60]);
});

test('a second that the workers had reported before anything came from beside is summarised all the same', () => {
  const accumulator = new Accumulator(START_US, WORKERS);
  add(accumulator, worker(0, 0), worker(0, 1), beside(0));
  expect(accumulator.intervals.summary('http.response', 0)?.roughP50).toBe(300);
});

test('when the thread beside the run has died, the seconds after it are summarised without it', () => {
  const accumulator = new Accumulator(START_US, WORKERS);
  const busy = (index: number, number: number): Snapshot => ({
    ...worker(index, number),
    histograms: { 'clients/echo.response': samples(10, 500) },
  });
  add(accumulator, beside(0), busy(0, 0), busy(0, 1), busy(1, 0), busy(1, 1));
  expect(accumulator.intervals.summary('echo.response', 1)).toBeUndefined();
  accumulator.workerDied(WORKERS);
  add(accumulator, busy(2, 0), busy(2, 1));
  expect(accumulator.intervals.summary('echo.response', 1)?.roughP50).toBe(500);
  expect(accumulator.workers.map(({ died }) => died)).toEqual([false, false]);
});
