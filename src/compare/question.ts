/** What is asked of one measure: the values of both sides, and the test of them. */
import type { CalibrationRecord, ComparedMetric } from '../result/comparison.js';
import { type Block, type RankSum, rankSum } from '../stats/rankSum.js';
import { blocksOf, roundsOf } from './blocks.js';
import type { MeasuredRun } from './measuredRun.js';
import type { Measure } from './measures.js';

/** With five values, all of one side of the true median come up in 2 of 32 cases; with six in 2 of 64, which is below 5 %. */
export const LEAST_RUNS = 6;

/** A measure with the values of both sides. */
export interface Question {
  readonly measure: Measure;
  readonly gated: boolean;
  readonly baseline: ReadonlyArray<number | null>;
  readonly candidate: ReadonlyArray<number | null>;
  /** Those of runs that have it. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly basis: ComparedMetric['basis'];
  /** The same round by round where both sides ran in turn, so that what drifts met them alike; else null. */
  readonly rounds: readonly Block[] | null;
  /** Null with too few runs. */
  readonly test: RankSum | null;
}

/** Null when a side has no value at all. */
export function questionOf(
  measure: Measure,
  baseline: readonly MeasuredRun[],
  candidate: readonly MeasuredRun[],
  calibration: CalibrationRecord | null,
): Question | null {
  const valuesIn = (runs: readonly MeasuredRun[]) => runs.map(({ values }) => values[measure.name] ?? null);
  const sides = { baseline: valuesIn(baseline), candidate: valuesIn(candidate) };
  const before = sides.baseline.filter((value) => value !== null);
  const after = sides.candidate.filter((value) => value !== null);
  if (before.length === 0 || after.length === 0) return null;
  const rounds = roundsIn(baseline, candidate, measure);
  const blocks = rounds === null ? [{ first: before, second: after }] : blocksOf(rounds);
  const isEnough = Math.min(before.length, after.length) >= LEAST_RUNS;
  return {
    measure,
    gated: measure.gated === 'always' || isQuiet(measure, calibration),
    ...sides,
    before,
    after,
    basis: before.every((value) => value > 0) ? 'ratio' : 'difference',
    rounds,
    test: isEnough ? rankSum(scaled(blocks)) : null,
  };
}

/** Null unless all runs are of a round. */
function roundsIn(
  baseline: readonly MeasuredRun[],
  candidate: readonly MeasuredRun[],
  { name }: Measure,
): Block[] | null {
  const valuesIn = (runs: readonly MeasuredRun[]) =>
    runs.flatMap(({ values: { [name]: value }, round }) =>
      value === undefined || round === undefined ? [] : [{ round, value }],
    );
  const isInTurn = [...baseline, ...candidate].every(({ round }) => round !== undefined);
  return isInTurn ? roundsOf(valuesIn(baseline), valuesIn(candidate)) : null;
}

/** Logarithms where there are any: what drifts makes times longer by a share of them. */
function scaled(blocks: readonly Block[]): readonly Block[] {
  const isPositive = blocks.every(({ first, second }) => [...first, ...second].every((value) => value > 0));
  if (!isPositive) return blocks;
  return blocks.map(({ first, second }) => ({ first: first.map(Math.log), second: second.map(Math.log) }));
}

/** A tail is gated where a calibration has shown that it changes by no more than this between runs of the same thing. */
export const QUIET = 0.25;

function isQuiet({ name }: Measure, calibration: CalibrationRecord | null): boolean {
  const known = calibration?.metrics.find((metric) => metric.name === name);
  return known !== undefined && known.basis === 'ratio' && known.detectable <= QUIET;
}
