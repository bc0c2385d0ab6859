/** What the clients saw of a limit: attempts and connections that ended, thresholds that did not hold. Pure. */

import type { Limit } from '../result/capacity.js';
import { isAbnormal } from '../result/endings.js';
import type { FailureCount, HistogramSeries, RunResult, ThresholdVerdict } from '../result/types.js';
import type { Threshold } from '../scenario/scenario.js';

/** Attempts that failed, but for what this machine did not manage. */
export function failureLimits({ failures, attempts }: RunResult): Limit[] {
  const sums = new Map<string, { readonly failure: FailureCount; count: number }>();
  for (const failure of failures) {
    if (failure.stage === 'local' || failure.stage === 'dns') continue;
    const key = `${failure.stage}:${failure.cause}`;
    const sum = sums.get(key) ?? { failure, count: 0 };
    sum.count += failure.count;
    sums.set(key, sum);
  }
  return [...sums].map(([key, { failure, count }]): Limit => {
    const bin = attempts.failures[key]?.findIndex((failed) => failed > 0) ?? -1;
    const atMs = bin < 0 ? null : bin * attempts.binMs;
    if (failure.cause === 'timeout' || failure.cause === 'not-ready') {
      return { code: 'handshake-timeout', atMs, stage: failure.stage, count };
    }
    const status = /^http-(\d{3})$/.exec(failure.cause)?.[1];
    return { code: 'refused', atMs, status: status === undefined ? null : Number(status), cause: key, count };
  });
}

/** Connections that the server ended before the drain, otherwise than in peace. */
export function closeLimits({ closes, phases, series }: RunResult): Limit[] {
  const sums = new Map<string, Extract<Limit, { code: 'closed' }>>();
  for (const close of closes) {
    const { initiator, code, cause, count } = close;
    const isServers = initiator === 'server' ? cause !== 'target-exit' : cause === 'fin' || cause === 'reset';
    if (!isServers || !isAbnormal(close)) continue;
    const phase = phases.find(({ name }) => name === close.phase);
    if (phase === undefined) continue;
    const key = `${cause} ${code}`;
    const known = sums.get(key);
    const atMs = known?.atMs ?? firstClose(series, phase.startMs, phase.endMs);
    sums.set(key, { code: 'closed', atMs, closeCode: code, cause, count: count + (known?.count ?? 0) });
  }
  return [...sums.values()];
}

/** Closes are counted by phase; the seconds of that phase say when the first one was. */
function firstClose({ closes, intervalMs }: RunResult['series'], startMs: number, endMs: number): number {
  const first = Math.floor(startMs / intervalMs);
  const second = closes.slice(first, Math.ceil(endMs / intervalMs)).findIndex((count) => count > 0);
  return Math.max(startMs, (first + Math.max(0, second)) * intervalMs);
}

export function diedLimit({ events }: RunResult): Limit[] {
  const event = events.find(({ kind }) => kind === 'target-exit');
  if (event === undefined) return [];
  return [{ code: 'target-died', atMs: event.atMs, how: event.detail.replace(/^the target /, '') }];
}

/** What failed by the thresholds. Those about connections are left out where it is known how these ended. */
export function thresholdLimits(
  result: RunResult,
  thresholds: readonly Threshold[],
  endingsKnown: boolean,
): Limit[] {
  return failedThresholds(result).flatMap((verdict): Limit[] => {
    const threshold = thresholds.find(({ expression }) => expression === verdict.expression);
    const name = threshold?.name ?? verdict.expression.split(' ', 1)[0] ?? '';
    if (endingsKnown && isAboutConnections(name)) return [];
    const { expression, observed, unit } = verdict;
    if (threshold === undefined || !isUpperTime(threshold)) {
      return [{ code: 'threshold', atMs: null, expression, observed, unit }];
    }
    const atMs = firstAbove(result, threshold);
    return [{ code: 'latency', atMs, expression, observedUs: observed, limitUs: threshold.value }];
  });
}

/** What was judged and did not hold: a run that was left early says nothing of the phases it never came to. */
export function failedThresholds({ thresholds, events }: RunResult): ThresholdVerdict[] {
  const isLeft = events.some(({ kind }) => kind === 'decided' || kind === 'target-exit');
  return thresholds.filter(({ passed, observed }) => !passed && !(isLeft && observed === null));
}

function isAboutConnections(name: string): boolean {
  return /^(connections|closes|reconnect)\./.test(name);
}

function isUpperTime({ unit, operator, statistic, name }: Threshold): boolean {
  if (unit !== 'us' || statistic === null || name.startsWith('recovery.')) return false;
  return operator === '<' || operator === '<=';
}

/** The first second in which the tail of the metric was above the limit; null when no second tells. */
function firstAbove({ series, phases }: RunResult, { name, value, phase }: Threshold): number | null {
  const histogram = series.histograms[name];
  if (histogram === undefined) return null;
  const span = phases.find((known) => known.name === phase) ?? {
    startMs: 0,
    endMs: Number.POSITIVE_INFINITY,
  };
  const second = histogram.counts.findIndex((_, i) => {
    const middleMs = (i + 0.5) * series.intervalMs;
    return middleMs >= span.startMs && middleMs < span.endMs && tailUs(histogram, i) > value;
  });
  return second < 0 ? null : Math.max(span.startMs, second * series.intervalMs);
}

/** The p99 or, with too few samples for one, what the greatest of them was at least. */
function tailUs({ p99, counts, buckets }: HistogramSeries, second: number): number {
  const tail = p99[second];
  if (tail != null) return tail;
  const filled = (counts[second] ?? []).filter((_, i) => i % 2 === 0);
  return filled.reduce((most, bucket) => Math.max(most, buckets[bucket] ?? 0), 0);
}
