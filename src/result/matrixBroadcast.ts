/** What of a run that broadcasts is laid beside other runs. */
import { type Publishing, publishingOf } from './publishing.js';
import type { LatencyTimes } from './recovery.js';
import type { RunResult } from './types.js';

export interface MatrixBroadcast
  extends Pick<Publishing, 'published' | 'targetCpuPercent' | 'bytesReceived' | 'messagesReceived'> {
  readonly members: number;
  /** Of these, those that read slowly on purpose. */
  readonly slowMembers: number;
  readonly publishers: number;
  readonly rooms: number;
  /** Members in the ledger: fewer than `members` where it is a sample. */
  readonly accounted: number;
  readonly amplification: number | null;
  readonly expected: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly missedWhileDisconnected: number;
  /** Messages that every member of their room had within ten seconds, and the others. */
  readonly complete: number;
  readonly incomplete: number;
  /** While publishers were at work: deliveries that came, and those that were asked for. */
  readonly deliveredPerSecond: number;
  readonly owedPerSecond: number;
  readonly first: LatencyTimes | null;
  readonly median: LatencyTimes | null;
  readonly last: LatencyTimes | null;
  /** Resident memory of the target at most, while publishers were at work. */
  readonly targetRssBytes: number | null;
}

/** Null when nobody published. */
export function matrixBroadcast(result: RunResult): MatrixBroadcast | null {
  const { broadcast, metrics } = result;
  if (broadcast === null) return null;
  const { rooms, members, slowMembers, publishers, ledger, amplification, messages } = broadcast;
  const publishing = publishingOf(result);
  const { published, bytesReceived, messagesReceived, targetCpuPercent, targetRss } = publishing;
  const seconds = Math.max(publishing.seconds, 1e-3);
  const counted = (name: string) => {
    const metric = metrics[`broadcast.${name}`];
    return metric?.kind === 'counter' ? metric.value : 0;
  };
  return {
    members,
    slowMembers,
    publishers,
    rooms: rooms.count,
    accounted: ledger.accounted,
    amplification,
    published,
    expected: counted('expected'),
    lost: counted('lost'),
    duplicated: counted('duplicated'),
    missedWhileDisconnected: counted('missedWhileDisconnected'),
    complete: messages.complete,
    incomplete: messages.incomplete + messages.unheard,
    deliveredPerSecond: publishing.delivered / seconds,
    owedPerSecond: (counted('expected') * members) / Math.max(1, ledger.accounted) / seconds,
    first: timesOf(result, 'broadcast.first'),
    median: timesOf(result, 'broadcast.median'),
    last: timesOf(result, 'broadcast.last'),
    bytesReceived,
    messagesReceived,
    targetCpuPercent,
    targetRssBytes: targetRss?.mostBytes ?? null,
  };
}

function timesOf({ metrics }: RunResult, name: string): LatencyTimes | null {
  const metric = metrics[name];
  if (metric?.kind !== 'histogram' || metric.count === 0) return null;
  return { count: metric.count, p50Us: metric.p50, p99Us: metric.p99, maxUs: metric.max ?? 0 };
}
