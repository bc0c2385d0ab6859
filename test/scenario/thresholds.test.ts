import { expect, test } from 'vitest';
import type { Scope } from '../../src/scenario/measured.js';
import { type ParsedThreshold, parseThreshold } from '../../src/scenario/thresholds.js';

const scope: Scope = {
  populations: new Map([
    ['listeners', ['heartbeat', 'reconnect']],
    ['speakers', ['echo']],
    ['idle', []],
  ]),
  phases: ['ramp', 'before', 'drain'],
  hasFault: true,
  hasBeside: true,
};

function read(expression: string, given: Partial<Scope> = {}): ParsedThreshold {
  return parseThreshold(expression, { ...scope, ...given });
}

test('a statistic of a histogram is compared with a duration', () => {
  expect(read('listeners/heartbeat.response p99 <= 250ms during before')).toEqual({
    threshold: {
      expression: 'listeners/heartbeat.response p99 <= 250ms during before',
      population: 'listeners',
      name: 'heartbeat.response',
      statistic: { percentile: 0.99 },
      denominator: null,
      operator: '<=',
      value: 250_000,
      unit: 'us',
      phase: 'before',
    },
  });
});

test('blanks around the operator may be left out', () => {
  expect(read('handshake.total max<1s')).toMatchObject({
    threshold: { statistic: 'max', operator: '<', value: 1_000_000, population: null, phase: null },
  });
});

test('percentiles are shares: p999 and p99.9 are the same', () => {
  const shares = {
    p50: 0.5,
    p5: 0.05,
    p90: 0.9,
    p99: 0.99,
    p999: 0.999,
    'p99.9': 0.999,
    p9999: 0.9999,
    'p99.99': 0.9999,
  };
  for (const [written, percentile] of Object.entries(shares)) {
    expect(read(`handshake.total ${written} < 1s`), written).toMatchObject({
      threshold: { statistic: { percentile } },
    });
  }
  for (const written of ['p0', 'p100', 'p101', 'p', '99', 'median', 'p500']) {
    expect(read(`handshake.total ${written} < 1s`), written).toEqual({
      problem: `${written} is not a statistic: there are min, mean, max, count and percentiles such as p50, p99, p999 or p99.9`,
    });
  }
});

test('counters, sizes and how many samples there were take values of their own kind', () => {
  expect(read('closes.abnormal == 0')).toMatchObject({
    threshold: { statistic: null, value: 0, unit: 'count' },
  });
  expect(read('handshake.total count >= 1000')).toMatchObject({
    threshold: { statistic: 'count', unit: 'count' },
  });
  expect(read('memory.perConnection < 16KiB')).toMatchObject({ threshold: { value: 16_384, unit: 'bytes' } });
});

test('a ratio of two counters is compared with a share', () => {
  expect(read('listeners/heartbeat.unanswered / heartbeat.sent < 0.1%')).toMatchObject({
    threshold: {
      population: 'listeners',
      name: 'heartbeat.unanswered',
      denominator: 'heartbeat.sent',
      value: 0.001,
      unit: 'share',
    },
  });
  expect(read('connections.failed / connections.attempted < 0.5')).toMatchObject({
    threshold: { value: 0.5 },
  });
});

test('a mistake says how to write it', () => {
  const mistakes = {
    'handshake.total < 1s':
      'handshake.total is a histogram: say which statistic, such as handshake.total p99',
    'listeners/handshake.total < 1s':
      'handshake.total is a histogram: say which statistic, such as listeners/handshake.total p99',
    'handshake.total p99 < 500': '500 has no unit: write 500s (units: us, ms, s, m, h)',
    'handshake.total p99 < 5KiB': '"5KiB" is not a duration: write one such as 30s (units: us, ms, s, m, h)',
    'handshake.total p99 =< 5s': '=< is not an operator: there are <= >= == != < >',
    'handshake.totl p99 < 5s': 'no metric is called handshake.totl, did you mean "handshake.total"?',
    'handshake.xyzzyx p99 < 5s':
      'no metric is called handshake.xyzzyx: there are handshake.dns, handshake.tcp, handshake.tls, handshake.upgrade, handshake.total, handshake.ready',
    'listener/handshake.total p99 < 5s': 'no population is called listener, did you mean "listeners"?',
    'handshake.total p99 < 5s during befor': 'no phase is called befor, did you mean "before"?',
    'echo.sent p99 > 5': 'echo.sent is one number: leave p99 out',
    'echo.sent > 5s': '"5s" is not a plain number: echo.sent counts, write one such as 0',
    'memory.perConnection < 5': '5 has no unit: write 5KiB (units: B, KB, KiB, MB, MiB, GiB)',
    'idle/memory.perConnection < 5KiB': 'memory is measured of the whole target: leave the population out',
    'idle/heartbeat.sent > 5': 'heartbeat.sent is not measured: the population idle does not have heartbeat',
    'recovery.t98 < 20s': 'no metric is called recovery.t98, did you mean "recovery.t90"?',
    'recovery.t99 < 20': '20 has no unit: write 20s (units: us, ms, s, m, h)',
    'recovery.amplification < 2s':
      '"2s" is not a plain number: recovery.amplification is a factor, write one such as 2.5',
    'recovery.attempts / recovery.dropped < 5':
      'recovery.attempts is not a counter: a ratio is of two counters',
    'speakers/reconnect.attempts < 5':
      'reconnect.attempts is not measured: the population speakers does not have reconnect',
    'idle/collateral.response p99 < 1s':
      'collateral.response is not measured: the population idle does not have heartbeat or echo',
    'idle/http.errors == 0': 'HTTP beside the run belongs to no population: leave the population out',
    'recovery.t99 < 20s during before':
      'recovery.t99 is known for the whole run only: leave "during before" out',
    'connections.failed == 0 during ramp':
      'connections.failed is known for the whole run only: leave "during ramp" out',
    'echo.sent / echo.response < 5%': 'echo.response is not a counter: a ratio is of two counters',
    'echo.sent / < 5%': 'a ratio is two counters: write a / b < 0.1%, with blanks around the slash',
    'speakers/echo.sent / listeners/bytes.sent < 5%':
      'a ratio is about one population: name the same one on both sides of the slash',
    'echo.answered / echo.sent > 5s': '"5s" is not a percentage: write one such as 50% (units: %)',
    fast: '"fast" is not a threshold: write [population/]name [statistic] op value [during phase], such as handshake.total p99 < 500ms',
  };
  for (const [expression, problem] of Object.entries(mistakes))
    expect(read(expression), expression).toEqual({ problem });
});

test('a storm is judged by its times, its factors and its counters, of everybody or of one population', () => {
  expect(read('recovery.t99 < 20s')).toMatchObject({ threshold: { value: 20_000_000, unit: 'us' } });
  expect(read('listeners/recovery.herdFactor <= 1.5')).toMatchObject({
    threshold: { population: 'listeners', value: 1.5, unit: 'count' },
  });
  expect(read('recovery.attempts p99 <= 6')).toMatchObject({ threshold: { value: 6, unit: 'count' } });
  expect(read('reconnect.failures / reconnect.attempts < 60% during before')).toMatchObject({
    threshold: { value: 0.6, unit: 'share', phase: 'before' },
  });
  expect(read('collateral.response p99 < 250ms during before')).toMatchObject({
    threshold: { value: 250_000, phase: 'before' },
  });
  expect(read('http.errors / http.requests < 1% during before')).toHaveProperty('threshold');
});

test('what the scenario does not make happen cannot be judged', () => {
  const without = { hasFault: false, hasBeside: false, populations: new Map([['idle', []]]) };
  const reasons = {
    'recovery.t99 < 20s': 'the timeline has no fault',
    'recovery.dropped > 0': 'the timeline has no fault',
    'collateral.response p99 < 1s': 'the timeline has no fault',
    'reconnect.gaveUp == 0': 'no population has reconnect',
    'http.response p99 < 1s': 'write beside, such as beside: { http: /healthz }',
  };
  for (const [expression, reason] of Object.entries(reasons)) {
    const [name] = expression.split(' ');
    expect(read(expression, without)).toEqual({ problem: `${name} is not measured: ${reason}` });
  }
});

test('names that every object inherits are no metrics', () => {
  expect(read('constructor > 5')).toHaveProperty('problem');
  expect(read('toString p99 > 5s')).toHaveProperty('problem');
});
