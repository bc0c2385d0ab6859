import { describe, expect, it } from 'vitest';
import { judgeMetrics, verdictOf } from '../../dist/compare/judge.js';
import type { CalibrationRecord, ComparedMetric } from '../../dist/result/comparison.js';
import { measuredRun, noisyRuns } from './runs.js';

const judging = { tolerance: 0.03, level: 0.02, calibration: null, resamples: 500, seed: 1 };
const usual = {
  'heartbeat.response p50': 900,
  'heartbeat.response p90': 2000,
  'heartbeat.response p99': 9000,
  'memory.perConnection': 5800,
  'target.cpuPerConnect': 300,
};

describe('a verdict', () => {
  it('is worse for each metric that grew, and for no other', () => {
    const { metrics } = judgeMetrics(
      noisyRuns(10, usual, 0.02, 1),
      noisyRuns(10, { ...usual, 'memory.perConnection': 9900 }, 0.02, 2),
      judging,
    );
    expect(named(metrics, 'worse')).toEqual(['memory.perConnection']);
    const memory = metrics.find(({ name }) => name === 'memory.perConnection');
    expect(memory?.ratio).toBeCloseTo(9900 / 5800, 1);
    expect(memory?.ci95?.[0]).toBeGreaterThan(1.5);
    expect(memory?.adjustedPValue).toBeLessThan(0.001);
    expect(verdictOf(metrics)).toBe('worse');
  });

  it('is better where a metric shrank', () => {
    const { metrics } = judgeMetrics(
      noisyRuns(10, usual, 0.02, 1),
      noisyRuns(10, { ...usual, 'target.cpuPerConnect': 200 }, 0.02, 2),
      judging,
    );
    expect(named(metrics, 'better')).toEqual(['target.cpuPerConnect']);
  });

  it('turns over when the sides do', () => {
    const one = noisyRuns(10, usual, 0.02, 1);
    const other = noisyRuns(10, { ...usual, 'target.cpuPerConnect': 400 }, 0.02, 2);
    expect(named(judgeMetrics(one, other, judging).metrics, 'worse')).toEqual(['target.cpuPerConnect']);
    expect(named(judgeMetrics(other, one, judging).metrics, 'better')).toEqual(['target.cpuPerConnect']);
  });

  it('is the same where the interval holds nothing that matters', () => {
    const { metrics } = judgeMetrics(noisyRuns(10, usual, 0.01, 1), noisyRuns(10, usual, 0.01, 2), judging);
    expect(verdictOf(metrics)).toBe('same');
  });

  it('is not worse for a change that the user tolerates', () => {
    const slower = { ...usual, 'target.cpuPerConnect': 300 * 1.08 };
    const [one, other] = [noisyRuns(10, usual, 0.005, 1), noisyRuns(10, slower, 0.005, 2)];
    expect(named(judgeMetrics(one, other, judging).metrics, 'worse')).toEqual(['target.cpuPerConnect']);
    const tolerant = judgeMetrics(one, other, { ...judging, tolerance: 0.1 }).metrics;
    expect(named(tolerant, 'worse')).toEqual([]);
  });

  it('is inconclusive where runs differ by more than what could matter', () => {
    const { metrics } = judgeMetrics(noisyRuns(10, usual, 0.5, 1), noisyRuns(10, usual, 0.5, 2), judging);
    expect(verdictOf(metrics)).toBe('inconclusive');
    expect(metrics.every(({ because, verdict }) => (because === null) === (verdict !== 'inconclusive'))).toBe(
      true,
    );
  });

  it('is worse by the difference where the baseline is 0', () => {
    const none = Array.from({ length: 10 }, () => measuredRun({ 'broadcast.lost': 0 }));
    const some = Array.from({ length: 10 }, (_, i) => measuredRun({ 'broadcast.lost': 0.009 + i / 5000 }));
    const [metric] = judgeMetrics(none, some, judging).metrics;
    expect(metric).toMatchObject({ basis: 'difference', verdict: 'worse', ratio: null });
    expect(metric?.difference).toBeCloseTo(0.0099, 4);
  });

  it('is the same where nothing was lost on either side', () => {
    const none = Array.from({ length: 6 }, () => measuredRun({ 'broadcast.lost': 0 }));
    expect(judgeMetrics(none, none, judging)).toMatchObject({ family: 0, metrics: [{ verdict: 'same' }] });
  });

  it('is inconclusive with five runs, however far apart', () => {
    const { metrics } = judgeMetrics(
      noisyRuns(5, usual, 0.01, 1),
      noisyRuns(10, { ...usual, 'memory.perConnection': 99_000 }, 0.01, 2),
      judging,
    );
    expect(metrics.every(({ because }) => because === 'too-few-runs')).toBe(true);
    expect(metrics.every(({ ci95, pValue }) => ci95 === null && pValue === null)).toBe(true);
  });
});

describe('sides that ran in turn', () => {
  const drifting = (times: number, seed: number) =>
    noisyRuns(10, { 'target.cpuPerMessage': 100 * times }, 0.02, seed).map((run, i) => {
      const drift = 2 ** (-i / 9);
      const values = { 'target.cpuPerMessage': (run.values['target.cpuPerMessage'] ?? 0) * drift };
      return { ...run, values, round: i + 1 };
    });

  it('are not told to be noisy for what drifted through both of them', () => {
    const sides = [drifting(1, 1), drifting(2, 2)] as const;
    const [inTurn] = judgeMetrics(...sides, judging).metrics;
    expect(inTurn).toMatchObject({ verdict: 'worse' });
    expect(inTurn?.detectable).toBeLessThan(0.3);
    const apart = sides.map((side) => side.map(({ round: _round, ...run }) => run));
    const [unknown] = judgeMetrics(apart[0] ?? [], apart[1] ?? [], judging).metrics;
    expect(unknown?.detectable).toBeGreaterThan(0.4);
  });

  it('are compared within rounds that lie side by side: a machine that drifts hides nothing', () => {
    const sides = [drifting(1, 1), drifting(1.25, 2)] as const;
    const [inTurn] = judgeMetrics(...sides, judging).metrics;
    expect(inTurn).toMatchObject({ verdict: 'worse' });
    expect(inTurn?.ci95?.[0]).toBeGreaterThan(1.1);
    const apart = sides.map((side) => side.map(({ round: _round, ...run }) => run));
    const [unknown] = judgeMetrics(apart[0] ?? [], apart[1] ?? [], judging).metrics;
    expect(unknown?.verdict).toBe('inconclusive');
    expect(unknown?.pValue).toBeGreaterThan(0.05);
  });

  it('are compared with a run missing on either side', () => {
    const baseline = drifting(1, 1).filter(({ round }) => round !== 4);
    const candidate = drifting(1.5, 2).filter(({ round }) => round !== 7);
    const [metric] = judgeMetrics(baseline, candidate, judging).metrics;
    expect(metric).toMatchObject({ verdict: 'worse', gated: true });
  });
});

describe('a tail', () => {
  const slower = { ...usual, 'heartbeat.response p99': 18_000 };
  const sides = [noisyRuns(10, usual, 0.02, 1), noisyRuns(10, slower, 0.02, 2)] as const;

  it('is shown, and does not count', () => {
    const { metrics } = judgeMetrics(...sides, judging);
    expect(metrics.at(-1)).toMatchObject({
      name: 'heartbeat.response p99',
      gated: false,
      adjustedPValue: null,
    });
    expect(verdictOf(metrics)).toBe('same');
  });

  it('counts where a calibration has shown that it hardly changes', () => {
    const { metrics } = judgeMetrics(...sides, { ...judging, calibration: calibrated(0.02, 0.05) });
    expect(named(metrics, 'worse')).toEqual(['heartbeat.response p99']);
    const noisy = judgeMetrics(...sides, { ...judging, calibration: calibrated(0.6, 2) });
    expect(verdictOf(noisy.metrics)).toBe('same');
  });
});

describe('a calibration', () => {
  it('says what is too small to be told from none', () => {
    const slower = { ...usual, 'heartbeat.response p50': 900 * 1.1 };
    const sides = [noisyRuns(10, usual, 0.01, 1), noisyRuns(10, slower, 0.01, 2)] as const;
    const name = 'heartbeat.response p50';
    expect(named(judgeMetrics(...sides, judging).metrics, 'worse')).toEqual([name]);
    const calibration = calibrated(0.2, 0.5, name);
    const metric = judgeMetrics(...sides, { ...judging, calibration }).metrics.find(
      (one) => one.name === name,
    );
    expect(metric).toMatchObject({
      verdict: 'inconclusive',
      because: 'undetectable',
      detectableFrom: 'calibration',
    });
  });
});

function named(metrics: readonly ComparedMetric[], verdict: ComparedMetric['verdict']): string[] {
  return metrics.filter((metric) => metric.verdict === verdict && metric.gated).map(({ name }) => name);
}

function calibrated(spread: number, detectable: number, name = 'heartbeat.response p99'): CalibrationRecord {
  const { machine, scenario } = measuredRun({});
  return {
    schemaVersion: 1,
    tool: { name: 'wsherd', version: '0.1.0' },
    ...{ scenario, scenarioKey: '', machine, runs: 20 },
    measuredAt: '2026-11-30T12:00:00.000Z',
    metrics: [
      {
        name,
        unit: 'us',
        basis: 'ratio',
        median: 9000,
        spread,
        spreadInTurn: spread,
        detectable,
        perSide: 10,
      },
    ],
  };
}
