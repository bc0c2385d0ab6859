import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { nowUs, wallClockLabel, wallClockMs } from '../../src/clock.js';

const ROUNDS = 20;
/** Two clocks that agree to a few microseconds may differ by this when the machine is busy while they are set. */
const TOLERANCE_US = 1000;

/** A thread or a process that says what its clock shows whenever it is asked. */
interface Other {
  ask(): Promise<number>;
  end(): Promise<unknown>;
}

/** What it shows lies between our readings before and after, if both have one base. */
async function expectSameClock(other: Other): Promise<void> {
  try {
    await other.ask();
    for (let round = 0; round < ROUNDS; round++) {
      const beforeUs = nowUs();
      const thereUs = await other.ask();
      const afterUs = nowUs();
      expect(thereUs).toBeGreaterThanOrEqual(beforeUs - TOLERANCE_US);
      expect(thereUs).toBeLessThanOrEqual(afterUs + TOLERANCE_US);
    }
  } finally {
    await other.end();
  }
}

test('worker threads have the same clock', async () => {
  const worker = new Worker(new URL('./thread.mjs', import.meta.url));
  await expectSameClock({
    async ask() {
      worker.postMessage('now');
      const [us] = await once(worker, 'message');
      return us;
    },
    end: () => worker.terminate(),
  });
});

test('processes of this machine have the same clock', async () => {
  const child = fork(new URL('./process.mjs', import.meta.url));
  await expectSameClock({
    async ask() {
      child.send('now');
      const [us] = await once(child, 'message');
      return us;
    },
    end() {
      child.disconnect();
      return once(child, 'exit');
    },
  });
});

test('the clock counts whole microseconds and never goes back', () => {
  let before = nowUs();
  let steps = 0;
  for (let i = 0; i < 100_000; i++) {
    const now = nowUs();
    if (!Number.isInteger(now) || now < before) throw new Error(`${now} after ${before}`);
    if (now > before) steps++;
    before = now;
  }
  expect(steps).toBeGreaterThan(100);
});

test('the clock runs at the speed of the monotonic clock', async () => {
  const [startUs, start] = [nowUs(), process.hrtime.bigint()];
  await new Promise((resolve) => setTimeout(resolve, 200));
  const [endUs, end] = [nowUs(), process.hrtime.bigint()];
  expect(Math.abs(endUs - startUs - Number(end - start) / 1000)).toBeLessThan(50_000);
});

test('labels are UTC and of this moment', () => {
  expect(wallClockLabel()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(Math.abs(Date.parse(wallClockLabel()) - wallClockMs())).toBeLessThan(50_000);
});
