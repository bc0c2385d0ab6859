/** What a record tells of broadcasting, as reports need it. */
import { decodeHistogram } from '../metrics/histogram.js';
import { publishingPhases } from '../result/publishing.js';
import { TotalHistogram } from '../result/totalHistogram.js';
import type { HistogramMetric, Metrics, PopulationResult, RunResult } from '../result/types.js';
import { counter, histogram } from './headline.js';

/** The delivery ledger: `expected` = received once + `lost` + `missed`. */
export interface Deliveries {
  readonly expected: number;
  readonly received: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly outOfOrder: number;
  readonly late: number;
  /** While their member was disconnected. */
  readonly missed: number;
  readonly foreign: number;
  /** Of the foreign. */
  readonly damaged: number;
  readonly stray: number;
  readonly ownCopies: number;
}

/** Added up over all that are given. */
export function deliveriesOf(...all: readonly Metrics[]): Deliveries {
  const of = (name: string) =>
    all.reduce((sum, metrics) => sum + (counter(metrics, `broadcast.${name}`) ?? 0), 0);
  return {
    expected: of('expected'),
    received: of('received'),
    lost: of('lost'),
    duplicated: of('duplicated'),
    outOfOrder: of('outOfOrder'),
    late: of('late'),
    missed: of('missedWhileDisconnected'),
    foreign: of('foreign'),
    damaged: of('damaged'),
    stray: of('stray'),
    ownCopies: of('ownCopies'),
  };
}

export function receivedOnce({ received, duplicated, late }: Deliveries): number {
  return received - duplicated - late;
}

/** Each delivery owed is accounted for; not so where a worker died before it could tell. */
export function addsUp(deliveries: Deliveries): boolean {
  const { expected, lost, missed } = deliveries;
  return expected === receivedOnce(deliveries) + lost + missed;
}

/** Populations that got or were owed a message, by name. */
export function receivers({ populations }: RunResult): Array<readonly [string, PopulationResult]> {
  return Object.entries(populations).filter(([, { metrics }]) => {
    const { expected, received, foreign } = deliveriesOf(metrics);
    return expected + received + foreign > 0;
  });
}

/** Publishing that the server acknowledges. */
export interface Acknowledgements {
  readonly published: number;
  readonly acknowledged: number;
  readonly unacknowledged: number;
  readonly resent: number;
  readonly queued: number;
  readonly overflowed: number;
  /** Acknowledgements that members sent. */
  readonly receipts: number;
}

/** Null when nothing was acknowledged by either end, or waited to be. */
export function acknowledgementsOf({ metrics }: RunResult): Acknowledgements | null {
  const of = (name: string) => counter(metrics, `acknowledge.${name}`) ?? 0;
  const found = {
    acknowledged: of('acknowledged'),
    unacknowledged: of('unacknowledged'),
    resent: of('resent'),
    queued: of('queued'),
    overflowed: of('overflowed'),
    receipts: of('receipts'),
  };
  if (Object.values(found).every((n) => n === 0)) return null;
  return { published: counter(metrics, 'broadcast.published') ?? 0, ...found };
}

/** Members that read alike. */
export interface Readers {
  readonly populations: readonly string[];
  readonly members: number;
  /** `broadcast.delivery`, or null without one. */
  readonly delivery: HistogramMetric | null;
  readonly deliveries: Deliveries;
}

export interface SlowAndOthers {
  readonly slow: Readers;
  readonly others: Readers;
  /** What the others' deliveries took in the phases before anybody read slowly; null when there were none. */
  readonly othersBefore: HistogramMetric | null;
}

/** Null unless some members read slowly on purpose and others do not. */
export function slowAndOthers(result: RunResult): SlowAndOthers | null {
  const { broadcast } = result;
  if (broadcast === null || broadcast.slowMembers === 0) return null;
  const names = receivers(result).map(([name]) => name);
  const slow = names.filter((name) => isSlow(result, name));
  const others = names.filter((name) => !isSlow(result, name));
  if (slow.length === 0 || others.length === 0) return null;
  return {
    slow: readersOf(result, slow, broadcast.slowMembers),
    others: readersOf(result, others, broadcast.members - broadcast.slowMembers),
    othersBefore: deliveryBefore(result, slow, others),
  };
}

/** Whether the members of a population read slowly on purpose. */
export function isSlow({ populations }: RunResult, name: string): boolean {
  return counter(populations[name]?.metrics ?? {}, 'reading.pauses') !== null;
}

function readersOf({ populations }: RunResult, names: readonly string[], members: number): Readers {
  const all = names.map((name) => populations[name]?.metrics ?? {});
  return {
    populations: names,
    members,
    delivery: mergedDelivery(all),
    deliveries: deliveriesOf(...all),
  };
}

function deliveryBefore(
  result: RunResult,
  slow: readonly string[],
  others: readonly string[],
): HistogramMetric | null {
  const phases = publishingPhases(result);
  const first = phases.findIndex(({ populations }) =>
    slow.some((name) => (counter(populations[name] ?? {}, 'reading.pauses') ?? 0) > 0),
  );
  const before = phases.slice(0, Math.max(0, first));
  return mergedDelivery(before.flatMap(({ populations }) => others.map((name) => populations[name] ?? {})));
}

/** Percentiles cannot be averaged: those of several are taken from all their samples. */
export function mergedDelivery(all: readonly Metrics[]): HistogramMetric | null {
  const total = new TotalHistogram();
  for (const metrics of all) {
    const metric = histogram(metrics, 'broadcast.delivery');
    if (metric !== null) total.add(decodeHistogram(metric.encoded), metric.censored);
  }
  const merged = total.toMetric('us');
  return merged.count === 0 ? null : merged;
}
