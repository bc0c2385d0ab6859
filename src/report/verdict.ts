/** The one sentence that every format begins with: what came of the run, and the numbers that decided it. */
import type { RunResult, ThresholdVerdict } from '../result/types.js';
import { seenDelivery } from './broadcastLimits.js';
import { delivered, deliveryLeads, lastWords, lossWords } from './broadcastVerdict.js';
import { failedAttempts } from './failures.js';
import { headlines, histogram, tailWords } from './headline.js';
import { type Limit, limitWords, observedWords, readLimit } from './limits.js';
import { capitalized, count, counted, duration, share, stopwatch } from './numbers.js';
import { cameBack, missedRecovery, stillAway, unmetGoal } from './stormVerdict.js';
import { worstRecovery } from './stormWords.js';
import { failureWords, outOf } from './words.js';

export interface Verdict {
  readonly outcome: 'passed' | 'measured' | 'failed' | 'not-valid' | 'partial';
  /** Begins with the outcome in a word. */
  readonly sentence: string;
}

/** Judged in the order of the exit codes: interrupted, target, validity, thresholds. */
export function verdict(result: RunResult): Verdict {
  return (
    interrupted(result) ??
    nothingOpened(result) ??
    targetGone(result) ??
    generatorLimited(result) ??
    leftEarly(result) ??
    partial(result) ??
    notRecovered(result) ??
    thresholdsFailed(result) ??
    wellDone(result)
  );
}

function interrupted(result: RunResult): Verdict | null {
  const event = result.events.find(({ kind }) => kind === 'interrupted');
  if (event === undefined) return null;
  return {
    outcome: 'partial',
    sentence: `Interrupted at ${stopwatch(event.atMs)}: until then ${openedWords(result)}; ${answered(result)}.`,
  };
}

function nothingOpened(result: RunResult): Verdict | null {
  const { opened, attempted } = result.connections;
  if (opened > 0) return null;
  if (attempted === 0) return { outcome: 'failed', sentence: 'Failed: no connection was attempted.' };
  const [main] = failedAttempts(result);
  const why = main === undefined ? '' : `; ${outOf(main.count, attempted)} times ${failureWords(main)}`;
  return { outcome: 'failed', sentence: `Failed: no connection opened${why}.` };
}

function targetGone(result: RunResult): Verdict | null {
  if (result.run.complete && result.run.validity.status === 'valid') return null;
  const event = result.events.find(({ kind }) => kind === 'target-exit');
  if (event === undefined) return null;
  const lost = result.closes.reduce((sum, { cause, count: n }) => sum + (cause === 'target-exit' ? n : 0), 0);
  const loss = lost === 0 ? '' : `; ${counted(lost, 'connection was', 'connections were')} lost with it`;
  return { outcome: 'failed', sentence: `Failed: the target went down at ${stopwatch(event.atMs)}${loss}.` };
}

function generatorLimited(result: RunResult): Verdict | null {
  if (result.run.validity.status !== 'generator-limited') return null;
  const from = result.run.validity.fromMs;
  const start = 'Not valid: the generator, not the server, was the limit';
  const when = from === null ? '' : ` from ${stopwatch(from)} on`;
  return { outcome: 'not-valid', sentence: `${start}${when}; ${generatorNumbers(result)}.` };
}

/** Event-loop utilisation from which a generator is no longer trusted. */
export const BUSY = 0.8;

/** Send-lag p99 from which a generator is no longer trusted, where answers are quick. */
export const LATE_US = 10_000;

function generatorNumbers(result: RunResult): string {
  const busiest = Math.max(0, ...result.series.eventLoopUtilization);
  const lag = worstSendLagUs(result);
  const busy = `its event loop was up to ${share(busiest)} busy`;
  return lag === null ? busy : `${busy} and sends left ${duration(lag)} late (p99)`;
}

/** Over all workers. */
export function worstSendLagUs(result: RunResult): number | null {
  const lags = result.generator.hosts
    .flatMap(({ workers }) => workers)
    .flatMap(({ sendLagP99Us }) => (sendLagP99Us === null ? [] : [sendLagP99Us]));
  return lags.length === 0 ? null : Math.max(...lags);
}

function leftEarly(result: RunResult): Verdict | null {
  const event = result.events.find(({ kind }) => kind === 'decided');
  if (event === undefined || result.run.validity.status !== 'valid') return null;
  return { outcome: 'failed', sentence: `Failed, and left at ${stopwatch(event.atMs)}: ${event.detail}.` };
}

function partial(result: RunResult): Verdict | null {
  if (result.run.complete && result.run.validity.status === 'valid') return null;
  const event = result.events.find(({ kind }) => kind === 'worker-died');
  const reason = result.run.validity.reasons[0]?.replace(/\.$/, '');
  const what =
    event === undefined
      ? (reason ?? 'the run did not follow its timeline to the end')
      : `a worker died at ${stopwatch(event.atMs)}`;
  return {
    outcome: 'partial',
    sentence: `Incomplete: ${what}; of what is known, ${openedWords(result)} and ${answered(result)}.`,
  };
}

function notRecovered(result: RunResult): Verdict | null {
  const unmet = unmetGoal(result);
  const away = unmet === null ? null : stillAway(result, unmet);
  if (away === null) return null;
  return { outcome: 'failed', sentence: `Not recovered: ${away}.${howManyFailed(result)}` };
}

function thresholdsFailed(result: RunResult): Verdict | null {
  const failed = result.thresholds.filter(({ passed }) => !passed);
  const known = failed.filter(({ observed }) => observed !== null);
  // In a storm the question is when everybody was back; "never" is an answer to it.
  const ofStorm = failed.filter(
    ({ expression }) =>
      worstRecovery(result.recoveries) !== null && /^(recover |recovery\.t)/.test(expression),
  );
  // Where messages are published it is who got them; what was lost before how long it took.
  const ofDelivery = known.filter(({ expression }) => /\b(broadcast|acknowledge)\./.test(expression));
  const shown = [...ofStorm, ...lossesFirst(ofDelivery), ...known, ...failed][0];
  if (shown === undefined) return null;
  return { outcome: 'failed', sentence: `Failed: ${missedWords(result, shown)}.${howManyFailed(result)}` };
}

function lossesFirst(failed: readonly ThresholdVerdict[]): ThresholdVerdict[] {
  const isLoss = ({ expression }: ThresholdVerdict) => /\bbroadcast\.(lost|missed)/.test(expression);
  return [...failed].sort((a, b) => Number(isLoss(b)) - Number(isLoss(a)));
}

function howManyFailed({ thresholds }: RunResult): string {
  const failed = thresholds.filter(({ passed }) => !passed).length;
  return failed === 1 ? '' : ` ${count(failed)} of ${count(thresholds.length)} thresholds failed.`;
}

/** What a failed threshold saw and what it allows, as a clause. */
function missedWords(result: RunResult, missed: ThresholdVerdict): string {
  const observed = observedWords(missed);
  const limit = readLimit(missed.expression);
  const storm = limit === null ? null : missedRecovery(result, missed, limit);
  if (storm === null && observed === null) return `there was no data for ${missed.expression}`;
  if (limit === null) return `${missed.expression} did not hold, it was ${observed}`;
  const during = limit.phase === null ? '' : ` during ${limit.phase}`;
  const asked = limit.operator.startsWith('>') ? 'at least' : 'the limit is';
  const tail =
    asked === 'at least' ? `at least ${limitWords(limit)} was asked` : `${asked} ${limitWords(limit)}`;
  const seen = storm ?? seenDelivery(result, limit, observed ?? '') ?? seenWords(limit, observed ?? '');
  return `${seen}${during}; ${tail}`;
}

function seenWords(limit: Limit, observed: string): string {
  const statistic = limit.statistic === null ? '' : ` (${limit.statistic})`;
  const who = limit.population === null ? '' : ` of ${limit.population}`;
  switch (limit.name) {
    case 'handshake.total':
      return `handshakes${who} took ${observed}${statistic}`;
    case 'heartbeat.response':
      return `heartbeats${who} were answered within ${observed}${statistic}`;
    case 'echo.response':
      return `echoes${who} came back within ${observed}${statistic}`;
    case 'connections.neverOpened':
      return `${observed} connections${who} never opened`;
    case 'closes.abnormal':
      return `${observed} connections${who} ended abnormally`;
    case 'memory.perConnection':
      return `each connection cost the server ${observed}`;
    case 'memory.retained':
      return `the server kept ${observed} of each connection that it had had`;
    default:
      return `${limit.name}${who} was ${observed}${statistic}`;
  }
}

function wellDone(result: RunResult): Verdict {
  const judged = result.thresholds.length > 0;
  const numbers = `${capitalized(answer(result))}.`;
  return judged
    ? { outcome: 'passed', sentence: `Passed. ${numbers}` }
    : { outcome: 'measured', sentence: `Measured, with no threshold to pass. ${numbers}` };
}

/** To the question that the run asks. */
function answer(result: RunResult): string {
  const storm = cameBack(result);
  const delivery = delivered(result);
  if (delivery !== null && deliveryLeads(result)) return delivery;
  if (storm === null) return `${heldWords(result)}; ${answered(result)}`;
  const losses = delivery === null ? null : lossWords(result);
  return losses === null ? storm : `${storm}; ${losses}`;
}

function heldWords(result: RunResult): string {
  const { planned, openAtEnd, peakOpen } = result.connections;
  if (openAtEnd === planned) return `${counted(planned, 'connection')} held`;
  return openAtEnd === 0
    ? `${count(peakOpen)} of ${counted(planned, 'connection')} open at most`
    : `${count(openAtEnd)} of ${counted(planned, 'connection')} held to the end`;
}

function openedWords(result: RunResult): string {
  const { planned, neverOpened } = result.connections;
  const opened = planned - neverOpened;
  return `${count(opened)} of ${counted(planned, 'connection')} had opened`;
}

function answered(result: RunResult): string {
  const last = lastWords(result);
  if (last !== null) return last;
  if (result.broadcast?.messages.published === 0) return 'nothing was published';
  const main = headlines(result)[0];
  const within = main === undefined ? null : tailWords(main.response);
  if (main !== undefined && within !== null) {
    return main.pattern === 'echo'
      ? `echoes came back within ${within}`
      : `heartbeats answered within ${within}`;
  }
  const handshake = histogram(result.metrics, 'handshake.total');
  const took = handshake === null ? null : tailWords(handshake);
  return took === null ? 'nothing was timed' : `handshakes took ${took}, and nothing else was timed`;
}
