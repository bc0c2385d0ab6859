import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nowUs } from '../../src/clock.js';
import { ShardLoad } from '../../src/load/shardLoad.js';
import type { Snapshot } from '../../src/metrics/snapshot.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'setImmediate'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const SECOND_US = 1_000_000;

/** A shard without populations: what is left is its keeping of time. */
function emptyShard() {
  const startUs = nowUs();
  const snapshots: Snapshot[] = [];
  const heard: string[] = [];
  const load = new ShardLoad(
    { index: 0, shards: 1, seed: 1, faults: false, accountedShare: 1, populations: [] },
    [],
    [],
    { machine: 0, host: 0, worker: 0 },
    startUs,
    {
      onPublished() {},
      onUnaccounted() {},
      onSnapshot: (snapshot) => snapshots.push(snapshot),
      onEntered: (phase) => heard.push(`entered ${phase}`),
      onSettled: () => heard.push('settled'),
      onDrained() {
        heard.push('drained');
        load.stop();
      },
    },
  );
  const cuts = (): Array<[phase: string, fromUs: number, toUs: number]> =>
    snapshots.map(({ phase, fromUs, toUs }) => [phase, fromUs - startUs, toUs - startUs]);
  return { load, startUs, cuts, heard };
}

test('there is a snapshot every second, and phases cut it at the instant agreed', () => {
  const { load, startUs, cuts } = emptyShard();
  load.enter('ramp', 'ramp', startUs);
  vi.advanceTimersByTime(500);
  load.enter('hold', 'hold', startUs + 1.25 * SECOND_US);
  vi.advanceTimersByTime(1700);
  expect(cuts()).toEqual([
    ['ramp', 0, SECOND_US],
    ['ramp', SECOND_US, 1.25 * SECOND_US],
    ['hold', 1.25 * SECOND_US, 2 * SECOND_US],
  ]);
  load.stop();
});

test('a thread that hears of two phases before the first begins takes them in turn', () => {
  const { load, startUs, cuts } = emptyShard();
  load.enter('ramp', 'ramp', startUs);
  vi.advanceTimersByTime(10);
  load.enter('hold', 'hold', startUs + 200_000);
  load.enter('drain', 'drain', startUs + 300_000);
  vi.advanceTimersByTime(1100);
  expect(cuts()).toEqual([
    ['ramp', 0, 200_000],
    ['hold', 200_000, 300_000],
    ['drain', 300_000, SECOND_US],
  ]);
  load.stop();
});

test('an arrival of nobody is settled, a drain of nobody is over, and nothing is reported after that', () => {
  const { load, startUs, cuts, heard } = emptyShard();
  load.enter('ramp', 'ramp', startUs);
  load.arrive(0, 1, startUs);
  vi.advanceTimersByTime(10);
  expect(heard).toEqual(['entered ramp', 'settled']);
  load.drain(startUs + 5 * SECOND_US);
  vi.advanceTimersByTime(10);
  expect(heard).toEqual(['entered ramp', 'settled', 'drained']);
  const reported = cuts().length;
  vi.advanceTimersByTime(5000);
  expect(cuts()).toHaveLength(reported);
  expect(vi.getTimerCount()).toBe(0);
});
