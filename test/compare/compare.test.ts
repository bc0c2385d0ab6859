import { describe, expect, it } from 'vitest';
import { type Comparing, compareRuns, type GivenSide } from '../../dist/compare/compare.js';
import type { MeasuredRun } from '../../dist/compare/measuredRun.js';
import { comparisonExitCode } from '../../dist/result/exitCode.js';
import { measuredRun, noisyRuns } from './runs.js';

const usual = { 'heartbeat.response p50': 900, 'memory.perConnection': 5800 };

const comparing: Comparing = {
  kind: 'compare',
  startedAt: '2026-11-30T12:00:00.000Z',
  durationMs: 100,
  command: 'wsherd compare',
  tolerance: 0.03,
  calibration: null,
  allowOtherMachines: false,
  seed: 1,
  level: 0.02,
  rounds: null,
  notes: [],
};

function side(runs: readonly MeasuredRun[], useless: GivenSide['useless'] = []): GivenSide {
  return { name: null, runs, useless };
}

function changed(runs: readonly MeasuredRun[], changes: Partial<MeasuredRun>): MeasuredRun[] {
  return runs.map((run) => ({ ...run, ...changes }));
}

const baseline = noisyRuns(8, usual, 0.01, 1);
const candidate = noisyRuns(8, usual, 0.01, 2);

describe('a comparison', () => {
  it('says the same of the same, and exits with 0', () => {
    const record = compareRuns(side(baseline), side(candidate), comparing);
    expect(record).toMatchObject({
      verdict: 'same',
      baseline: { runs: 8 },
      candidate: { runs: 8 },
      notes: [],
    });
    expect(comparisonExitCode(record, true)).toBe(0);
  });

  it('exits with 98 for what is worse, and with strict for what cannot be decided', () => {
    const larger = noisyRuns(8, { ...usual, 'memory.perConnection': 9900 }, 0.01, 2);
    const worse = compareRuns(side(baseline), side(larger), comparing);
    expect(worse.verdict).toBe('worse');
    expect(comparisonExitCode(worse, false)).toBe(98);
    const noisy = compareRuns(
      side(noisyRuns(8, usual, 0.6, 1)),
      side(noisyRuns(8, usual, 0.6, 2)),
      comparing,
    );
    expect(noisy.verdict).toBe('inconclusive');
    expect([comparisonExitCode(noisy, false), comparisonExitCode(noisy, true)]).toEqual([0, 98]);
  });

  it('does not use what is not valid, says so, and without enough others says nothing of the server', () => {
    const useless = [
      {
        path: 'x/result.json',
        validity: 'generator-limited' as const,
        reason: 'The generator was the limit.',
      },
    ];
    const record = compareRuns(side(baseline.slice(0, 5), useless), side(candidate), comparing);
    expect(record.unused).toEqual([{ side: 'baseline', ...useless[0] }]);
    expect(record.metrics.every(({ because }) => because === 'too-few-runs')).toBe(true);
    expect(comparisonExitCode(record, false)).toBe(4);
    expect(() => compareRuns(side([], useless), side([]), comparing)).toThrow('The generator was the limit.');
  });

  it('refuses runs of another scenario, and says where they differ', () => {
    const other = changed(candidate, { asked: { populations: { clients: { connections: 500 } } } });
    expect(() => compareRuns(side(baseline), side(other), comparing)).toThrow(
      'they differ in populations.clients.connections',
    );
  });

  it('refuses other machines unless told otherwise, and says so then', () => {
    const machine = { ...measuredRun({}).machine, cpus: { model: 'Other', count: 8 } };
    const other = changed(candidate, { machine });
    expect(() => compareRuns(side(baseline), side(other), comparing)).toThrow('--allow-other-machines');
    const record = compareRuns(side(baseline), side(other), { ...comparing, allowOtherMachines: true });
    expect(record.notes[0]).toContain('8 x Other');
  });

  it('says what only one side has measured', () => {
    const { 'memory.perConnection': _memory, ...rest } = usual;
    const record = compareRuns(side(baseline), side(noisyRuns(8, rest, 0.01, 3)), comparing);
    expect(record.notes).toEqual(['Measured on one side only, and so not compared: memory.perConnection.']);
    expect(record.metrics.map(({ name }) => name)).toEqual(['heartbeat.response p50']);
  });

  it('gives the same answer for the same runs', () => {
    expect(compareRuns(side(baseline), side(candidate), comparing)).toEqual(
      compareRuns(side(baseline), side(candidate), comparing),
    );
  });
});
