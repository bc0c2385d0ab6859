import { expect, test } from 'vitest';
import { Accumulator } from '../../src/result/accumulator.js';
import { buildResult } from '../../src/result/build.js';
import { judgeThresholds } from '../../src/result/thresholds.js';
import type { RunResult, ThresholdVerdict } from '../../src/result/types.js';
import type { Threshold } from '../../src/scenario/scenario.js';
import { parseThreshold } from '../../src/scenario/thresholds.js';
import { samples, second } from './parts.js';
import { emptyFacts, PHASES, SECOND_US, START_US } from './runs.js';

const scope = {
  populations: new Map([
    ['listeners', ['echo']],
    ['speakers', ['echo']],
  ]),
  phases: ['ramp', 'hold', 'drain'],
  hasFault: false,
  hasBeside: false,
};

/**
 * Listeners in the ramp: 100 responses of 1 ms, 100 sent, 1 unanswered. Speakers in the hold: 20 of 50 ms, 20 sent, 10
 * unanswered, one connection reset. The run was left before the drain.
 */
function record(): RunResult {
  const accumulator = new Accumulator(START_US, 1);
  accumulator.add(
    second(0, {
      phase: 'ramp',
      counters: {
        'listeners/connections.firstOpened': 1000,
        'listeners/echo.sent': 100,
        'listeners/echo.unanswered': 1,
      },
      histograms: { 'listeners/echo.response': samples(100, 1000) },
    }),
  );
  accumulator.add(
    second(1, {
      counters: {
        'speakers/connections.firstOpened': 1000,
        'speakers/echo.sent': 20,
        'speakers/echo.unanswered': 10,
      },
      histograms: { 'speakers/echo.response': samples(20, 50_000) },
      closes: [
        {
          population: 'speakers',
          initiator: 'network',
          code: null,
          cause: 'reset',
          example: '',
          count: 1,
          bin: 15,
        },
        {
          population: 'speakers',
          initiator: 'server',
          code: 1000,
          cause: 'close-frame',
          example: '',
          count: 5,
          bin: 15,
        },
      ],
    }),
  );
  accumulator.finish();
  const phases = PHASES.slice(0, 2).map((phase, i) => ({
    ...phase,
    startUs: i * SECOND_US,
    endUs: (i + 1) * SECOND_US,
  }));
  return buildResult({ ...emptyFacts(accumulator), phases });
}

const result = record();

function parse(expression: string): Threshold {
  const parsed = parseThreshold(expression, scope);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.threshold;
}

function verdict(expression: string, of: RunResult = result): ThresholdVerdict {
  return judgeThresholds([parse(expression)], [], of)[0]!;
}

test.each([
  ['echo.sent < 121', true],
  ['echo.sent < 120', false],
  ['echo.sent <= 120', true],
  ['echo.sent <= 119', false],
  ['echo.sent > 119', true],
  ['echo.sent > 120', false],
  ['echo.sent >= 120', true],
  ['echo.sent >= 121', false],
  ['echo.sent == 120', true],
  ['echo.sent == 121', false],
  ['echo.sent != 121', true],
  ['echo.sent != 120', false],
])('%s: %s', (expression, passed) => {
  expect(verdict(expression)).toEqual({ expression, observed: 120, unit: 'count', passed });
});

test.each([
  ['echo.response count == 120', 120, true],
  ['echo.response min < 1.1ms', 1000, true],
  ['echo.response max < 50ms', 50_015, false],
  ['echo.response p50 < 2ms', 1000, true],
  ['echo.response p90 < 2ms', 50_015, false],
  ['echo.response p99 < 100ms', 50_015, true],
  ['echo.response mean < 10ms', 9171.7, true],
])('%s is judged by %s', (expression, observed, passed) => {
  const judged = verdict(expression);
  // A histogram keeps three digits.
  expect(Math.abs(judged.observed! / observed - 1)).toBeLessThan(0.001);
  expect(judged.passed).toBe(passed);
});

test('a threshold may be about one population, one phase, or both', () => {
  expect(verdict('listeners/echo.response p99 < 2ms').passed).toBe(true);
  expect(verdict('speakers/echo.response p90 < 2ms').passed).toBe(false);
  expect(verdict('echo.response p99 < 2ms during ramp').passed).toBe(true);
  expect(verdict('echo.response p90 < 2ms during hold').passed).toBe(false);
  expect(verdict('speakers/echo.sent == 20 during hold').passed).toBe(true);
  expect(verdict('listeners/echo.sent == 0 during hold').passed).toBe(true);
});

test('a ratio is of two counters, of the same population and phase', () => {
  expect(verdict('echo.unanswered / echo.sent < 10%')).toMatchObject({ passed: true, unit: 'share' });
  expect(verdict('echo.unanswered / echo.sent < 10%').observed).toBeCloseTo(11 / 120, 12);
  expect(verdict('speakers/echo.unanswered / echo.sent < 10%')).toMatchObject({
    observed: 0.5,
    passed: false,
  });
  expect(verdict('echo.unanswered / echo.sent <= 1% during ramp')).toMatchObject({
    observed: 0.01,
    passed: true,
  });
});

test('what has no data fails, whatever it is compared with', () => {
  for (const expression of [
    'handshake.tls p50 > 0us',
    'echo.response p999 < 1h',
    'listeners/echo.response p50 > 0us during hold',
    'memory.perConnection > 0B',
    'pings.sent / pongs.received < 100%',
  ]) {
    expect(verdict(expression)).toMatchObject({ observed: null, passed: false });
  }
});

test('a phase that the run never came to has no data, not zeros', () => {
  for (const expression of [
    'echo.unanswered == 0 during drain',
    'closes.abnormal == 0 during drain',
    'speakers/echo.sent >= 0 during drain',
  ]) {
    expect(verdict(expression)).toMatchObject({ observed: null, passed: false });
  }
});

test('what may happen and did not counts 0', () => {
  expect(verdict('dialect.errors == 0')).toMatchObject({ observed: 0, passed: true });
});

test('abnormal closes are counted, by population and phase too', () => {
  expect(verdict('closes.abnormal == 1').passed).toBe(true);
  expect(verdict('listeners/closes.abnormal == 0').passed).toBe(true);
  expect(verdict('closes.abnormal == 0 during ramp').passed).toBe(true);
  expect(verdict('closes.abnormal == 1 during hold').passed).toBe(true);
});

test('connections are counted in all or by population', () => {
  expect(verdict('connections.planned == 2000').passed).toBe(true);
  expect(verdict('listeners/connections.planned == 1000').passed).toBe(true);
  expect(verdict('connections.failed / connections.planned < 1%').passed).toBe(true);
});

test('memory per connection is judged in bytes', () => {
  const memoryPerConnection = {
    bytes: 12_000,
    ci95: [11_000, 13_000],
    baseBytes: 1,
    points: [],
    method: '',
    theilSenBytes: 12_000,
    kernelBytes: null,
    reliable: true,
    notes: [],
    byPhase: [],
  } as const;
  const known: RunResult = { ...result, target: { ...result.target, memoryPerConnection } };
  expect(verdict('memory.perConnection < 12KB', known)).toMatchObject({ observed: 12_000, passed: false });
  expect(verdict('memory.perConnection < 12KiB', known)).toMatchObject({ unit: 'bytes', passed: true });
});

test('with no threshold about it, a connection that never opened fails the run', () => {
  const never = (count: number): RunResult => ({
    ...result,
    connections: { ...result.connections, neverOpened: count },
  });
  const implicit = { expression: 'connections.neverOpened == 0', unit: 'count' };
  expect(judgeThresholds([], [], never(0))).toEqual([{ ...implicit, observed: 0, passed: true }]);
  expect(judgeThresholds([], [], never(3))).toEqual([{ ...implicit, observed: 3, passed: false }]);
  const own = judgeThresholds([parse('connections.neverOpened < 5')], [], never(3));
  expect(own.map(({ passed }) => passed)).toEqual([true]);
});

test('a recovery that was not reached, or too late, fails the run beside the thresholds that are written', () => {
  const goal = { expression: 'recover until 99% within 10s', withinUs: 10_000_000 };
  const judged = (reachedUs: number | null) => judgeThresholds([], [{ ...goal, reachedUs }], result)[0];
  const verdictOf = { expression: goal.expression, unit: 'us' };
  expect(judged(10_000_000)).toEqual({ ...verdictOf, observed: 10_000_000, passed: true });
  expect(judged(10_000_001)).toEqual({ ...verdictOf, observed: 10_000_001, passed: false });
  expect(judged(null)).toEqual({ ...verdictOf, observed: null, passed: false });
});
