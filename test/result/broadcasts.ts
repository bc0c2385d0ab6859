/** Broadcasts made up at random, receipt by receipt, and the snapshots that workers would send of them. */
import fc from 'fast-check';
import { bucketOf } from '../../src/metrics/latencyBuckets.js';
import { FAN_OUT_WINDOW_US, type FanOutDelta, type Snapshot } from '../../src/metrics/snapshot.js';
import { Accumulator } from '../../src/result/accumulator.js';
import type { BroadcastFacts } from '../../src/result/broadcast.js';
import { second } from './parts.js';
import { PHASES, SECOND_US, START_US } from './runs.js';

/** What became of one message for one member. */
export interface Receipt {
  /** Null: it never came. */
  readonly latencyUs: number | null;
  /** Copies after the first one, and of these, how many came too late to be known for copies. */
  readonly again: number;
  readonly late: number;
  /** If it never came: the member was not connected. */
  readonly away: boolean;
}

interface MadeUpMessage {
  readonly publisher: number;
  readonly sequence: number;
  readonly dueUs: number;
  /** By member; the publisher is one of them, and its own copy is one of these. */
  readonly receipts: readonly Receipt[];
}

export interface MadeUpBroadcast {
  readonly members: number;
  readonly messages: readonly MadeUpMessage[];
  /** In us from the start of the run: when hold and drain began. */
  readonly phaseStarts: readonly number[];
  /** The worker of each member, of so many. */
  readonly workerOf: readonly number[];
  readonly workers: number;
}

const SECONDS = 6;

const receipt: fc.Arbitrary<Receipt> = fc.record({
  latencyUs: fc.option(
    fc.oneof(fc.integer({ max: 300, min: 0 }), fc.integer({ max: FAN_OUT_WINDOW_US, min: 1000 })),
    { freq: 8 },
  ),
  again: fc.nat({ max: 2 }),
  late: fc.nat({ max: 1 }),
  away: fc.boolean(),
});

export const broadcasts: fc.Arbitrary<MadeUpBroadcast> = fc
  .record({
    members: fc.integer({ min: 2, max: 12 }),
    workers: fc.integer({ min: 1, max: 4 }),
    holdUs: fc.integer({ min: 1, max: 2 * SECOND_US }),
    drainUs: fc.integer({ min: 2 * SECOND_US + 1, max: SECONDS * SECOND_US }),
  })
  .chain(({ members, workers, holdUs, drainUs }) => {
    const message = fc.record({
      publisher: fc.nat({ max: members - 1 }),
      dueUs: fc.integer({ min: holdUs, max: SECONDS * SECOND_US }),
      receipts: fc.array(receipt, { minLength: members, maxLength: members }),
    });
    return fc.record({
      members: fc.constant(members),
      workers: fc.constant(workers),
      phaseStarts: fc.constant([holdUs, drainUs]),
      workerOf: fc.array(fc.nat({ max: workers - 1 }), { minLength: members, maxLength: members }),
      messages: fc
        .array(message, { minLength: 1, maxLength: 20 })
        .map((list) => list.map((each, sequence) => ({ ...each, sequence }))),
    });
  });

/** The same broadcast with all members in one worker. */
export function inOneWorker(broadcast: MadeUpBroadcast): MadeUpBroadcast {
  return { ...broadcast, workers: 1, workerOf: broadcast.workerOf.map(() => 0) };
}

/** What all workers report, worker by worker: each second and each phase by itself. */
export function snapshotsOf(broadcast: MadeUpBroadcast): Snapshot[] {
  const { workers, phaseStarts } = broadcast;
  const lastSecond = SECONDS + FAN_OUT_WINDOW_US / SECOND_US + 1;
  const whole = Array.from({ length: lastSecond + 1 }, (_, i) => i * SECOND_US);
  const bounds = [...new Set([...whole, ...phaseStarts])].sort((a, b) => a - b);
  return Array.from({ length: workers }, (_, worker) =>
    bounds.slice(1).map((toUs, seq) => {
      const fromUs = bounds[seq]!;
      const phase = PHASES[phaseStarts.filter((start) => start <= fromUs).length]!.name;
      const isLast = seq === bounds.length - 2;
      return second(0, {
        source: { machine: 0, host: 0, worker },
        seq,
        fromUs: START_US + fromUs,
        toUs: START_US + toUs,
        phase,
        fanOuts: toldBetween(broadcast, worker, fromUs, toUs),
        counters: {
          ...receivedBetween(broadcast, worker, fromUs, toUs),
          ...(isLast ? settled(broadcast, worker) : {}),
        },
      });
    }),
  ).flat();
}

/** The record's parts, from snapshots in that order. */
export function accumulated(workers: number, snapshots: readonly Snapshot[]): Accumulator {
  const accumulator = new Accumulator(START_US, workers);
  for (const snapshot of snapshots) accumulator.add(snapshot);
  accumulator.finish();
  return accumulator;
}

export function broadcastFacts(given: Partial<BroadcastFacts> = {}): BroadcastFacts {
  return {
    rooms: { count: 1, leastMembers: 10, mostMembers: 10 },
    publishers: 10,
    members: 10,
    publishingMembers: 10,
    slowMembers: 0,
    ledger: { accounted: 10, pairs: 100, bytesPerPair: 12, budgetBytes: 2 ** 28, reorderWindow: 64 },
    ...given,
  };
}

/** Latencies of the members of one worker, the publisher's own copy among them. */
function latenciesIn(
  { workerOf }: MadeUpBroadcast,
  worker: number | null,
  { receipts }: MadeUpMessage,
): number[] {
  return receipts
    .flatMap(({ latencyUs }, member) =>
      latencyUs !== null && (worker === null || workerOf[member] === worker) ? [latencyUs] : [],
    )
    .sort((a, b) => a - b);
}

/** Told when everybody here has it, or when its time is over. */
function toldBetween(
  broadcast: MadeUpBroadcast,
  worker: number,
  fromUs: number,
  toUs: number,
): FanOutDelta[] {
  const here = broadcast.workerOf.filter((other) => other === worker).length;
  return broadcast.messages.flatMap((message) => {
    const latencies = latenciesIn(broadcast, worker, message);
    const afterUs = latencies.length === here ? (latencies.at(-1) ?? 0) : FAN_OUT_WINDOW_US;
    const toldUs = message.dueUs + afterUs;
    const part = partOf(broadcast, worker, message, latencies);
    return toldUs < fromUs || toldUs >= toUs || part === null ? [] : [part];
  });
}

function partOf(
  { members, workerOf }: MadeUpBroadcast,
  worker: number,
  { publisher, sequence, dueUs, receipts }: MadeUpMessage,
  latencies: readonly number[],
): FanOutDelta | null {
  const [firstUs] = latencies;
  if (firstUs === undefined) return null;
  const ownIsHere = workerOf[publisher] === worker && receipts[publisher]!.latencyUs !== null;
  const isAlone = workerOf.every((other) => other === worker);
  return {
    publisher,
    sequence,
    dueUs,
    members: members - 1,
    heard: latencies.length - (ownIsHere ? 1 : 0),
    firstUs,
    lastUs: latencies.at(-1)!,
    medianUs: isAlone ? lowerMedian(latencies) : null,
    latencies: isAlone ? [] : latencies.flatMap((us) => [bucketOf(us), 1]),
  };
}

function receivedBetween(
  { messages, workerOf }: MadeUpBroadcast,
  worker: number,
  fromUs: number,
  toUs: number,
): Record<string, number> {
  const receipts = messages.flatMap((message) =>
    message.receipts.filter(
      ({ latencyUs }, member) =>
        workerOf[member] === worker &&
        latencyUs !== null &&
        message.dueUs + latencyUs >= fromUs &&
        message.dueUs + latencyUs < toUs,
    ),
  );
  const published = messages.filter(
    ({ publisher, dueUs }) => workerOf[publisher] === worker && dueUs >= fromUs && dueUs < toUs,
  );
  const sum = (of: (receipt: Receipt) => number): number =>
    receipts.reduce((total, each) => total + of(each), 0);
  return {
    'all/broadcast.published': published.length,
    'all/broadcast.received': receipts.length + sum(({ again, late }) => again + late),
    'all/broadcast.duplicated': sum(({ again }) => again),
    'all/broadcast.late': sum(({ late }) => late),
  };
}

/** What is known at the end. */
function settled({ messages, workerOf }: MadeUpBroadcast, worker: number): Record<string, number> {
  const owed = messages.flatMap(({ receipts }) =>
    receipts.filter((_, member) => workerOf[member] === worker),
  );
  const never = owed.filter(({ latencyUs }) => latencyUs === null);
  return {
    'all/broadcast.expected': owed.length,
    'all/broadcast.lost': never.filter(({ away }) => !away).length,
    'all/broadcast.missedWhileDisconnected': never.filter(({ away }) => away).length,
  };
}

/** Of latencies that ascend: the one at rank ceil(n / 2). */
function lowerMedian(latencies: readonly number[]): number {
  return latencies[Math.ceil(latencies.length / 2) - 1]!;
}

/** What is true of a broadcast, from its receipts alone. */
export interface Truth {
  readonly message: MadeUpMessage;
  readonly firstUs: number;
  readonly medianUs: number;
  readonly lastUs: number;
  /** All but the publisher had it. */
  readonly complete: boolean;
}

/** One for each message that anybody had. */
export function truthOf(broadcast: MadeUpBroadcast): Truth[] {
  return broadcast.messages.flatMap((message) => {
    const latencies = latenciesIn(broadcast, null, message);
    const [firstUs] = latencies;
    if (firstUs === undefined) return [];
    return [
      {
        message,
        firstUs,
        medianUs: lowerMedian(latencies),
        lastUs: latencies.at(-1)!,
        complete: message.receipts.every(
          ({ latencyUs }, member) => latencyUs !== null || member === message.publisher,
        ),
      },
    ];
  });
}
