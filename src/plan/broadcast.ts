import { MOST_OPEN } from '../delivery/openMessages.js';
import { BYTES_PER_PAIR } from '../delivery/pairLedger.js';
import { joinableRooms, lonelyPublishers, membersByRow, membersIn, publishersTo } from '../delivery/rooms.js';
import type { DeliveryPopulation } from '../delivery/topology.js';
import { MARKER_BYTES } from '../dialects/marker.js';
import { LATENCY_BUCKETS } from '../metrics/latencyBuckets.js';
import { FAN_OUT_WINDOW_US } from '../metrics/snapshot.js';
import type { PayloadSpec } from '../patterns/payloads.js';
import type { PublishOptions } from '../patterns/publish.js';
import { deliveryPopulations, patternOf } from '../scenario/deliveryPopulations.js';
import type { PopulationSpec } from '../scenario/scenario.js';

/** Memory for the ledger in all workers together; where all pairs would take more, a sample of the members is in it. */
export const LEDGER_BUDGET_BYTES = 256 * 1024 * 1024;

/** Messages that a worker can receive and account for in a second; a rule of thumb, it depends on the machine. */
export const RECEIPTS_PER_WORKER = 80_000;

/** What is kept of a member beside the ledger: when it was there, and what it received of late; rounded up. */
const MEMBER_BYTES = 100;

/** What publishing will come to, by arithmetic alone. */
export interface BroadcastPlan {
  /** Rooms that somebody is in, and the members of the smallest and of the largest. */
  readonly rooms: { readonly count: number; readonly leastMembers: number; readonly mostMembers: number };
  /** Of these rooms, how many nobody publishes to. */
  readonly silentRooms: number;
  readonly publishers: number;
  /** Connections that receive, and how many of them read slowly on purpose. */
  readonly members: number;
  readonly slowMembers: number;
  /** Of a publisher and a member, itself among them, in one room that the publisher publishes to. */
  readonly pairs: number;
  /** Share of the members whose deliveries are accounted for one by one: 1 where that fits into the budget. */
  readonly accountedShare: number;
  /** Of all populations. */
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** By population that publishes. */
  readonly traffic: readonly PublishedTraffic[];
}

/** What the publishers of one population make. */
export interface PublishedTraffic {
  readonly population: string;
  readonly publishers: number;
  /** Of these, publishers with nobody else in their rooms. */
  readonly alone: number;
  readonly messagesPerSecondEach: number;
  readonly messagesPerSecond: number;
  /** To every member of the room, and to the publisher itself unless that is excluded. */
  readonly deliveriesPerSecond: number;
  readonly meanPayloadBytes: number;
}

/** Null when nobody publishes. */
export function broadcastPlan(populations: readonly PopulationSpec[]): BroadcastPlan | null {
  const all = deliveryPopulations(populations);
  if (all === null) return null;
  const members = membersByRow(all);
  const publishers = publishersByRow(all);
  const used = members.filter((count) => count > 0);
  const traffic = populations.flatMap((population, i) => {
    const publish = patternOf(population, 'publish');
    return publish === null ? [] : [trafficOf(population.name, publish.options, all[i]!, members)];
  });
  const pairs = members.reduce((sum, count, row) => sum + count * publishers[row]!, 0);
  return {
    rooms: {
      count: used.length,
      leastMembers: used.reduce((least, count) => Math.min(least, count)),
      mostMembers: used.reduce((most, count) => Math.max(most, count)),
    },
    silentRooms: members.filter((count, row) => count > 0 && publishers[row] === 0).length,
    publishers: connectionsOf(all.filter(({ publishes }) => publishes !== null)),
    members: connectionsOf(all),
    slowMembers: connectionsOf(all.filter(({ readsSlowly }) => readsSlowly)),
    pairs,
    accountedShare: Math.min(1, LEDGER_BUDGET_BYTES / (pairs * BYTES_PER_PAIR)),
    messagesPerSecond: traffic.reduce((sum, { messagesPerSecond }) => sum + messagesPerSecond, 0),
    deliveriesPerSecond: traffic.reduce((sum, { deliveriesPerSecond }) => sum + deliveriesPerSecond, 0),
    traffic,
  };
}

/** Memory of the accounts in all workers together, at the most. */
export function broadcastBytes(plan: BroadcastPlan, workers: number): number {
  const { members, pairs, messagesPerSecond } = plan;
  // Until all have it, or the window has passed, each worker keeps the latencies of a message in 32-bit counters.
  const open = Math.min(MOST_OPEN, Math.ceil((messagesPerSecond * FAN_OUT_WINDOW_US) / 1_000_000));
  return (
    Math.min(LEDGER_BUDGET_BYTES, pairs * BYTES_PER_PAIR) +
    members * MEMBER_BYTES +
    workers * open * LATENCY_BUCKETS * Uint32Array.BYTES_PER_ELEMENT
  );
}

function publishersByRow(populations: readonly DeliveryPopulation[]): Float64Array {
  const lobby = joinableRooms(populations);
  return Float64Array.from({ length: lobby + 1 }, (_, row) =>
    populations.reduce((sum, population) => sum + publishersTo(population, row, lobby), 0),
  );
}

function trafficOf(
  name: string,
  publish: PublishOptions,
  population: DeliveryPopulation,
  members: Float64Array,
): PublishedTraffic {
  const { connections, perConnection } = population;
  const lobby = members.length - 1;
  const messagesPerSecondEach = (publish.burst * 1_000_000) / publish.everyUs;
  // A publisher takes its rooms in turn: each of them gets an equal part.
  const turns = publish.room === null ? perConnection : 1;
  const delivered = members.reduce(
    (sum, count, row) => sum + count * publishersTo(population, row, lobby),
    0,
  );
  const own = publish.room === null ? connections * turns : membersIn(population, publish.room, lobby);
  const owed = publish.ownCopy === 'excluded' ? delivered - own : delivered;
  return {
    population: name,
    publishers: connections,
    alone: lonelyPublishers(population, members),
    messagesPerSecondEach,
    messagesPerSecond: connections * messagesPerSecondEach,
    deliveriesPerSecond: (owed * messagesPerSecondEach) / turns,
    meanPayloadBytes: meanBytes(publish.payload),
  };
}

function meanBytes({ sizes, file }: PayloadSpec): number {
  if (file !== null) return MARKER_BYTES + file.length;
  const weights = sizes.reduce((sum, { weight }) => sum + weight, 0);
  return sizes.reduce((sum, { sizeBytes, weight }) => sum + sizeBytes * weight, 0) / weights;
}

function connectionsOf(populations: readonly DeliveryPopulation[]): number {
  return populations.reduce((sum, { connections }) => sum + connections, 0);
}
