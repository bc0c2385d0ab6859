import { INTERVAL_MS, type Intervals } from './intervals.js';
import type { Validity } from './types.js';

const UTILIZATION_LIMIT = 0.8;
const SEND_LAG_LIMIT_US = 10_000;
const SEND_LAG_SHARE = 0.1;
/** So many intervals may be bad, or this share of them. */
const BAD_INTERVALS = 2;
const BAD_SHARE = 0.05;

/**
 * An attempt to reconnect may be so late: storms are counted in bins of 100 ms, and a herd that is due at one instant
 * takes its time on any machine.
 */
const RECONNECT_LAG_LIMIT_US = 100_000;

/** What is sent on a schedule: how late, and what its lag is measured by. */
const PATTERNS = [
  { sendLag: 'heartbeat.sendLag', response: 'heartbeat.response' },
  { sendLag: 'echo.sendLag', response: 'echo.response' },
  { sendLag: 'broadcast.sendLag', response: 'broadcast.delivery' },
] as const;

const RECONNECTS = { sendLag: 'reconnect.sendLag', response: 'reconnect.response' } as const;

export interface ValidityInput {
  readonly intervals: Intervals;
  /** Phases in which load is offered: the drain is not judged. */
  readonly judgedPhases: ReadonlySet<string>;
  /** Of these, faults and recoveries: there only attempts to reconnect have to be in time. */
  readonly stormPhases: ReadonlySet<string>;
  /** True when a pattern uses up the generator on purpose: then a busy event loop says nothing. */
  readonly saturatesOnPurpose: boolean;
  /** Why the record is not whole, in sentences; empty when it is. */
  readonly missing: readonly string[];
}

/**
 * Whether the numbers are the server's or the generator's own. Each second after the first is bad when an event
 * loop was busy for more than 80 % of it, or the send lag's p99 exceeds 10 ms and a tenth of the median
 * response, or delivery of what is published; more than two bad seconds and more than 5 % of all, and the generator
 * was the limit.
 */
export function judgeValidity(input: ValidityInput): Validity {
  if (input.missing.length > 0) return { status: 'partial', reasons: input.missing, fromMs: null };
  const { intervals, judgedPhases, stormPhases, saturatesOnPurpose } = input;
  const inStorm = (index: number): boolean => stormPhases.has(intervals.phaseOf(index));
  const judged = Array.from({ length: intervals.length }, (_, index) => index).filter(
    (index) => index > 0 && judgedPhases.has(intervals.phaseOf(index)),
  );
  const busy = saturatesOnPurpose
    ? []
    : judged.filter((index) => !inStorm(index) && intervals.utilization(index) > UTILIZATION_LIMIT);
  const late = judged.filter((index) =>
    inStorm(index) ? reconnectsLate(intervals, index) : isLate(intervals, index),
  );
  const bad = new Set([...busy, ...late]);
  if (bad.size <= Math.max(BAD_INTERVALS, BAD_SHARE * judged.length)) {
    return { status: 'valid', reasons: [], fromMs: null };
  }
  const reasons: string[] = [];
  if (busy.length > 0) {
    reasons.push(
      `The generator's event loop was more than 80 % busy in ${busy.length} of ${judged.length} seconds, first at ${busy[0]} s.`,
    );
  }
  if (late.length > 0) {
    const worstMs = Math.max(...late.map((index) => sendLagUs(intervals, index))) / 1000;
    reasons.push(
      `The generator sent late in ${late.length} of ${judged.length} seconds, first at ${late[0]} s; ` +
        `the worst second's send lag was ${worstMs.toFixed(1)} ms at p99.`,
    );
  }
  return { status: 'generator-limited', reasons, fromMs: Math.min(...bad) * INTERVAL_MS };
}

function isLate(intervals: Intervals, index: number): boolean {
  return PATTERNS.some((pattern) => exceeds(SEND_LAG_LIMIT_US, pattern, intervals, index));
}

function reconnectsLate(intervals: Intervals, index: number): boolean {
  return exceeds(RECONNECT_LAG_LIMIT_US, RECONNECTS, intervals, index);
}

/** Whether the lag was above the limit at p99, and above a share of the median response. */
function exceeds(
  limitUs: number,
  { sendLag, response }: { readonly sendLag: string; readonly response: string },
  intervals: Intervals,
  index: number,
): boolean {
  const lag = intervals.summary(sendLag, index);
  if (lag === undefined) return false;
  const responseUs = intervals.summary(response, index)?.roughP50 ?? 0;
  return lag.roughP99 > Math.max(limitUs, SEND_LAG_SHARE * responseUs);
}

function sendLagUs(intervals: Intervals, index: number): number {
  return Math.max(
    ...[...PATTERNS, RECONNECTS].map(({ sendLag }) => intervals.summary(sendLag, index)?.roughP99 ?? 0),
  );
}
