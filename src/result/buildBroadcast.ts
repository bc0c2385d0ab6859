import { LATENCY_RESOLUTION } from '../metrics/latencyBuckets.js';
import { FAN_OUT_WINDOW_US } from '../metrics/snapshot.js';
import { patternOf } from '../scenario/deliveryPopulations.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Accumulator } from './accumulator.js';
import { type BroadcastFacts, type BroadcastResult, type FanOutSeries, isSampled } from './broadcast.js';
import type { Broadcasting } from './deliveryBooks.js';

/** The part of the record about broadcasting, when everything is added up. */
export function buildBroadcast(facts: BroadcastFacts, accumulator: Accumulator): BroadcastResult {
  const { all } = accumulator.total;
  const published = all.counter('broadcast.published');
  const complete = all.counter('broadcast.complete');
  const incomplete = all.counter('broadcast.incomplete');
  const { rooms, publishers, members, publishingMembers, slowMembers, ledger } = facts;
  return {
    rooms,
    publishers,
    members,
    publishingMembers,
    slowMembers,
    ledger,
    ownCopies: publishingMembers === 0 ? null : all.counter('broadcast.ownCopies') > 0,
    messages: { published, complete, incomplete, unheard: Math.max(0, published - complete - incomplete) },
    amplification: published === 0 ? null : deliveries(facts, accumulator) / published,
    fanOutWindowMs: FAN_OUT_WINDOW_US / 1000,
    medianResolution: LATENCY_RESOLUTION,
    perSecond: perSecond(accumulator),
  };
}

/** What the books of a server that passes messages on are bounded by. */
export function broadcasting(
  broadcast: BroadcastResult,
  { total }: Accumulator,
  { populations }: Scenario,
): Broadcasting {
  const { ledger, members, messages, rooms } = broadcast;
  // Of a sample of the members it can only be said what it would come to for all.
  const ofAll = (name: string): number =>
    Math.ceil((total.all.counter(name) * members) / Math.max(1, ledger.accounted));
  return {
    sampled: isSampled(broadcast),
    lost: ofAll('broadcast.lost'),
    missed: ofAll('broadcast.missedWhileDisconnected'),
    unheard: messages.unheard,
    members: rooms.mostMembers,
    rooms: Math.max(...populations.map((each) => patternOf(each, 'join')?.options.perConnection ?? 0)),
  };
}

/** Latencies are of all members, the ledger may be of a sample. */
function deliveries(facts: BroadcastFacts, { total }: Accumulator): number {
  if (!isSampled(facts)) return total.all.counter('broadcast.received');
  return total.all.histogram('broadcast.delivery')?.totalCount ?? 0;
}

function perSecond({ fanOuts, intervals }: Accumulator): FanOutSeries {
  const seconds = Array.from({ length: intervals.length }, (_, second) => second);
  const counts = seconds.map((second) => fanOuts.countsIn(second));
  // These are all messages of the second, not samples of more: their middle is known however few they are.
  const p50 = (name: string): Array<number | null> =>
    seconds.map((second) => intervals.summary(name, second)?.roughP50 ?? null);
  return {
    messages: counts.map((of) => of?.messages ?? 0),
    complete: counts.map((of) => of?.complete ?? 0),
    firstP50Us: p50('broadcast.first'),
    medianP50Us: p50('broadcast.median'),
    lastP50Us: p50('broadcast.last'),
    lastMaxUs: counts.map((of) => of?.lastMaxUs ?? null),
  };
}
