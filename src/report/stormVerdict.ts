/** What a verdict says of a storm: the clauses, without the word that begins it. */
import { aftermathOf, countUpTo, samplesIn } from '../result/aftermath.js';
import type { Recovery } from '../result/recovery.js';
import type { RunResult, ThresholdVerdict } from '../result/types.js';
import { type Limit, observedWords, type RecoverGoal, readGoal } from './limits.js';
import { count, duration, share, trimmed } from './numbers.js';
import { attemptsWords, backWords, faultWords, MILESTONES, whichFault, worstRecovery } from './stormWords.js';

export interface UnmetGoal {
  readonly goal: RecoverGoal;
  readonly verdict: ThresholdVerdict;
  readonly recovery: Recovery;
}

/** The goal of a phase `recover` that was not reached, with the recovery that missed it. */
export function unmetGoal(result: RunResult): UnmetGoal | null {
  for (const verdict of result.thresholds) {
    const goal = verdict.passed ? null : readGoal(verdict.expression);
    const recovery = goal === null ? null : recoveryOf(result, goal);
    if (goal !== null && recovery !== null) return { goal, verdict, recovery };
  }
  return null;
}

/** What a goal is about: the fault before its phase. */
function recoveryOf(result: RunResult, { phase }: RecoverGoal): Recovery | null {
  const found = result.recoveries.find((_, index) =>
    aftermathOf(result, index)?.phases.some(
      ({ name, kind }) => kind === 'recover' && (phase === null || name === phase),
    ),
  );
  return found ?? null;
}

/** `60 s after the kill 37 of 2,000 connections were still away`; null when they were back, only too late. */
export function stillAway(result: RunResult, { goal, verdict, recovery }: UnmetGoal): string | null {
  if (verdict.observed !== null) return null;
  const within = trimmed(duration(goal.withinUs));
  const { dropped, gaveUp } = recovery;
  const away = awayAfter(result, recovery, goal.withinUs / 1000);
  const were = away === 1 ? 'was' : 'were';
  const resigned = gaveUp === 0 ? '' : `; ${gaveUp === away ? 'all of them' : count(gaveUp)} gave up`;
  return `${within} after the ${faultWords(result.recoveries, recovery)} ${count(away)} of ${count(dropped)} connections ${were} still away${resigned}`;
}

function awayAfter(result: RunResult, recovery: Recovery, ms: number): number {
  const { dropped, recovered } = recovery;
  const aftermath = aftermathOf(result, result.recoveries.indexOf(recovery));
  const times = samplesIn(aftermath?.phases ?? [], 'recovery.time', null);
  // Without every sample the end of the record is all that is known.
  const back = times.totalCount === recovered ? (countUpTo(times, [ms])[0] ?? 0) : recovered;
  return dropped - back;
}

/** What a failed threshold on a recovery saw, as a clause; null for any other threshold. */
export function missedRecovery(result: RunResult, missed: ThresholdVerdict, limit: Limit): string | null {
  const goal = readGoal(missed.expression);
  if (goal !== null) return lateWords(result, missed, goal);
  const own = limit.population === null ? null : result.populations[limit.population];
  const recoveries = own?.recoveries ?? result.recoveries;
  const worst = worstRecovery(recoveries);
  if (worst === null) return null;
  const who = limit.population === null ? '' : ` of ${limit.population}`;
  const after = `after the ${faultWords(recoveries, worst)}`;
  const observed = observedWords(missed);
  const milestone = MILESTONES.find(({ key }) => `recovery.${key.slice(0, -2)}` === limit.name);
  if (milestone !== undefined) {
    const most = `${milestone.words}${who}`;
    return observed === null
      ? `${after} ${most} were never back`
      : `${after} ${most} were back after ${observed}`;
  }
  if (observed === null) return null;
  if (limit.name === 'recovery.amplification') {
    return `${after} connections${who} needed ${observed} attempts each`;
  }
  if (limit.name === 'recovery.herdFactor') {
    return `${after} the worst second saw ${observed} attempts for each lost connection${who}`;
  }
  return null;
}

function lateWords(result: RunResult, { observed }: ThresholdVerdict, goal: RecoverGoal): string | null {
  const recovery = recoveryOf(result, goal);
  if (recovery === null) return null;
  const after = `after the ${faultWords(result.recoveries, recovery)} ${share(goal.share)}`;
  return observed === null ? `${after} were never back` : `${after} were back after ${duration(observed)}`;
}

/** `after the kill 99 % of 2,000 connections were back after 4.1 s (2.3 attempts each)`; null without a loss. */
export function cameBack(result: RunResult): string | null {
  const worst = worstRecovery(result.recoveries);
  if (worst === null) return null;
  const attempts = attemptsWords(worst);
  const tried = attempts === null ? '' : ` (${attempts})`;
  const resigned = worst.gaveUp === 0 ? '' : `; ${count(worst.gaveUp)} gave up`;
  return `after ${whichFault(result, worst)} ${backWords(worst)}${tried}${resigned}${meanwhile(worst)}`;
}

function meanwhile({ collateral }: Recovery): string {
  const during = collateral?.during ?? null;
  if (during === null || during.p99Us === null) return '';
  return `; those that stayed were answered within ${duration(during.p99Us)} (p99)`;
}
