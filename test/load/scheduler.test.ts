import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nowUs } from '../../src/clock.js';
import { Scheduler } from '../../src/load/scheduler.js';

interface Call {
  readonly connection: number;
  readonly k: number;
  readonly dueUs: number;
  readonly nowUs: number;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'setImmediate'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A scheduler and a handler that notes every call and then does what it is given to do. */
function noting(then: (call: Call, scheduler: Scheduler) => void = () => {}) {
  const scheduler = new Scheduler();
  const calls: Call[] = [];
  const handler = scheduler.register({
    onDue(connection, k, dueUs, now) {
      const call = { connection, k, dueUs, nowUs: now };
      calls.push(call);
      then(call, scheduler);
    },
  });
  return { scheduler, handler, calls };
}

test('whatever was scheduled is called once, in the order of its time, none too early, none more than 2 ms late', () => {
  // Sometimes many fall into each millisecond, sometimes few.
  const dues = fc
    .integer({ min: 1000, max: 300_000 })
    .chain((max) => fc.array(fc.integer({ min: -5000, max }), { maxLength: 400 }));
  fc.assert(
    fc.property(dues, dues, (before, meanwhile) => {
      const { scheduler, handler, calls } = noting();
      const startUs = nowUs();
      before.forEach((us, i) => {
        scheduler.schedule(handler, i, i, startUs + us);
      });
      vi.advanceTimersByTime(50);
      meanwhile.forEach((us, i) => {
        scheduler.schedule(handler, 1000 + i, i, startUs + 50_000 + us);
      });
      vi.advanceTimersByTime(400);
      scheduler.stop();
      expect(calls.map(({ connection }) => connection).sort((a, b) => a - b)).toEqual([
        ...before.keys(),
        ...[...meanwhile.keys()].map((i) => 1000 + i),
      ]);
      for (const [i, call] of calls.entries()) {
        const dueUs = startUs + (call.connection < 1000 ? before[call.k]! : 50_000 + meanwhile[call.k]!);
        if (call.dueUs !== dueUs || call.nowUs < dueUs) throw new Error(`too early: ${call.connection}`);
        const askedUs = startUs + (call.connection < 1000 ? 0 : 50_000);
        if (call.nowUs > Math.max(dueUs, askedUs) + 2000) throw new Error(`too late: ${call.connection}`);
        const previous = calls[i - 1];
        if (previous && previous.nowUs === call.nowUs && previous.dueUs > call.dueUs)
          throw new Error('order');
      }
    }),
    { numRuns: 60 },
  );
});

test('a period of 7.3 ms does not drift over 200 periods', () => {
  const everyUs = 7_300;
  const { scheduler, handler, calls } = noting(({ k, dueUs }, running) => {
    if (k < 200) running.schedule(handler, 0, k + 1, dueUs + everyUs);
  });
  const startUs = nowUs();
  scheduler.schedule(handler, 0, 0, startUs);
  vi.advanceTimersByTime(200 * 7.3 + 5);
  scheduler.stop();
  expect(calls).toHaveLength(201);
  const lastLateUs = calls[200]!.nowUs - (startUs + 200 * everyUs);
  expect(lastLateUs).toBeGreaterThanOrEqual(0);
  expect(lastLateUs).toBeLessThanOrEqual(2000);
});

test('an idle scheduler holds no timer, a busy one a single one', () => {
  const { scheduler, handler } = noting();
  vi.advanceTimersByTime(10);
  expect(vi.getTimerCount()).toBe(0);
  for (let i = 0; i < 5000; i++) scheduler.schedule(handler, i, 0, nowUs() + 1_000_000 - i);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(2000);
  expect(vi.getTimerCount()).toBe(0);
});

test('what is due sooner is not held up by what is due later', () => {
  const { scheduler, handler, calls } = noting();
  scheduler.schedule(handler, 1, 0, nowUs() + 60_000_000);
  scheduler.schedule(handler, 2, 0, nowUs() + 5000);
  vi.advanceTimersByTime(10);
  expect(calls.map(({ connection }) => connection)).toEqual([2]);
});

test('a handler may schedule what is already due', () => {
  const { scheduler, handler, calls } = noting(({ k, dueUs }, running) => {
    if (k < 3) running.schedule(handler, 0, k + 1, dueUs - 1000);
  });
  scheduler.schedule(handler, 0, 0, nowUs());
  vi.advanceTimersByTime(2);
  expect(calls.map(({ k }) => k)).toEqual([0, 1, 2, 3]);
});

test('when much is due at once, other callbacks of the event loop get their turns in between', () => {
  const { scheduler, handler, calls } = noting();
  for (let i = 0; i < 2000; i++) scheduler.schedule(handler, i, 0, nowUs());
  const seen: number[] = [];
  function look(): void {
    seen.push(calls.length);
    if (calls.length < 2000) setImmediate(look);
  }
  setImmediate(look);
  vi.advanceTimersByTime(100);
  expect(calls).toHaveLength(2000);
  const steps = seen.map((count, i) => count - (seen[i - 1] ?? 0));
  expect(Math.max(...steps)).toBeLessThanOrEqual(300);
});

test('after stop nothing is called any more, and no timer is left', () => {
  const { scheduler, handler, calls } = noting();
  scheduler.schedule(handler, 0, 0, nowUs() + 5000);
  scheduler.stop();
  scheduler.schedule(handler, 1, 0, nowUs() + 5000);
  vi.advanceTimersByTime(100);
  expect(calls).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a handler that stops the scheduler is the last to be called, though others were due with it', () => {
  const { scheduler, handler, calls } = noting(({ connection }, running) => {
    if (connection === 1) running.stop();
  });
  for (let i = 0; i < 5; i++) scheduler.schedule(handler, i, 0, nowUs() + i);
  vi.advanceTimersByTime(100);
  expect(calls.map(({ connection }) => connection)).toEqual([0, 1]);
});

test('each handler gets what was scheduled under its number; a reserved one may be made later', () => {
  const scheduler = new Scheduler();
  const names: string[] = [];
  const reserved = scheduler.reserve();
  const first = scheduler.register({ onDue: () => names.push('first') });
  scheduler.assign(reserved, { onDue: () => names.push('reserved') });
  scheduler.schedule(first, 0, 0, nowUs());
  scheduler.schedule(reserved, 0, 0, nowUs() + 1);
  vi.advanceTimersByTime(10);
  expect(names).toEqual(['first', 'reserved']);
});
