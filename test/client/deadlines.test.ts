import { afterEach, expect, test, vi } from 'vitest';
import { Deadlines } from '../../src/client/deadlines.js';

afterEach(() => {
  vi.useRealTimers();
});

test('deadlines expire in the order of their start, none too early, the cancelled never', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const expired: [item: number, atMs: number][] = [];
  const startMs = performance.now();
  const deadlines = new Deadlines<number>(100_000, (item) => {
    expired.push([item, performance.now() - startMs]);
  });
  for (let item = 0; item < 6; item++) {
    deadlines.start(item);
    vi.advanceTimersByTime(10);
  }
  deadlines.cancel(0);
  deadlines.cancel(3);
  deadlines.start(1);
  vi.advanceTimersByTime(1_000);
  expect(expired.map(([item]) => item)).toEqual([2, 4, 5, 1]);
  const dueMs = [120, 140, 150, 160];
  expired.forEach(([, atMs], i) => {
    expect(atMs - (dueMs[i] ?? 0)).toBeGreaterThanOrEqual(0);
    expect(atMs - (dueMs[i] ?? 0)).toBeLessThanOrEqual(1);
  });
  expect(vi.getTimerCount()).toBe(0);
});

test('a deadline may start another when it expires', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const expired: number[] = [];
  const deadlines = new Deadlines<number>(10_000, (item) => {
    expired.push(item);
    if (item < 3) deadlines.start(item + 1);
  });
  deadlines.start(0);
  vi.advanceTimersByTime(100);
  expect(expired).toEqual([0, 1, 2, 3]);
  expect(vi.getTimerCount()).toBe(0);
});

test('any number of deadlines is one timer, which comes for nothing when all were cancelled', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  let expired = 0;
  const deadlines = new Deadlines<number>(60_000_000, () => {
    expired++;
  });
  for (let item = 0; item < 1_000; item++) deadlines.start(item);
  expect(vi.getTimerCount()).toBe(1);
  for (let item = 0; item < 1_000; item++) deadlines.cancel(item);
  vi.advanceTimersByTime(61_000);
  expect(vi.getTimerCount()).toBe(0);
  expect(expired).toBe(0);
});

test('a deadline does not keep the process alive', () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  const deadlines = new Deadlines<number>(60_000_000, () => {});
  deadlines.start(1);
  expect(timers()).toBe(before);
  deadlines.cancel(1);
});
