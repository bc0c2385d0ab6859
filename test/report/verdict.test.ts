import { describe, expect, test } from 'vitest';
import { verdict } from '../../src/report/verdict.js';
import type { RunResult } from '../../src/result/types.js';
import { goodRun } from './fixture.js';
import { metricOf } from './samples.js';
import * as trouble from './trouble.js';

const PASSED = /^Passed\. 1,000 connections held; heartbeats answered within \d\.\d ms \(p99\)\.$/;

describe('the one sentence', () => {
  test('a run that passed says how many connections held and how fast they were answered', () => {
    const { outcome, sentence } = verdict(goodRun());
    expect(outcome).toBe('passed');
    expect(sentence).toMatch(PASSED);
  });

  test('without a threshold nothing can have passed', () => {
    expect(verdict({ ...goodRun(), thresholds: [] })).toMatchObject({
      outcome: 'measured',
      sentence: expect.stringMatching(/^Measured, with no threshold to pass\. 1,000 connections held; /),
    });
  });

  test('connections that did not last to the end are not said to have held', () => {
    const run = goodRun();
    const lost = { ...run, connections: { ...run.connections, openAtEnd: 988 } };
    expect(verdict(lost).sentence).toMatch(/^Passed\. 988 of 1,000 connections held to the end; /);
  });

  test('without a heartbeat or echo the handshake is the second number', () => {
    const sentence = sentenceWithMetrics({ 'handshake.total': goodRun().metrics['handshake.total'] });
    expect(sentence).toMatch(/; handshakes took 4\.\d ms \(p99\), and nothing else was timed\.$/);
  });

  test('with no sample at all it says so', () => {
    expect(sentenceWithMetrics({})).toBe('Passed. 1,000 connections held; nothing was timed.');
  });

  test('a percentile that the samples cannot carry is not given', () => {
    expect(sentenceWithMetrics({ 'heartbeat.response': metricOf([900, 1200, 2600]) })).toContain(
      'within 2.6 ms (slowest of 3)',
    );
  });

  test('a failed threshold is named with what was seen and what was allowed', () => {
    expect(verdict(trouble.thresholdsFailed())).toEqual({
      outcome: 'failed',
      sentence:
        'Failed: heartbeats were answered within 412 ms (p99) during hold; the limit is 250 ms. 2 of 5 thresholds failed.',
    });
  });

  test.each([
    ['connections.neverOpened == 0', 12, 'count', 'Failed: 12 connections never opened; the limit is 0.'],
    ['closes.abnormal == 0', 45, 'count', 'Failed: 45 connections ended abnormally; the limit is 0.'],
    [
      'memory.perConnection < 8KiB',
      15_360,
      'bytes',
      'Failed: each connection cost the server 15 KiB; the limit is 8 KiB.',
    ],
    [
      'heartbeat.unanswered / heartbeat.sent < 0.1%',
      0.004,
      'ratio',
      'Failed: heartbeat.unanswered / heartbeat.sent was 0.4 %; the limit is 0.1 %.',
    ],
    ['recovery.t99 < 20s', 41_200, 'ms', 'Failed: recovery.t99 was 41.2 s; the limit is 20 s.'],
    [
      'speakers/echo.response p50 < 2ms',
      3000,
      'us',
      'Failed: echoes of speakers came back within 3.0 ms (p50); the limit is 2 ms.',
    ],
    [
      'connections.peakOpen >= 1000',
      640,
      'count',
      'Failed: connections.peakOpen was 640; at least 1,000 was asked.',
    ],
    ['echo.response p99 < 2ms', null, 'us', 'Failed: there was no data for echo.response p99 < 2ms.'],
  ])('%s in words', (expression, observed, unit, sentence) => {
    const thresholds = [{ expression, observed, unit, passed: false }];
    expect(verdict({ ...goodRun(), thresholds }).sentence).toBe(sentence);
  });

  test('a run in which nothing opened says why', () => {
    expect(verdict(trouble.allFailed())).toEqual({
      outcome: 'failed',
      sentence:
        'Failed: no connection opened; 958 of 1,000 times the server answered HTTP 503 (service unavailable).',
    });
    expect(verdict(trouble.empty()).sentence).toBe('Failed: no connection was attempted.');
  });

  test('a generator at its limit comes before thresholds that failed', () => {
    const run = { ...trouble.generatorLimited(), thresholds: trouble.thresholdsFailed().thresholds };
    expect(verdict(run)).toEqual({
      outcome: 'not-valid',
      sentence:
        'Not valid: the generator, not the server, was the limit from 00:21 on; its event loop was up to 97 % busy and sends left 63 ms late (p99).',
    });
  });

  test('a target that went down is a failure of the target', () => {
    expect(verdict(trouble.targetDied())).toEqual({
      outcome: 'failed',
      sentence: 'Failed: the target went down at 00:24; 1,000 connections were lost with it.',
    });
  });

  test('a worker that died leaves part of the record', () => {
    const { outcome, sentence } = verdict(trouble.workerDied());
    expect(outcome).toBe('partial');
    expect(sentence).toMatch(
      /^Incomplete: a worker died at 00:20; of what is known, 1,000 of 1,000 connections/,
    );
  });

  test('an interrupted run says when and how far it came', () => {
    const { outcome, sentence } = verdict(trouble.interrupted());
    expect(outcome).toBe('partial');
    expect(sentence).toMatch(/^Interrupted at 00:18: until then 1,000 of 1,000 connections had opened; /);
  });

  test('any other gap in the record is given in its own words', () => {
    const run = goodRun();
    const validity = { status: 'partial', reasons: ['No worker was left.'], fromMs: null } as const;
    expect(verdict({ ...run, run: { ...run.run, validity } }).sentence).toMatch(
      /^Incomplete: No worker was left; /,
    );
  });
});

function sentenceWithMetrics(metrics: Record<string, RunResult['metrics'][string] | undefined>): string {
  const known = Object.entries(metrics).flatMap(([name, metric]) =>
    metric === undefined ? [] : [[name, metric] as const],
  );
  return verdict({ ...goodRun(), metrics: Object.fromEntries(known) }).sentence;
}
