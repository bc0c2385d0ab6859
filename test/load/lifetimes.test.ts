import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nowUs } from '../../src/clock.js';
import { Lifetimes } from '../../src/load/lifetimes.js';
import { Scheduler } from '../../src/load/scheduler.js';
import { randomAt } from '../../src/plan/random.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'setImmediate'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const MEAN_US = 100_000;

function lifetimes(connections: number) {
  const closed: Array<{ connection: number; atMs: number }> = [];
  const startUs = nowUs();
  const subject = new Lifetimes(
    connections,
    MEAN_US,
    new Scheduler(),
    (connection, purpose, k) => randomAt(1, 2, connection, purpose, k),
    (connection) => closed.push({ connection, atMs: (nowUs() - startUs) / 1000 }),
  );
  return { subject, closed };
}

test('every connection ends once, after the mean time on average', () => {
  const { subject, closed } = lifetimes(4000);
  for (let connection = 0; connection < 4000; connection++) subject.onReady(connection, nowUs());
  vi.advanceTimersByTime(5000);
  expect(new Set(closed.map(({ connection }) => connection)).size).toBe(4000);
  expect(closed).toHaveLength(4000);
  const meanMs = closed.reduce((sum, { atMs }) => sum + atMs, 0) / 4000;
  // The standard error of the mean is 1.6 ms; timers add 1 to 2 ms.
  expect(meanMs).toBeGreaterThan(92);
  expect(meanMs).toBeLessThan(110);
});

test('a connection whose time was up is to be opened again, one that broke is not', () => {
  const { subject, closed } = lifetimes(2);
  subject.onReady(0, nowUs());
  subject.onReady(1, nowUs());
  expect(subject.onClosed(1)).toBe(false);
  vi.advanceTimersByTime(5000);
  expect(closed.map(({ connection }) => connection)).toEqual([0]);
  expect(subject.onClosed(0)).toBe(true);
});

test('a time set for one life does not end the next, which has a time of its own', () => {
  const { subject, closed } = lifetimes(1);
  subject.onReady(0, nowUs());
  subject.onClosed(0);
  const againUs = nowUs();
  subject.onReady(0, againUs);
  vi.advanceTimersByTime(5000);
  expect(closed).toHaveLength(1);
  const drawn = (life: number): number => -Math.log(1 - randomAt(1, 2, 0, 2, life)) * (MEAN_US / 1000);
  expect(Math.abs(closed[0]!.atMs - drawn(1))).toBeLessThanOrEqual(2);
  expect(Math.abs(drawn(0) - drawn(1))).toBeGreaterThan(4);
});
