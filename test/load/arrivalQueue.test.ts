import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nowUs } from '../../src/clock.js';
import { ArrivalQueue } from '../../src/load/arrivalQueue.js';
import { Scheduler } from '../../src/load/scheduler.js';
import { identityOf, type Shard, shardPopulation } from '../../src/plan/shard.js';
import type { PopulationSpec } from '../../src/scenario/scenario.js';
import { population } from '../plan/scenarios.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'setImmediate'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const SHARDS = 3;

/** The queues of all shards of a population, and who arrived when, in ms from now. */
function queues(spec: PopulationSpec, shards = SHARDS) {
  const scheduler = new Scheduler();
  const startUs = nowUs();
  const arrivals: Array<{ identity: number; atMs: number }> = [];
  const all = Array.from({ length: shards }, (_, index) => {
    const part = shardPopulation(spec, 1, index, shards);
    const shard: Shard = { index, shards, faults: false, accountedShare: 1, seed: 1, populations: [part] };
    return new ArrivalQueue(shard, part, scheduler, (connection) =>
      arrivals.push({
        identity: identityOf(part, shards, connection),
        atMs: Math.floor((nowUs() - startUs) / 1000),
      }),
    );
  });
  function arrive(fromShare: number, toShare: number): void {
    const atUs = nowUs();
    for (const queue of all) queue.arrive(fromShare, toShare, atUs);
  }
  const identities = (): number[] => arrivals.map(({ identity }) => identity);
  return { all, arrive, arrivals, identities };
}

const ascending = (a: number, b: number): number => a - b;

test('the shards of a population let everybody arrive once, in turn, at the times of the whole', () => {
  const { all, arrive, arrivals, identities } = queues(
    population('p', 50, { arrive: { kind: 'over', overUs: 1_000_000 } }),
  );
  arrive(0, 1);
  vi.advanceTimersByTime(500);
  expect(all.some(({ isDone }) => isDone)).toBe(false);
  vi.advanceTimersByTime(600);
  expect(all.every(({ isDone }) => isDone)).toBe(true);
  expect(identities().sort(ascending)).toEqual([...Array(50).keys()]);
  expect(all.reduce((sum, { arrived }) => sum + arrived, 0)).toBe(50);
  for (const { identity, atMs } of arrivals) {
    expect(atMs - identity * 20).toBeGreaterThanOrEqual(0);
    expect(atMs - identity * 20).toBeLessThanOrEqual(2);
  }
});

test('a ramp in steps lets the next part arrive at each, and ends with everybody', () => {
  const { all, arrive, identities } = queues(
    population('p', 10, { arrive: { kind: 'rate', perSecond: 100, spacing: 'poisson' } }),
  );
  for (const [fromShare, toShare, arrived] of [
    [0, 0.25, 3],
    [0.25, 0.5, 5],
    [0.5, 1, 10],
  ] as const) {
    arrive(fromShare, toShare);
    vi.advanceTimersByTime(2000);
    expect(all.every(({ isDone }) => isDone)).toBe(true);
    expect(identities().sort(ascending)).toEqual([...Array(arrived).keys()]);
  }
});

test('each step begins at once with its first connection', () => {
  const { arrive, arrivals } = queues(
    population('p', 4, { arrive: { kind: 'over', overUs: 40_000_000 } }),
    1,
  );
  arrive(0, 0.5);
  vi.advanceTimersByTime(20_000);
  arrive(0.5, 1);
  vi.advanceTimersByTime(5);
  expect(arrivals.map(({ identity }) => identity)).toEqual([0, 1, 2]);
  expect(arrivals[2]!.atMs).toBeLessThanOrEqual(20_002);
});

test('nobody arrives after a stop', () => {
  const { all, arrive, identities } = queues(
    population('p', 10, { arrive: { kind: 'over', overUs: 1_000_000 } }),
    1,
  );
  arrive(0, 1);
  vi.advanceTimersByTime(350);
  all[0]!.stop();
  vi.advanceTimersByTime(5000);
  expect(identities()).toEqual([0, 1, 2, 3]);
  expect(all[0]!.isDone).toBe(true);
});

test('a shard without connections of a population is done at once', () => {
  const { all, arrive } = queues(population('p', 1));
  arrive(0, 1);
  expect(all.filter(({ isDone }) => isDone)).toHaveLength(2);
});
