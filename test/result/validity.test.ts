import { expect, test } from 'vitest';
import { decodeHistogram } from '../../src/metrics/histogram.js';
import { Intervals } from '../../src/result/intervals.js';
import type { Validity } from '../../src/result/types.js';
import { judgeValidity } from '../../src/result/validity.js';
import { samples, second } from './parts.js';
import { SECOND_US, START_US } from './runs.js';

interface Given {
  readonly busy?: number;
  readonly sendLagMs?: number;
  readonly responseMs?: number;
  readonly phase?: string;
  /** Of attempts to reconnect. */
  readonly reconnectLagMs?: number;
}

interface Judged {
  readonly saturatesOnPurpose?: boolean;
  readonly missing?: readonly string[];
}

const GOOD: Given = { busy: 0.3, sendLagMs: 1, responseMs: 5 };

function intervalsOf(seconds: readonly Given[]): Intervals {
  const intervals = new Intervals(START_US);
  seconds.forEach(({ busy = 0.3, sendLagMs = 1, responseMs = 5, phase = 'hold', reconnectLagMs }, index) => {
    intervals.add(second(index, { phase, values: { eventLoopUtilization: busy } }), 0);
    intervals.addHistogram(index, 'echo.sendLag', histogramOf(sendLagMs));
    intervals.addHistogram(index, 'echo.response', histogramOf(responseMs));
    if (reconnectLagMs !== undefined)
      intervals.addHistogram(index, 'reconnect.sendLag', histogramOf(reconnectLagMs));
  });
  intervals.settle(Number.POSITIVE_INFINITY);
  return intervals;
}

const histogramOf = (ms: number) => decodeHistogram(samples(200, 1000 * ms).encoded);

function judge(
  seconds: readonly Given[],
  { saturatesOnPurpose = false, missing = [] }: Judged = {},
): Validity {
  return judgeValidity({
    intervals: intervalsOf(seconds),
    judgedPhases: new Set(['ramp', 'hold', 'recover']),
    stormPhases: new Set(['recover']),
    saturatesOnPurpose,
    missing,
  });
}

/** A good first second, which is not judged, then as many bad ones as asked for, then good ones. */
function run(judged: number, bad: number, badOne: Given): Given[] {
  return [GOOD, ...Array.from({ length: judged }, (_, i) => (i < bad ? { ...GOOD, ...badOne } : GOOD))];
}

test.each([
  ['a busy event loop', { busy: 0.81 }],
  ['late sending', { sendLagMs: 10.1 }],
] as const)('%s: two bad seconds do not spoil a run, three do', (_what, bad) => {
  expect(judge(run(20, 2, bad)).status).toBe('valid');
  expect(judge(run(20, 3, bad)).status).toBe('generator-limited');
  expect(judge(run(2, 2, bad)).status).toBe('valid');
  expect(judge(run(3, 3, bad)).status).toBe('generator-limited');
});

test('in a long run one second in twenty may be bad', () => {
  expect(judge(run(100, 5, { busy: 1 })).status).toBe('valid');
  expect(judge(run(100, 6, { busy: 1 })).status).toBe('generator-limited');
  expect(judge(run(119, 6, { busy: 1 })).status).toBe('generator-limited');
  expect(judge(run(120, 6, { busy: 1 })).status).toBe('valid');
});

test('a second that is bad in two ways is one bad second, different ones add up', () => {
  expect(judge(run(20, 2, { busy: 1, sendLagMs: 100 })).status).toBe('valid');
  const mixed = [GOOD, { busy: 1 }, { sendLagMs: 100 }, { busy: 1 }, GOOD];
  expect(judge(mixed).status).toBe('generator-limited');
});

test('80 % is not too busy, and 10 ms are not too late', () => {
  expect(judge(run(20, 20, { busy: 0.8, sendLagMs: 9.9 })).status).toBe('valid');
});

test('where answers take long, sending may be late by a tenth of the median response', () => {
  expect(judge(run(20, 20, { sendLagMs: 19, responseMs: 200 })).status).toBe('valid');
  expect(judge(run(20, 20, { sendLagMs: 21, responseMs: 200 })).status).toBe('generator-limited');
});

test('the first second is not judged, nor is the drain', () => {
  expect(judge([{ busy: 1 }, ...run(10, 1, { busy: 1 })]).status).toBe('valid');
  const bad = { busy: 1, sendLagMs: 100 };
  const draining = Array.from({ length: 5 }, () => ({ ...bad, phase: 'drain' }));
  expect(judge([bad, GOOD, GOOD, ...draining]).status).toBe('valid');
  const ramping = Array.from({ length: 5 }, () => ({ ...bad, phase: 'ramp' }));
  expect(judge([bad, ...ramping, GOOD]).status).toBe('generator-limited');
});

test('a pattern that saturates on purpose is not judged by how busy the generator was, but by how late', () => {
  expect(judge(run(20, 20, { busy: 1 }), { saturatesOnPurpose: true }).status).toBe('valid');
  expect(judge(run(20, 20, { sendLagMs: 100 }), { saturatesOnPurpose: true }).status).toBe(
    'generator-limited',
  );
});

test('what is missing makes a run partial, whatever else', () => {
  const missing = ['Worker 1 died.'];
  expect(judge(run(20, 20, { busy: 1 }), { missing })).toEqual({
    status: 'partial',
    reasons: missing,
    fromMs: null,
  });
});

test('the reasons say what was wrong, in how many seconds, and since when', () => {
  const { reasons, fromMs } = judge([GOOD, GOOD, ...run(20, 4, { busy: 0.95, sendLagMs: 50 }).slice(1)]);
  expect(reasons).toHaveLength(2);
  expect(fromMs).toBe(2000);
  expect(reasons[0]).toContain('80 % busy in 4 of 21 seconds, first at 2 s');
  expect(reasons[1]).toContain('late in 4 of 21 seconds, first at 2 s');
  expect(reasons[1]).toMatch(/send lag was 50\.\d ms at p99/);
  expect(judge(run(20, 2, { busy: 1 })).reasons).toEqual([]);
});

test('the busiest worker is the one that counts', () => {
  const intervals = new Intervals(START_US);
  for (let index = 0; index < 10; index++) {
    for (const [worker, busy] of [0.2, 0.9, 0.1].entries()) {
      intervals.add(second(index, { values: { eventLoopUtilization: busy } }), worker);
    }
  }
  expect(intervals.utilization(5)).toBeCloseTo(0.9, 9);
});

test('where a phase cuts a second in two, how busy it was is the mean of both parts', () => {
  const intervals = new Intervals(START_US);
  const part = (fromUs: number, toUs: number, busy: number, phase: string): void => {
    intervals.add(
      second(0, {
        fromUs: START_US + fromUs,
        toUs: START_US + toUs,
        phase,
        values: { eventLoopUtilization: busy },
      }),
      0,
    );
  };
  part(0, 900_000, 1, 'ramp');
  part(900_000, SECOND_US, 0.1, 'hold');
  expect(intervals.utilization(0)).toBeCloseTo(0.91, 9);
  expect(intervals.phaseOf(0)).toBe('ramp');
});

test('a second that begins with a phase belongs to it', () => {
  const intervals = new Intervals(START_US);
  intervals.add(second(0, { phase: 'ramp' }), 0);
  const beginsUs = START_US + SECOND_US;
  intervals.add(second(1, { phase: 'ramp', fromUs: beginsUs, toUs: beginsUs }), 0);
  intervals.add(second(1, { phase: 'hold' }), 0);
  expect([intervals.phaseOf(0), intervals.phaseOf(1)]).toEqual(['ramp', 'hold']);
});

test('what is published late is judged by the median delivery', () => {
  const published = (sendLagMs: number, deliveryMs: number): string => {
    const intervals = new Intervals(START_US);
    for (let index = 0; index < 20; index++) {
      intervals.add(second(index), 0);
      intervals.addHistogram(index, 'broadcast.sendLag', histogramOf(sendLagMs));
      intervals.addHistogram(index, 'broadcast.delivery', histogramOf(deliveryMs));
    }
    intervals.settle(Number.POSITIVE_INFINITY);
    const judgedPhases = new Set(['hold']);
    const stormPhases = new Set<string>();
    return judgeValidity({ intervals, judgedPhases, stormPhases, saturatesOnPurpose: false, missing: [] })
      .status;
  };
  expect(published(9.9, 1)).toBe('valid');
  expect(published(11, 1)).toBe('generator-limited');
  expect(published(19, 200)).toBe('valid');
  expect(published(21, 200)).toBe('generator-limited');
});

test('a storm is judged by how late its attempts are, by nothing else', () => {
  const storm = (given: Given): string => judge(run(20, 20, { phase: 'recover', ...given })).status;
  expect(storm({ busy: 1, sendLagMs: 900 })).toBe('valid');
  expect(storm({ reconnectLagMs: 99 })).toBe('valid');
  expect(storm({ reconnectLagMs: 101 })).toBe('generator-limited');
});
