import { describe, expect, test } from 'vitest';
import { verdict } from '../../../src/report/verdict.js';
import type { RunResult } from '../../../src/result/types.js';
import * as cases from './cases.js';

function sentence(run: RunResult): string {
  return verdict(run).sentence;
}

function withRecovery(run: RunResult, changes: Partial<RunResult['recoveries'][number]>): RunResult {
  return { ...run, recoveries: run.recoveries.map((recovery) => ({ ...recovery, ...changes })) };
}

describe('the one sentence of a storm', () => {
  test('says after which fault 99 % of how many were back, when, and with how many attempts', () => {
    const run = withRecovery(cases.killed(), { t99Ms: 4120, amplification: 2.3 });
    expect(verdict(run)).toEqual({
      outcome: 'passed',
      sentence: 'Passed. After the kill 99 % of 2,000 connections were back after 4.1 s (2.3 attempts each).',
    });
  });

  test('says what connections that stayed went through', () => {
    expect(sentence(cases.partial())).toMatch(
      /^Passed\. After the disconnect 99 % of 600 connections .*; those that stayed were answered within \d+ ms \(p99\)\.$/,
    );
  });

  test('a limit that was missed is held against the time that it took', () => {
    expect(sentence(cases.lockstep())).toBe(
      'Failed: after the kill 99 % were back after 22.9 s; the limit is 20 s.',
    );
  });

  test('who was away when the time was over is counted at that time, not at the end of the record', () => {
    const run = cases.notRecovered();
    const { dropped, recovered } = run.recoveries[0] ?? { dropped: 0, recovered: 0 };
    expect(sentence(run)).toBe(
      `Not recovered: 30 s after the kill ${dropped - recovered} of 2,000 connections were still away. 2 of 3 thresholds failed.`,
    );
    const earlier = run.thresholds.map((threshold) => ({
      ...threshold,
      expression: threshold.expression.replace('within 30s', 'within 2s'),
    }));
    expect(sentence({ ...run, thresholds: earlier })).toMatch(
      /^Not recovered: 2 s after the kill 2,000 of 2,000 connections were still away\./,
    );
  });

  test('who was back, but too late for the goal, is a limit that was missed', () => {
    const run = cases.lockstep();
    const expression = 'recover until 99% within 10s';
    const thresholds = [{ expression, observed: 22_900_000, unit: 'us', passed: false }];
    expect(sentence({ ...run, thresholds })).toBe(
      'Failed: after the kill 99 % were back after 22.9 s; the limit is 10 s.',
    );
  });

  test('a time that was never reached is said to be never, not to lack data', () => {
    const run = cases.notRecovered();
    const thresholds = run.thresholds.filter(({ expression }) => expression.startsWith('recovery.t99'));
    expect(sentence({ ...run, thresholds })).toBe(
      'Failed: after the kill 99 % were never back; the limit is 20 s.',
    );
  });

  test('clients that gave up are named', () => {
    expect(sentence(cases.gaveUp())).toMatch(
      /1,962 of 2,000 connections were still away; all of them gave up\./,
    );
  });

  test('of several faults the worst is told, and that it was', () => {
    expect(sentence(cases.twoFaults())).toMatch(
      /^Passed\. After the kill, the worse of 2 faults, 99 % of 2,000 connections were back after /,
    );
  });

  test('faults of one kind are told apart', () => {
    const run = cases.twoFaults();
    const kills = run.recoveries.map((recovery) => ({ ...recovery, fault: 'kill-target' }));
    expect(sentence({ ...run, recoveries: kills })).toMatch(
      /^Passed\. After the first kill, the worse of 2 faults,/,
    );
  });

  test('one connection is not spoken of in per cent', () => {
    expect(sentence(cases.oneLost())).toMatch(
      /^Passed\. After the kill the one connection was back after 4\.\d s \(4 attempts\)\.$/,
    );
  });

  test('a fault that took nothing down leaves the sentence to the connections that held', () => {
    expect(sentence(cases.noneLost())).toMatch(
      /^Passed\. 2,000 connections held; heartbeats answered within /,
    );
  });

  test.each([
    ['recovery.amplification < 2', 4.318, 'connections needed 4.3 attempts each; the limit is 2.'],
    [
      'recovery.herdFactor < 0.5',
      1.91,
      'the worst second saw 1.9 attempts for each lost connection; the limit is 0.5.',
    ],
  ])('%s in words', (expression, observed, words) => {
    const thresholds = [{ expression, observed, unit: 'ratio', passed: false }];
    expect(sentence({ ...cases.killed(), thresholds })).toBe(`Failed: after the kill ${words}`);
  });
});
