import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Close, Failure } from '../../src/client/types.js';
import { nowUs } from '../../src/clock.js';
import { Reconnects } from '../../src/load/reconnects.js';
import { Scheduler } from '../../src/load/scheduler.js';
import { Recorder } from '../../src/metrics/recorder.js';
import { randomAt } from '../../src/plan/random.js';
import type { ReconnectPolicy } from '../../src/policies/policy.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'setImmediate'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const SECOND_US = 1_000_000;

const doubling: ReconnectPolicy = {
  name: 'test',
  delay: {
    growth: { kind: 'exponential', baseUs: SECOND_US, factor: 2, mostSteps: null },
    capUs: null,
    jitters: [],
    capAfterJitterUs: null,
    late: null,
  },
  attempts: null,
  resetAfterUs: 0,
  connectTimeoutUs: null,
  closes: [],
  waitsRetryAfter: true,
};
const atOnce: ReconnectPolicy = {
  ...doubling,
  delay: { ...doubling.delay, growth: { kind: 'list', delaysUs: [0] } },
};

const lost: Close = { initiator: 'network', code: null, cause: 'fin', example: '' };
const closedByServer = (code: number): Close => ({
  initiator: 'server',
  code,
  cause: 'close-frame',
  example: '',
});
const refused: Failure = { stage: 'tcp', cause: 'refused', example: '', retryAfterUs: null };

/** Connection 0 of one, open at first; attempts are noted, in ms from the start. */
function reconnecting(policy: ReconnectPolicy) {
  const recorder = new Recorder({ machine: 0, host: 0, worker: 0 }, nowUs());
  const attempts: number[] = [];
  const startUs = nowUs();
  const subject = new Reconnects(
    1,
    policy,
    new Scheduler(),
    recorder.population('p'),
    (connection, purpose, k) => randomAt(1, 2, connection, purpose, k),
    () => attempts.push(Math.round((nowUs() - startUs) / 1000)),
  );
  subject.onOpened(0, nowUs());
  return {
    subject,
    attempts,
    lose: (close: Close = lost) => subject.onLost(0, close, nowUs()),
    fail: (failure: Failure = refused) => subject.onFailed(0, failure, nowUs()),
    open: () => subject.onOpened(0, nowUs()),
    counted: () => recorder.cut(nowUs()).counters,
  };
}

/** Lets the delay pass, as exactly as timers of whole milliseconds do. */
const pass = (ms: number) => vi.advanceTimersByTime(ms + 3);

test('each failure waits for the next delay, and what comes of attempts is counted', () => {
  const { attempts, lose, fail, open, counted } = reconnecting(doubling);
  lose();
  pass(1000);
  fail();
  pass(2000);
  fail();
  pass(4000);
  open();
  expect(attempts).toHaveLength(3);
  expect(attempts[0]).toBeCloseTo(1000, -1);
  expect(attempts[1]).toBeCloseTo(3000, -2);
  expect(attempts[2]).toBeCloseTo(7000, -2);
  expect(counted()).toEqual({
    'p/reconnect.attempts': 3,
    'p/reconnect.failures': 2,
    'p/reconnect.opens': 1,
  });
});

test('without delay the attempt is made where the loss is learned of', () => {
  const { attempts, lose, fail } = reconnecting(atOnce);
  lose();
  fail();
  fail();
  expect(attempts).toEqual([0, 0, 0]);
});

test('a connection that opens begins its count anew, one that does not last long enough goes on with it', () => {
  const attemptsWithin = (policy: ReconnectPolicy, ms: number): number => {
    const { attempts, lose, fail, open } = reconnecting(policy);
    pass(6000);
    lose();
    pass(1000);
    fail();
    pass(2000);
    open();
    pass(100);
    lose();
    pass(ms);
    return attempts.length;
  };
  expect(attemptsWithin(doubling, 1000)).toBe(3);
  const strict = { ...doubling, resetAfterUs: 5 * SECOND_US };
  expect(attemptsWithin(strict, 3900)).toBe(2);
  expect(attemptsWithin(strict, 4000)).toBe(3);
});

test('attempts that are used up are given up once, and a close code may say so at once', () => {
  const tired = reconnecting({ ...atOnce, attempts: 2 });
  tired.lose();
  tired.fail();
  tired.fail();
  expect(tired.attempts).toHaveLength(2);
  expect(tired.counted()).toMatchObject({ 'p/reconnect.gaveUp': 1, 'p/connections.gaveUp': 1 });

  const told = reconnecting({ ...doubling, closes: [{ codes: [4000, 4099], action: 'give-up' }] });
  told.lose(closedByServer(4004));
  pass(10_000);
  expect(told.attempts).toEqual([]);
  expect(told.counted()).toMatchObject({ 'p/reconnect.gaveUp': 1 });
});

test('a close code may ask for an attempt at once', () => {
  const { attempts, lose } = reconnecting({
    ...doubling,
    closes: [{ codes: 'any-frame', action: 'retry-at-once' }],
  });
  lose(closedByServer(4200));
  expect(attempts).toEqual([0]);
});

test('what the client itself closed is no word of the server: it is retried', () => {
  const { attempts, lose } = reconnecting({
    ...doubling,
    closes: [{ codes: 'any-frame', action: 'give-up' }],
  });
  lose({ initiator: 'client', code: 1000, cause: 'fault', example: '' });
  pass(1000);
  expect(attempts).toHaveLength(1);
});

test('Retry-After is waited for when it is longer than the delay, unless the policy ignores it', () => {
  const busy: Failure = { ...refused, stage: 'upgrade', cause: 'http-503', retryAfterUs: 5 * SECOND_US };
  const attemptsWithin = (policy: ReconnectPolicy, ms: number): number => {
    const { attempts, lose, fail } = reconnecting(policy);
    lose();
    pass(1000);
    fail(busy);
    pass(ms);
    return attempts.length;
  };
  expect(attemptsWithin(doubling, 4900)).toBe(1);
  expect(attemptsWithin(doubling, 5000)).toBe(2);
  expect(attemptsWithin({ ...doubling, waitsRetryAfter: false }, 2000)).toBe(2);
});

test('a first attempt that fails is retried too, and is no retry itself', () => {
  const { attempts, fail, counted } = reconnecting(doubling);
  fail();
  pass(1000);
  expect(attempts).toHaveLength(1);
  expect(counted()).toEqual({ 'p/reconnect.attempts': 1 });
});

test('once stopped, nothing that was due is attempted, and what fails is let be', () => {
  const { subject, attempts, lose, fail } = reconnecting(doubling);
  lose();
  subject.stop();
  pass(1000);
  fail();
  pass(10_000);
  expect(attempts).toEqual([]);
});
