import { describe, expect, test } from 'vitest';
import {
  limitOn,
  limitWords,
  observedWords,
  readGoal,
  readLimit,
  shareOfLimit,
  unseenWords,
} from '../../src/report/limits.js';
import { goodRun } from './fixture.js';

describe('limits read back from thresholds', () => {
  test.each([
    ['handshake.total p99 < 500ms', 'handshake.total', 'p99', '500 ms', null],
    ['heartbeat.response p99.9 < 1m30s during before', 'heartbeat.response', 'p99.9', '90.0 s', 'before'],
    [
      'heartbeat.unanswered / heartbeat.sent < 0.1%',
      'heartbeat.unanswered / heartbeat.sent',
      null,
      '0.1 %',
      null,
    ],
    ['memory.perConnection <= 8KiB', 'memory.perConnection', null, '8 KiB', null],
    ['connections.neverOpened == 0', 'connections.neverOpened', null, '0', null],
  ])('%s', (expression, name, statistic, words, phase) => {
    const limit = readLimit(expression);
    expect(limit).toMatchObject({ name, statistic, phase, population: null });
    expect(limit === null ? '' : limitWords(limit).replace('90 s', '90.0 s')).toBe(words);
  });

  test('a population stands before its metric', () => {
    expect(readLimit('speakers/echo.response p50 < 2ms')).toMatchObject({
      population: 'speakers',
      name: 'echo.response',
      statistic: 'p50',
    });
  });

  test('what is not a threshold has no limit', () => {
    expect(readLimit('</script>')).toBeNull();
    expect(readLimit('handshake.total p99 < soon')).toBeNull();
  });

  test('a limit from above says how much of it was used, any other does not', () => {
    const used = (expression: string) =>
      shareOfLimit({ expression, observed: 4300, unit: 'us', passed: true });
    expect(used('handshake.total p99 < 500ms')).toBeCloseTo(0.0086);
    expect(used('handshake.total p99 > 500ms')).toBeNull();
    expect(used('connections.neverOpened == 0')).toBeNull();
  });

  test('a number of the whole run is compared to the limit on it, else to that on a phase', () => {
    const run = goodRun();
    expect(limitOn(run, 'handshake.total', 'p99')?.limit.phase).toBeNull();
    expect(limitOn(run, 'heartbeat.response', 'p99')?.limit.phase).toBe('hold');
    expect(limitOn(run, 'heartbeat.response', 'p50')).toBeNull();
  });

  test('the goal of a recovery is a limit on its time', () => {
    expect(readGoal('recover until 99.5% within 1m30s during recover-2')).toEqual({
      share: 0.995,
      withinUs: 90_000_000,
      phase: 'recover-2',
    });
    expect(readLimit('recover until 99% within 60s')).toMatchObject({ kind: 'us', value: 60e6, phase: null });
    expect(readGoal('recovery.t99 < 20s')).toBeNull();
    expect(readGoal('recover until soon within 60s')).toBeNull();
  });

  test.each([
    ['recovery.amplification < 3', 4.318, 'ratio', '4.3'],
    ['recovery.herdFactor < 0.05', 0.0512, 'ratio', '0.051'],
    ['heartbeat.unanswered / heartbeat.sent < 0.001', 0.004, 'ratio', '0.4 %'],
    ['recover until 99% within 60s', 4_120_000, 'us', '4.1 s'],
    ['recover until 99% within 60s', 0, 'us', 'nothing was lost'],
  ])('%s saw %d, in words', (expression, observed, unit, words) => {
    expect(observedWords({ expression, observed, unit, passed: false })).toBe(words);
  });

  test('a recovery that was not is not reached; anything else that is not known lacks data', () => {
    const unseen = (expression: string) =>
      unseenWords({ expression, observed: null, unit: 'us', passed: false });
    expect(unseen('recover until 99% within 60s')).toBe('not reached');
    expect(unseen('clients/recovery.t99 < 20s')).toBe('not reached');
    expect(unseen('echo.response p99 < 2ms')).toBe('no data');
  });
});
