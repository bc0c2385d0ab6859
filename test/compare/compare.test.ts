import { describe, expect, it } from 'vitest';
import { type Comparing, compareRuns, type GivenSide } from '../../dist/compare/compare.js';
import { keyOf, type MeasuredRun } from '../../dist/compare/measuredRun.js';
import type { CalibrationRecord } from '../../dist/result/comparison.js';
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

  it('takes patches of the system and of Node for the same machine, another release for another', () => {
    const { machine } = measuredRun({});
    const patched = changed(candidate, {
      machine: { ...machine, os: 'Linux 6.18.99-cloud', node: 'v20.20.9' },
    });
    expect(compareRuns(side(baseline), side(patched), comparing).notes).toEqual([]);
    const updated = changed(candidate, { machine: { ...machine, os: 'Linux 6.19.1' } });
    expect(() => compareRuns(side(baseline), side(updated), comparing)).toThrow('different machines');
  });

  it('says which versions of wsherd have measured, where there are several', () => {
    const newer = changed(candidate, { version: '0.2.0' });
    const { notes } = compareRuns(side(baseline), side(newer), comparing);
    expect(notes).toEqual([
      'The runs were measured by several versions of wsherd (0.1.0, 0.2.0), so a change may be that between them.',
    ]);
  });

  it('does not use a calibration of something else, and says what it is of', () => {
    const { machine, scenario } = measuredRun({});
    const calibration = {
      ...{ schemaVersion: 1, tool: { name: 'wsherd', version: '0.1.0' }, scenario, machine, runs: 20 },
      ...{ measuredAt: '2026-11-30T12:00:00.000Z', metrics: [], scenarioKey: keyOf(measuredRun({}).asked) },
    } as const satisfies CalibrationRecord;
    const madeWith = (changes: Partial<CalibrationRecord>) =>
      compareRuns(side(baseline), side(candidate), {
        ...comparing,
        calibration: { ...calibration, ...changes },
      });
    expect(madeWith({})).toMatchObject({ notes: [], method: { calibration: calibration.measuredAt } });
    const other = madeWith({ scenarioKey: 'other' });
    expect(other.method.calibration).toBeNull();
    expect(other.notes[0]).toContain('with another scenario, or other settings of it, and is not used');
    const elsewhere = madeWith({ machine: { ...machine, cpus: { model: 'Other', count: 8 } } });
    expect(elsewhere.notes[0]).toContain('on another machine, 8 x Other');
  });

  it('says how many runs it takes where so few can decide none of so many metrics', () => {
    const shares = ['heartbeat.unanswered', 'echo.unanswered', 'broadcast.lost', 'closes.abnormal'];
    const times = ['heartbeat.response', 'echo.response', 'handshake.total'].flatMap((name) => [
      `${name} p50`,
      `${name} p90`,
    ]);
    const many = Object.fromEntries([...shares, ...times].map((name) => [name, 100]));
    const worse = Object.fromEntries([...shares, ...times].map((name) => [name, 300]));
    const compared = (runs: number) =>
      compareRuns(side(noisyRuns(runs, many, 0.01, 1)), side(noisyRuns(runs, worse, 0.01, 2)), comparing);
    expect(compared(6).verdict).toBe('inconclusive');
    expect(compared(6).notes).toEqual([
      'With 6 runs a side none of 10 metrics can be called worse or better, since chance alone could set that many apart: it takes 7.',
    ]);
    expect(compared(7)).toMatchObject({ verdict: 'worse', notes: [] });
  });

  it('exits with 4 where the time was up before six rounds, and with 0 after them', () => {
    const rounds = { planned: 10, done: 3, endedBecause: 'time-up', overheadMs: 900 } as const;
    const timed = { ...comparing, kind: 'ab', rounds } as const;
    const short = compareRuns(side(baseline.slice(0, 3)), side(candidate.slice(0, 3)), timed);
    expect(comparisonExitCode(short, false)).toBe(4);
    expect(comparisonExitCode(compareRuns(side(baseline), side(candidate), timed), false)).toBe(0);
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
