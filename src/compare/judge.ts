/** Whether what runs are compared by has changed between two sides, metric by metric. */
import type {
  CalibrationRecord,
  ComparedMetric,
  ComparisonVerdict,
  InconclusiveReason,
} from '../result/comparison.js';
import {
  type BootstrapOptions,
  blockBootstrapInterval,
  bootstrapInterval,
  type Ends,
  effectOf,
} from '../stats/bootstrap.js';
import { detectableShift } from '../stats/detectable.js';
import { holm, testable } from '../stats/holm.js';
import { median, neighbourDeviation, robustDeviation } from '../stats/median.js';
import type { MeasuredRun } from './measuredRun.js';
import { measures } from './measures.js';
import { LEAST_RUNS, QUIET, type Question, questionOf } from './question.js';

export interface Judging {
  /** Share of the baseline that a metric may change by. */
  readonly tolerance: number;
  /** Two-sided level of the corrected p-values. */
  readonly level: number;
  readonly calibration: CalibrationRecord | null;
  readonly resamples: number;
  readonly seed: number;
}

export interface Judged {
  readonly metrics: readonly ComparedMetric[];
  /** How many of them were corrected for. */
  readonly family: number;
  /** How many gated ones vary, where so few runs could decide not one of them; else 0. */
  readonly undecidable: number;
}

/** Judges everything that both sides have measured. Pure. */
export function judgeMetrics(
  baseline: readonly MeasuredRun[],
  candidate: readonly MeasuredRun[],
  judging: Judging,
): Judged {
  const { calibration } = judging;
  const questions = measures.flatMap(
    (measure) => questionOf(measure, baseline, candidate, calibration) ?? [],
  );
  const gated = questions.filter((question) => question.gated);
  const asked = testable(
    gated.map(({ test }) => test?.leastPValue ?? 1),
    judging.level,
  ).flatMap((i) => gated[i] ?? []);
  const corrected = holm(asked.map(({ test }) => test?.pValue ?? 1));
  const adjusted = new Map(asked.map((question, i) => [question, corrected[i] ?? 1]));
  const family = asked.length;
  const others = questions.filter((question) => !question.gated);
  return {
    metrics: [...gated, ...others].map((question) =>
      answer(question, adjusted.get(question) ?? null, family, judging),
    ),
    family,
    undecidable: family > 0 ? 0 : gated.filter(({ test }) => (test?.leastPValue ?? 1) < 1).length,
  };
}

function answer(
  question: Question,
  adjustedPValue: number | null,
  family: number,
  judging: Judging,
): ComparedMetric {
  const { measure, gated, before, after, basis, test } = question;
  const [baseline, candidate] = [median(before), median(after)];
  const { resamples, seed } = judging;
  const ci95 = test === null ? null : intervalOf(question, { effect: basis, resamples, seed });
  const tolerance = basis === 'ratio' ? judging.tolerance : measure.tolerance;
  const noise = detectableIn(question, family, judging);
  const effect = effectOf(basis, baseline, candidate);
  const corrected = gated ? (adjustedPValue ?? 1) : (test?.pValue ?? 1);
  const { verdict, because } = conclude({
    change: basis === 'ratio' ? effect - 1 : effect,
    interval: ci95 === null ? null : basis === 'ratio' ? [ci95[0] - 1, ci95[1] - 1] : ci95,
    isSignificant: corrected <= judging.level,
    tolerance,
    detectable: noise.detectable ?? 0,
    mostNoise: basis === 'ratio' ? QUIET : Number.POSITIVE_INFINITY,
  });
  return {
    name: measure.name,
    unit: measure.unit,
    gated,
    baseline,
    candidate,
    basis,
    ratio: baseline === 0 ? null : candidate / baseline,
    difference: candidate - baseline,
    ci95,
    pValue: test?.pValue ?? null,
    adjustedPValue: gated && test !== null ? corrected : null,
    tolerance,
    ...noise,
    verdict,
    because,
    values: { baseline: question.baseline, candidate: question.candidate },
  };
}

function intervalOf({ before, after, rounds }: Question, options: BootstrapOptions): Ends {
  return rounds === null
    ? bootstrapInterval(before, after, options)
    : blockBootstrapInterval(rounds, options);
}

/** The smallest change that can be told from none, by a calibration or by how much the baseline's own runs differ. */
function detectableIn(
  { measure, before, after, basis, rounds }: Question,
  family: number,
  { calibration, level }: Judging,
): Pick<ComparedMetric, 'detectable' | 'detectableFrom'> {
  const perSide = Math.min(before.length, after.length);
  const known = calibration?.metrics.find(({ name, basis: own }) => name === measure.name && own === basis);
  if (known === undefined && perSide < LEAST_RUNS) return { detectable: null, detectableFrom: null };
  const inTurn = rounds !== null;
  const spread = (inTurn ? known?.spreadInTurn : known?.spread) ?? spreadOf(before, basis, inTurn);
  return {
    detectable: detectableChange(spread, basis, perSide, level / Math.max(1, family)),
    detectableFrom: known === undefined ? 'baseline-spread' : 'calibration',
  };
}

/** Robust standard deviation between runs: of the logarithm for a ratio, else in the unit; without drift where runs took turns. */
export function spreadOf(values: readonly number[], basis: ComparedMetric['basis'], inTurn: boolean): number {
  const scaled = basis === 'ratio' ? values.map(Math.log) : values;
  return inTurn ? neighbourDeviation(scaled) : robustDeviation(scaled);
}

/** A share of the baseline for a ratio, else in the unit. */
export function detectableChange(
  spread: number,
  basis: ComparedMetric['basis'],
  perSide: number,
  level: number,
): number {
  const shift = detectableShift(spread, perSide, level);
  return basis === 'ratio' ? Math.expm1(shift) : shift;
}

interface Evidence {
  /** 0 for none: of the ratio - 1, or the difference. */
  readonly change: number;
  readonly interval: Ends | null;
  readonly isSignificant: boolean;
  readonly tolerance: number;
  readonly detectable: number;
  /** More noise than this, and nothing can be called the same. */
  readonly mostNoise: number;
}

interface Conclusion {
  readonly verdict: ComparisonVerdict;
  readonly because: InconclusiveReason | null;
}

function conclude(evidence: Evidence): Conclusion {
  const { change, interval, isSignificant, tolerance, detectable, mostNoise } = evidence;
  if (interval === null) return { verdict: 'inconclusive', because: 'too-few-runs' };
  const [low, high] = interval;
  const margin = Math.max(tolerance, detectable);
  const excludesNone = low > 0 || high < 0;
  const isLarge = Math.abs(change) > margin;
  if (excludesNone && isSignificant && isLarge) {
    return { verdict: change > 0 ? 'worse' : 'better', because: null };
  }
  const isWithin = low >= -margin && high <= margin;
  if (isWithin && margin <= Math.max(tolerance, mostNoise)) return { verdict: 'same', because: null };
  if (isLarge && excludesNone) return { verdict: 'inconclusive', because: 'not-significant' };
  const isHidden = Math.abs(change) > tolerance && (isWithin || (excludesNone && isSignificant));
  return { verdict: 'inconclusive', because: isHidden ? 'undetectable' : 'wide-interval' };
}

/** Over the gated metrics, the worst news first. */
export function verdictOf(metrics: readonly ComparedMetric[]): ComparisonVerdict {
  const gated = metrics.filter((metric) => metric.gated).map(({ verdict }) => verdict);
  if (gated.length === 0) return 'inconclusive';
  for (const verdict of ['worse', 'inconclusive', 'better'] as const) {
    if (gated.includes(verdict)) return verdict;
  }
  return 'same';
}
