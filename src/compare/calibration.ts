import {
  type CalibratedMetric,
  type CalibrationRecord,
  COMPARISON_SCHEMA_VERSION,
  type ComparisonRecord,
} from '../result/comparison.js';
import { mean } from '../stats/mean.js';
import { median } from '../stats/median.js';
import { ALARM_RATE } from './compare.js';
import { detectableChange, spreadOf } from './judge.js';
import { LEAST_RUNS } from './question.js';

/**
 * What runs of the same thing differ by, from a comparison of it with itself: all runs of both sides are one sample. Metrics that too
 * few of them have are left out. Pure.
 */
export function calibrationOf(record: ComparisonRecord, scenarioKey: string): CalibrationRecord | null {
  const machine = record.baseline.machines[0];
  if (machine === undefined) return null;
  const perSide = Math.min(record.baseline.runs, record.candidate.runs);
  const { tool, scenario, runs } = record;
  return {
    schemaVersion: COMPARISON_SCHEMA_VERSION,
    ...{ tool, scenario, scenarioKey, machine },
    measuredAt: record.startedAt,
    runs: runs.length,
    metrics: record.metrics.flatMap(({ name, unit, values }): CalibratedMetric[] => {
      const sides = [values.baseline, values.candidate].map((side) => side.filter((value) => value !== null));
      const all = sides.flat();
      if (sides.some(({ length }) => length < LEAST_RUNS)) return [];
      const basis = all.every((value) => value > 0) ? 'ratio' : 'difference';
      const spread = spreadOf(all, basis, false);
      const inTurn = sides.map((side) => spreadOf(side, basis, true));
      const spreadInTurn = Math.sqrt(mean(inTurn.map((one) => one ** 2)));
      const level = (2 * ALARM_RATE) / Math.max(1, record.method.family);
      const detectable = detectableChange(spreadInTurn, basis, perSide, level);
      return [{ name, unit, basis, median: median(all), spread, spreadInTurn, detectable, perSide }];
    }),
  };
}
