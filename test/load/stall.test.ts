/** On the real clock: what a fake one cannot show. */
import { expect, test } from 'vitest';
import { nowUs } from '../../src/clock.js';
import { Scheduler } from '../../src/load/scheduler.js';

const PERIOD_US = 10_000;

function block(us: number): void {
  const untilUs = nowUs() + us;
  while (nowUs() < untilUs);
}

test('a blocked event loop delays what is due, but moves no due time and loses none', async () => {
  const scheduler = new Scheduler();
  const calls: Array<{ k: number; dueUs: number; nowUs: number }> = [];
  const startUs = nowUs() + 20_000;
  await new Promise<void>((resolve) => {
    const handler = scheduler.register({
      onDue(_connection, k, dueUs, now) {
        calls.push({ k, dueUs, nowUs: now });
        if (k === 10) block(150_000);
        if (k === 40) resolve();
        else scheduler.schedule(handler, 0, k + 1, dueUs + PERIOD_US);
      },
    });
    scheduler.schedule(handler, 0, 0, startUs);
  });
  scheduler.stop();
  expect(calls.map(({ k }) => k)).toEqual([...Array(41).keys()]);
  expect(calls.map(({ dueUs }) => dueUs)).toEqual(calls.map((_, k) => startUs + k * PERIOD_US));
  expect(calls.every((call) => call.nowUs >= call.dueUs)).toBe(true);
  // The block began when k = 10 was due or later: k = 11 was due 10 ms after that, and 140 ms before its end.
  expect(calls[11]!.nowUs - calls[11]!.dueUs).toBeGreaterThanOrEqual(140_000);
});

test('5,000 connections beating every 500 ms are all on time on average, from one timer', async () => {
  const scheduler = new Scheduler();
  const everyUs = 500_000;
  const lateUs: number[] = [];
  const startUs = nowUs() + 50_000;
  const handler = scheduler.register({
    onDue(connection, k, dueUs, now) {
      lateUs.push(now - dueUs);
      if (k < 2) scheduler.schedule(handler, connection, k + 1, dueUs + everyUs);
    },
  });
  for (let i = 0; i < 5000; i++) scheduler.schedule(handler, i, 0, startUs + i * (everyUs / 5000));
  await new Promise((resolve) => setTimeout(resolve, 1800));
  scheduler.stop();
  expect(lateUs).toHaveLength(15_000);
  lateUs.sort((a, b) => a - b);
  expect(lateUs[0]).toBeGreaterThanOrEqual(0);
  // About 1 ms on an idle machine; a timer per connection would be 20 ms late by now, and more each second.
  expect(lateUs[7500]).toBeLessThan(20_000);
});
