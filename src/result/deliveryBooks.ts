/** The ledger of a server that passes messages on, against ours. */
import { type Bounds, bookEntry } from './bookEntry.js';
import type { ServedInstance } from './books.js';
import type { BookEntry, DeliveryCounts } from './targetRecord.js';

/** What we counted in the whole run: it is known when the run is over, and of no instance by itself. */
export interface Broadcasting {
  /** Our ledger leaves members out: what it counts cannot be held against the server's. */
  readonly sampled: boolean;
  /** Deliveries owed that never came, and those that fell into the time in which their member was not connected. */
  readonly lost: number;
  readonly missed: number;
  /** Messages that nobody had in time. */
  readonly unheard: number;
  /** Of the largest room. */
  readonly members: number;
  /** Rooms that a connection joins. */
  readonly rooms: number;
}

/** The ends of connections that may have left something under way, while one instance of the server ran. */
export interface Severed {
  /** Connections cut off, and attempts given up that the server may have let in. */
  readonly connections: number;
  /** What we counted of something in the phases in which connections were cut off. */
  during(counter: string): number;
  /** What we counted in the phase in which the server was killed; 0 when it was not. */
  late(counter: string): number;
}

/** What one end alone may have counted. */
export interface DeliveryInFlight {
  readonly published: Bounds;
  readonly delivered: Bounds;
  /** Beside what every protocol has under way: messages that the server has not read, and that we have not. */
  readonly unread: number;
  readonly unreceived: number;
  readonly severed: Severed;
  readonly broadcasting: Broadcasting;
}

/**
 * Bounds by our own counts, where there are any. A message that the server never read was heard by nobody, or was sent
 * again; a copy that was under way when its receiver's connection ended is owed to a member that was not there, is lost,
 * or was sent again when the member was back.
 */
export function deliveryInFlight(
  instance: ServedInstance,
  severed: Severed,
  broadcasting: Broadcasting,
): DeliveryInFlight {
  const { lost, missed, unheard, rooms } = broadcasting;
  const ours = (name: string): number => counted(instance, name);
  const anyCut = severed.connections > 0;
  const anyBack = anyCut || ours('connections.reconnected') > 0;
  // A greeting, and a join or its answer for each room.
  const admission = severed.connections * (1 + rooms);
  const unpublished = anyCut ? unheard + ours('acknowledge.resent') : 0;
  const undelivered = missed + (anyCut ? lost : 0) + (anyBack ? (instance.counts.delivery?.resent ?? 0) : 0);
  const unacknowledged = anyCut ? ours('acknowledge.resent') + ours('acknowledge.unacknowledged') : 0;
  return {
    published: {
      more: refusedOthers(instance),
      less: unpublished + severed.late('broadcast.published') + severed.late('acknowledge.resent'),
    },
    delivered: {
      more: undelivered,
      less: severed.late('broadcast.received') + severed.late('broadcast.foreign'),
    },
    unread: unpublished + severed.during('acknowledge.receipts') + admission,
    unreceived: undelivered + unacknowledged + admission,
    severed,
    broadcasting,
  };
}

/** Of what a server refused, so many may be heartbeats and joins: it does not tell them apart. */
function refusedOthers(instance: ServedInstance): number {
  const others = counted(instance, 'messages.sent') - sentToRooms(instance);
  return Math.max(0, Math.min(others, instance.counts.delivery?.rejected ?? 0));
}

/** Whether a server with that ledger passes messages on at all. */
export function passesOn(delivery: DeliveryCounts | undefined): boolean {
  return delivery !== undefined && delivery.published + delivery.rejected + delivery.delivered > 0;
}

/**
 * The lines of one instance. What is lost is known of the whole run only: it has a line when the server was never
 * started again.
 */
export function deliveryEntries(
  instance: ServedInstance,
  inFlight: DeliveryInFlight,
  isOnlyInstance: boolean,
): BookEntry[] {
  const { delivery } = instance.counts;
  if (delivery === undefined) return [];
  const ours = (name: string): number => counted(instance, `broadcast.${name}`);
  const taken = delivery.published + delivery.rejected + delivery.repeated;
  const published = bookEntry('messages published', taken, sentToRooms(instance), inFlight.published);
  if (inFlight.broadcasting.sampled) return [published];
  const received = ours('received') + ours('foreign');
  const unreceived = Math.max(0, delivery.delivered - received);
  return [
    published,
    bookEntry('deliveries', delivery.delivered, received, inFlight.delivered),
    ...(isOnlyInstance ? lossEntries(delivery, unreceived, inFlight) : []),
    ...duplicateEntries(delivery, ours('duplicated'), {
      more: unreceived + ours('late') + Math.min(delivery.resent, withheld(delivery)),
      less: inFlight.severed.late('broadcast.duplicated'),
    }),
    ...damageEntries(delivery, ours('damaged'), {
      more: unreceived,
      less: inFlight.severed.late('broadcast.damaged'),
    }),
    // What is sent again comes after what its publisher has sent since.
    ...overtakenEntries(delivery, ours('outOfOrder'), {
      more: unreceived + ours('late'),
      less: inFlight.severed.late('broadcast.outOfOrder') + delivery.resent,
    }),
  ];
}

/** Copies that the server kept back, or made illegible: to their receivers both are lost. */
function lossEntries(
  delivery: DeliveryCounts,
  unreceived: number,
  { severed, broadcasting }: DeliveryInFlight,
): BookEntry[] {
  const { lost, missed, unheard, members } = broadcasting;
  const server = withheld(delivery);
  // Of a message that was refused no copy was ever made: how many there would have been, the server does not know.
  if (server === 0 || delivery.rejected > 0) return [];
  const cut = severed.connections > 0 ? unreceived + unheard * members : 0;
  // What was kept back from a member that was about to lose its connection is not lost, nor is what was sent again.
  const bounds = { more: missed + delivery.resent, less: cut };
  return [bookEntry('copies lost or damaged on purpose', server, lost, bounds)];
}

/**
 * A second copy is a duplicate only where both came, and is known for one within the reorder window only; one that was
 * sent in the place of a copy kept back is none.
 */
function duplicateEntries(delivery: DeliveryCounts, duplicated: number, bounds: Bounds): BookEntry[] {
  const server = delivery.duplicated + delivery.resent;
  return server === 0 ? [] : [bookEntry('second copies', server, duplicated, bounds)];
}

function damageEntries(
  { truncated, corrupted }: DeliveryCounts,
  damaged: number,
  bounds: Bounds,
): BookEntry[] {
  const server = truncated + corrupted;
  return server === 0 ? [] : [bookEntry('copies damaged on purpose', server, damaged, bounds)];
}

function overtakenEntries({ reordered }: DeliveryCounts, outOfOrder: number, bounds: Bounds): BookEntry[] {
  return reordered === 0 ? [] : [bookEntry('copies overtaken on purpose', reordered, outOfOrder, bounds)];
}

function withheld({ lost, droppedSlow, truncated, corrupted }: DeliveryCounts): number {
  return lost + droppedSlow + truncated + corrupted;
}

function sentToRooms(instance: ServedInstance): number {
  return counted(instance, 'broadcast.published') + counted(instance, 'acknowledge.resent');
}

function counted({ phases }: ServedInstance, name: string): number {
  return phases.reduce((sum, phase) => sum + phase.counter(name), 0);
}
