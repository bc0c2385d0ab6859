import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forEachRecorded } from '../../src/metrics/histogram.js';
import { LATENCY_RESOLUTION } from '../../src/metrics/latencyBuckets.js';
import type { FanOutDelta, Snapshot } from '../../src/metrics/snapshot.js';
import { Accumulator } from '../../src/result/accumulator.js';
import { buildBroadcast } from '../../src/result/buildBroadcast.js';
import type { MetricSet } from '../../src/result/metricSet.js';
import {
  accumulated,
  broadcastFacts,
  broadcasts,
  inOneWorker,
  type MadeUpBroadcast,
  snapshotsOf,
  truthOf,
} from './broadcasts.js';
import { second } from './parts.js';
import { PHASES, SECOND_US, START_US } from './runs.js';

const NAMES = ['first', 'median', 'last'] as const;

/** Values are the middle of what a histogram of three digits tells apart. */
const HISTOGRAM_RESOLUTION = 0.001;

/** A broadcast with its snapshots in any order, some of them twice. */
const shuffled = broadcasts.chain((broadcast) => {
  const snapshots = snapshotsOf(broadcast);
  return fc
    .tuple(fc.shuffledSubarray(snapshots), fc.shuffledSubarray(snapshots, { minLength: snapshots.length }))
    .map(([some, all]) => ({ broadcast, snapshots: [...some, ...all] }));
});

/** Every sample, ascending. */
function samplesOf(metrics: MetricSet | undefined, name: (typeof NAMES)[number]): number[] {
  const histogram = metrics?.histogram(`broadcast.${name}`);
  const samples: number[] = [];
  if (histogram)
    forEachRecorded(histogram, (us, count) => samples.push(...new Array<number>(count).fill(us)));
  return samples;
}

function expectClose(samples: readonly number[], truth: readonly number[], resolution: number): void {
  expect(samples).toHaveLength(truth.length);
  [...truth]
    .sort((a, b) => a - b)
    .forEach((us, i) => {
      expect(Math.abs(samples[i]! - us)).toBeLessThanOrEqual(resolution * us + 1);
    });
}

const phaseOf = ({ phaseStarts }: MadeUpBroadcast, us: number): string =>
  PHASES[phaseStarts.filter((start) => start <= us).length]!.name;

describe('what workers tell of messages', () => {
  test('adds up to what is found by looking at every receipt, in all and by phase', () => {
    fc.assert(
      fc.property(shuffled, ({ broadcast, snapshots }) => {
        const { total, phases } = accumulated(broadcast.workers, snapshots);
        const truth = truthOf(broadcast);
        for (const [metrics, those] of [
          [total.all, truth] as const,
          ...PHASES.map(({ name }) => {
            const due = truth.filter(({ message }) => phaseOf(broadcast, message.dueUs) === name);
            return [phases.get(name)?.all, due] as const;
          }),
        ]) {
          const complete = those.filter((message) => message.complete).length;
          expect(metrics?.counter('broadcast.complete') ?? 0).toBe(complete);
          expect(metrics?.counter('broadcast.incomplete') ?? 0).toBe(those.length - complete);
          expectClose(
            samplesOf(metrics, 'first'),
            those.map(({ firstUs }) => firstUs),
            HISTOGRAM_RESOLUTION,
          );
          expectClose(
            samplesOf(metrics, 'last'),
            those.map(({ lastUs }) => lastUs),
            HISTOGRAM_RESOLUTION,
          );
          expectClose(
            samplesOf(metrics, 'median'),
            those.map(({ medianUs }) => medianUs),
            HISTOGRAM_RESOLUTION + LATENCY_RESOLUTION,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is the same on one worker and on many: exactly, the median to its resolution', () => {
    fc.assert(
      fc.property(shuffled, ({ broadcast, snapshots }) => {
        const many = accumulated(broadcast.workers, snapshots);
        const one = accumulated(1, snapshotsOf(inOneWorker(broadcast)));
        for (const name of ['first', 'last'] as const) {
          expect(samplesOf(many.total.all, name)).toEqual(samplesOf(one.total.all, name));
        }
        expectClose(
          samplesOf(many.total.all, 'median'),
          samplesOf(one.total.all, 'median'),
          2 * HISTOGRAM_RESOLUTION + LATENCY_RESOLUTION,
        );
        const { medianP50Us: _, ...series } = buildBroadcast(broadcastFacts(), many).perSecond;
        expect(buildBroadcast(broadcastFacts(), one).perSecond).toMatchObject(series);
      }),
      { numRuns: 40 },
    );
  });

  test('stands in the second in which the message was due', () => {
    fc.assert(
      fc.property(shuffled, ({ broadcast, snapshots }) => {
        const { perSecond } = buildBroadcast(broadcastFacts(), accumulated(broadcast.workers, snapshots));
        const truth = truthOf(broadcast);
        perSecond.messages.forEach((messages, index) => {
          const due = truth.filter(({ message }) => Math.floor(message.dueUs / SECOND_US) === index);
          expect(messages).toBe(due.length);
          expect(perSecond.complete[index]).toBe(due.filter(({ complete }) => complete).length);
          const slowest = due.length === 0 ? null : Math.max(...due.map(({ lastUs }) => lastUs));
          expect(perSecond.lastMaxUs[index]).toBe(slowest);
          const fastest = Math.min(...due.map(({ firstUs }) => firstUs));
          if (due.length === 1) expectClose([perSecond.firstP50Us[index]!], [fastest], HISTOGRAM_RESOLUTION);
          if (due.length === 0) expect(perSecond.firstP50Us[index]).toBeNull();
        });
      }),
      { numRuns: 25 },
    );
  });
});

const part = (given: Partial<FanOutDelta> = {}): FanOutDelta => ({
  publisher: 1,
  sequence: 0,
  dueUs: 500_000,
  members: 2,
  heard: 1,
  firstUs: 1000,
  lastUs: 3000,
  medianUs: null,
  latencies: [],
  ...given,
});

function told(worker: number, index: number, ...fanOuts: FanOutDelta[]): Snapshot {
  return second(index, { source: { machine: 0, host: 0, worker }, fanOuts });
}

/** Both workers report `seconds` seconds, the first of which tell of `fanOuts`. */
function reported(seconds: number, ...fanOuts: readonly FanOutDelta[]): Accumulator {
  const accumulator = new Accumulator(START_US, 2);
  for (let index = 0; index < seconds; index++) {
    for (const worker of [0, 1]) {
      const own = fanOuts[worker];
      accumulator.add(told(worker, index, ...(index === 0 && own !== undefined ? [own] : [])));
    }
  }
  return accumulator;
}

const messagesIn = ({ total }: Accumulator): string =>
  `${total.all.counter('broadcast.complete')} complete, ${total.all.counter('broadcast.incomplete')} not`;

describe('a message', () => {
  test('is finished when no worker can tell more of it, not at the end of the run', () => {
    expect(messagesIn(reported(21, part(), part()))).toBe('0 complete, 0 not');
    expect(messagesIn(reported(22, part(), part()))).toBe('1 complete, 0 not');
    expect(messagesIn(reported(22, part()))).toBe('0 complete, 1 not');
  });

  test('that is finished is forgotten: what is told of it later changes nothing', () => {
    const accumulator = reported(22, part());
    accumulator.add(told(0, 22, part({ firstUs: 1, lastUs: 9_000_000 })));
    accumulator.add(told(1, 22));
    accumulator.finish();
    expect(messagesIn(accumulator)).toBe('0 complete, 1 not');
    expect(samplesOf(accumulator.total.all, 'last')).toHaveLength(1);
    expect(accumulator.fanOuts.countsIn(0)).toEqual({ messages: 1, complete: 0, lastMaxUs: 3000 });
  });

  test('waits for a worker that is behind, and for none that has died', () => {
    const accumulator = new Accumulator(START_US, 2);
    for (let index = 0; index < 30; index++)
      accumulator.add(told(0, index, ...(index === 0 ? [part()] : [])));
    accumulator.add(told(1, 1, part()));
    expect(messagesIn(accumulator)).toBe('0 complete, 0 not');
    accumulator.workerDied(1);
    accumulator.add(told(0, 30));
    expect(messagesIn(accumulator)).toBe('1 complete, 0 not');
  });

  test('of the last seconds is finished with the run', () => {
    const accumulator = reported(1, part(), part());
    accumulator.finish();
    expect(messagesIn(accumulator)).toBe('1 complete, 0 not');
  });

  test('is told from those with the same sequence number of other publishers', () => {
    const accumulator = reported(22, part(), part({ publisher: 2 }));
    expect(messagesIn(accumulator)).toBe('0 complete, 2 not');
  });

  test('has the lower of two medians, and none where nobody knows it', () => {
    const buckets = (...us: number[]) => us.flatMap((each) => [each, 1]);
    const known = reported(22, part({ latencies: buckets(10, 30) }), part({ latencies: buckets(20, 40) }));
    expect(samplesOf(known.total.all, 'median')).toEqual([20]);
    const odd = reported(22, part({ latencies: buckets(10, 30) }), part({ latencies: [5, 3] }));
    expect(samplesOf(odd.total.all, 'median')).toEqual([5]);
    const exact = reported(22, part({ medianUs: 77 }));
    expect(samplesOf(exact.total.all, 'median')).toEqual([77]);
    expect(samplesOf(reported(22, part()).total.all, 'median')).toEqual([]);
  });
});

test('the late report of a phase that began earlier counts its messages in that phase', () => {
  const accumulator = new Accumulator(START_US, 1);
  accumulator.add(second(0, { phase: 'ramp', fanOuts: [part({ dueUs: 950_000, members: 1 })] }));
  // The worker heard at 1 s that the phase had begun at 0.9 s.
  const beganUs = START_US + 900_000;
  accumulator.add(second(1, { phase: 'ramp', fromUs: START_US + SECOND_US, toUs: beganUs }));
  accumulator.add({ ...second(1, { phase: 'hold', fromUs: beganUs }), seq: 2 });
  accumulator.finish();
  expect(accumulator.phases.get('hold')?.all.counter('broadcast.complete')).toBe(1);
  expect(accumulator.phases.get('ramp')?.all.counter('broadcast.complete')).toBe(0);
});
