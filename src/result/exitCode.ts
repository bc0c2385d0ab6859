import { ExitCode } from '../errors.js';
import type { CapacityRecord } from './capacity.js';
import type { ComparisonRecord } from './comparison.js';
import type { RunResult } from './types.js';

/** The exit code of a run, the first that applies in the order of `ExitCode`. */
export function exitCodeOf(result: RunResult, allowSaturated: boolean): ExitCode {
  const has = (kind: string): boolean => result.events.some((event) => event.kind === kind);
  if (has('interrupted')) return ExitCode.interrupted;
  if (has('target-exit') || result.connections.opened === 0) return ExitCode.target;
  const { status } = result.run.validity;
  if (status === 'partial' || (status === 'generator-limited' && !allowSaturated)) return ExitCode.invalidRun;
  return result.thresholds.every(({ passed }) => passed) ? ExitCode.ok : ExitCode.thresholdFailed;
}

const OUTCOME_CODES = {
  bracketed: ExitCode.ok,
  'at-least': ExitCode.ok,
  'never-passed': ExitCode.thresholdFailed,
  generator: ExitCode.invalidRun,
  'target-broken': ExitCode.target,
  interrupted: ExitCode.interrupted,
} as const satisfies Record<CapacityRecord['outcome'], ExitCode>;

/** The exit code of a search: a capacity, or that the end of the range passed, is a success. */
export function capacityExitCode({ outcome }: Pick<CapacityRecord, 'outcome'>): ExitCode {
  return OUTCOME_CODES[outcome];
}

/** Neither side of a comparison says anything without so many runs of both. */
export function hasTooFewRuns({ baseline, candidate, method }: ComparisonRecord): boolean {
  return Math.min(baseline.runs, candidate.runs) < method.leastRuns;
}

/**
 * The exit code of a comparison. Without enough valid runs it says nothing; that it could not be decided is a failure only
 * where `strict` says so.
 */
export function comparisonExitCode(record: ComparisonRecord, strict: boolean): ExitCode {
  const { verdict, rounds, unused } = record;
  if (rounds?.endedBecause === 'interrupted') return ExitCode.interrupted;
  if (rounds?.endedBecause === 'target-failed') return ExitCode.target;
  if (hasTooFewRuns(record) && (unused.length > 0 || rounds?.endedBecause === 'time-up'))
    return ExitCode.invalidRun;
  const isRegression = verdict === 'worse' || (strict && verdict === 'inconclusive');
  return isRegression ? ExitCode.regression : ExitCode.ok;
}
