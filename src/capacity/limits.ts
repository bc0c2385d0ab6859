import type { LevelVerdict, Limit } from '../result/capacity.js';
import type { RunResult } from '../result/types.js';
import type { Threshold } from '../scenario/scenario.js';
import { type CpuLimit, cpuLimits, otherResourceLimits } from './resourceLimits.js';
import { closeLimits, diedLimit, failedThresholds, failureLimits, thresholdLimits } from './symptomLimits.js';

/** A run that is over, as a try. */
export interface Judged {
  readonly verdict: LevelVerdict;
  readonly failed: ReturnType<typeof failedThresholds>;
  readonly limits: readonly Limit[];
}

/**
 * Whether a run passed, failed by the server, or says nothing about it, and what was at its limit, ordered by
 * when each first showed. Pure.
 * @param thresholds Those of the scenario, with their parts: the record has only their text.
 */
export function judgeRun(result: RunResult, thresholds: readonly Threshold[]): Judged {
  const failed = failedThresholds(result);
  const generator = generatorLimit(result);
  const died = diedLimit(result);
  const endings = [...failureLimits(result), ...closeLimits(result), ...died];
  const symptoms = [...endings, ...thresholdLimits(result, thresholds, endings.length > 0)];
  const limits = [
    ...(generator === null ? [] : [generator]),
    ...inOrder(symptoms, cpuLimits(result), otherResourceLimits(result)),
  ];
  const isPassed = result.thresholds.every(({ passed }) => passed) && died.length === 0;
  return { verdict: generator !== null ? 'invalid' : isPassed ? 'pass' : 'fail', failed, limits };
}

/** Why the run says nothing about the server; null when it does. A target that died is an answer. */
function generatorLimit(result: RunResult): Limit | null {
  const { validity } = result.run;
  const has = (kind: string): boolean => result.events.some((event) => event.kind === kind);
  const local = result.failures.filter(({ stage, cause }) => stage === 'local' && cause !== 'local-abort');
  const isOurs = has('worker-died') || has('beside-died') || has('proxy-exit') || !has('target-exit');
  if (validity.status === 'generator-limited' || (validity.status === 'partial' && isOurs)) {
    return { code: 'generator', atMs: validity.fromMs, reasons: validity.reasons };
  }
  if (local.length === 0) return null;
  const reasons = local.map(
    ({ count, cause }) => `${count} attempts failed on this machine, not at the server: ${cause}.`,
  );
  return { code: 'generator', atMs: null, reasons };
}

/** What a server is like that has no CPU left, or does not come to accept: slow and silent. It still says no by choice. */
const SLOWNESS: ReadonlyArray<Limit['code']> = ['latency', 'threshold', 'handshake-timeout', 'accept-queue'];

/** Samples of the target are a second apart: a cause may be seen a second after what it causes, or two. */
const SEEN_LATE_MS = 2000;
/** A dying process refuses and resets a little before its end is known. */
const DYING_MS = 1000;
/** Share of the hold from which CPU is believed to be behind what is known of the whole run only. */
const MOST_OF_HOLD = 0.5;

interface Placed {
  readonly limit: Limit;
  readonly keyMs: number;
  /** Among those of one moment. */
  readonly rank: number;
}

const RANKS: ReadonlyArray<Limit['code']> = [
  'target-cpu',
  'accept-queue',
  'target-oom',
  'target-died',
  'target-memory',
  'target-descriptors',
  'refused',
  'closed',
  'handshake-timeout',
  'latency',
  'threshold',
];

function inOrder(symptoms: readonly Limit[], cpu: readonly CpuLimit[], resources: readonly Limit[]): Limit[] {
  const seen = [...symptoms, ...resources.filter(({ code }) => code !== 'accept-queue')].map(byTime);
  const queues = resources.filter(({ code }) => code === 'accept-queue');
  const waiting = queues.map((limit) =>
    beforeWhatItExplains(limit, seen, (atMs) => isAfterQueue(limit, atMs)),
  );
  const others = [...seen, ...waiting];
  const busy = cpu.map((one) => beforeWhatItExplains(one.limit, others, (atMs) => isWhileBusy(one, atMs)));
  return [...others, ...busy].sort((a, b) => a.keyMs - b.keyMs || a.rank - b.rank).map(({ limit }) => limit);
}

/** Last what is known of the whole run only. */
function byTime(limit: Limit): Placed {
  const keyMs = limit.atMs === null ? Number.POSITIVE_INFINITY : limit.atMs - leadMs(limit);
  return { limit, keyMs, rank: RANKS.indexOf(limit.code) };
}

function leadMs({ code }: Limit): number {
  if (code === 'target-memory' || code === 'target-descriptors') return SEEN_LATE_MS;
  return code === 'target-oom' || code === 'target-died' ? DYING_MS : 0;
}

/**
 * A thread that was at its limit while connections came in is no reason for answers that were slow a minute later, and
 * none for a server that says no: what explains nothing comes last.
 */
function beforeWhatItExplains(
  limit: Limit,
  others: readonly Placed[],
  explains: (atMs: number | null) => boolean,
): Placed {
  const explained = others.filter(
    (other) => SLOWNESS.includes(other.limit.code) && explains(other.limit.atMs),
  );
  const keys = explained.map(({ keyMs }) => keyMs);
  const rank = RANKS.indexOf(limit.code);
  return keys.length === 0
    ? { limit, keyMs: Number.POSITIVE_INFINITY, rank: RANKS.length }
    : { limit, keyMs: Math.min(...keys), rank };
}

function isAfterQueue(queue: Limit, atMs: number | null): boolean {
  return atMs === null || queue.atMs === null || atMs >= queue.atMs - SEEN_LATE_MS;
}

function isWhileBusy({ seconds, holdShare }: CpuLimit, atMs: number | null): boolean {
  if (atMs === null) return holdShare >= MOST_OF_HOLD;
  return seconds.some((second) => atMs >= second.atMs - SEEN_LATE_MS && atMs <= second.endMs + SEEN_LATE_MS);
}
