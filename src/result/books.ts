import { type Bounds, bookEntry } from './bookEntry.js';
import { type Broadcasting, deliveryEntries, passesOn } from './deliveryBooks.js';
import { closeKey, inFlightOf, isByKill, refusalKey } from './inFlight.js';
import type { BookEntry, DeliveryCounts, TargetCounts, TargetInstance } from './targetRecord.js';
import type { CloseCount, FailureCount } from './types.js';

/** What we counted in one phase. */
export interface PhaseCounts {
  readonly name: string;
  /** 0 for what was never counted. */
  counter(name: string): number;
}

/** An instance of a reference server with the phases that it served. */
export interface ServedInstance extends TargetInstance {
  /** In order; a killed instance was killed in the last of them. */
  readonly phases: readonly PhaseCounts[];
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];

/**
 * The phases that each instance of a server served: one that ended in a phase served it and those before it, the next one
 * those after it.
 * @param endedIn Names of the phases in which an instance ended, in order.
 * @returns One list more than `endedIn` has names of these phases.
 */
export function phasesByInstance<Phase extends { readonly name: string }>(
  phases: readonly Phase[],
  endedIn: readonly string[],
): Phase[][] {
  const ends = endedIn.map((name) => phases.findIndex((phase) => phase.name === name) + 1).filter(Boolean);
  return [...ends, phases.length].map((end, i) => phases.slice(ends[i - 1] ?? 0, end));
}

/**
 * The ledger of each instance of a reference server against ours, line by line. Each pair must be equal, but for what was
 * under way when a connection was cut off or the server was killed.
 * @param closes Of the whole run, as are `failures`: they name their phases.
 * @param broadcasting Null when nobody publishes.
 */
export function balanceBooks(
  instances: readonly ServedInstance[],
  closes: readonly CloseCount[],
  failures: readonly FailureCount[],
  broadcasting: Broadcasting | null = null,
): BookEntry[] {
  // Somebody may publish to a server that passes nothing on.
  const passedOn = instances.some(({ counts }) => passesOn(counts.delivery)) ? broadcasting : null;
  return instances.flatMap((instance, i) => {
    const served = new Set(instance.phases.map(({ name }) => name));
    const entries = balanceInstance(
      instance,
      closes.filter(({ phase }) => served.has(phase)),
      failures.filter(({ phase }) => served.has(phase)),
      passedOn,
      instances.length === 1,
    );
    if (instances.length === 1) return entries;
    const whose = i < ORDINALS.length ? `${ORDINALS[i]} instance` : `instance ${i + 1}`;
    return entries.map((entry) => ({ ...entry, what: `${whose}: ${entry.what}` }));
  });
}

function balanceInstance(
  instance: ServedInstance,
  closes: readonly CloseCount[],
  failures: readonly FailureCount[],
  broadcasting: Broadcasting | null,
  isOnlyInstance: boolean,
): BookEntry[] {
  const { counts: server, killed, phases } = instance;
  const counter = (name: string): number => phases.reduce((sum, phase) => sum + phase.counter(name), 0);
  const killedIn = killed ? phases.at(-1) : undefined;
  const counted = closes.filter((close) => !isByKill(close, killedIn));
  const closed = counted.reduce((sum, { count }) => sum + count, 0);
  const under = inFlightOf(instance, closes, failures, broadcasting);
  return [
    bookEntry('connections opened', server.opened, counter('connections.opened'), under.opened),
    bookEntry('connections closed', server.closed, closed, under.closed),
    bookEntry('messages to the server', server.messagesIn, counter('messages.sent'), under.messagesIn),
    bookEntry(
      'messages from the server',
      server.messagesOut,
      counter('messages.received'),
      under.messagesOut,
    ),
    bookEntry('pings to the server', server.pingsIn, counter('pings.sent'), under.pingsIn),
    bookEntry('pongs from the server', server.pongsOut, counter('pongs.received'), under.pongsOut),
    bookEntry('pings from the server', server.pingsOut, counter('pings.received'), under.pingsOut),
    ...(under.delivery === null ? [] : deliveryEntries(instance, under.delivery, isOnlyInstance)),
    ...byKey('closed with', server.closesByCode, countBy(counted, closeKey), under.closedWith),
    ...byKey('refused with HTTP', server.refused, countBy(failures, refusalKey), under.refusedWith),
  ];
}

/** The ledgers of several instances as one. */
export function sumCounts(ledgers: readonly TargetCounts[]): TargetCounts {
  const sum = (name: PlainCount): number => ledgers.reduce((total, ledger) => total + ledger[name], 0);
  return {
    opened: sum('opened'),
    closed: sum('closed'),
    closesByCode: sumByKey(ledgers.map(({ closesByCode }) => closesByCode)),
    refused: sumByKey(ledgers.map(({ refused }) => refused)),
    messagesIn: sum('messagesIn'),
    messagesOut: sum('messagesOut'),
    pingsIn: sum('pingsIn'),
    pingsOut: sum('pingsOut'),
    pongsIn: sum('pongsIn'),
    pongsOut: sum('pongsOut'),
    ...sumDeliveries(ledgers.flatMap(({ delivery }) => delivery ?? [])),
  };
}

type PlainCount = Exclude<keyof TargetCounts, 'closesByCode' | 'refused' | 'delivery'>;

function sumDeliveries(ledgers: readonly DeliveryCounts[]): Pick<TargetCounts, 'delivery'> {
  if (ledgers.length === 0) return {};
  const sum = (name: keyof DeliveryCounts): number =>
    ledgers.reduce((total, ledger) => total + ledger[name], 0);
  return {
    delivery: {
      published: sum('published'),
      delivered: sum('delivered'),
      lost: sum('lost'),
      droppedSlow: sum('droppedSlow'),
      duplicated: sum('duplicated'),
      reordered: sum('reordered'),
      truncated: sum('truncated'),
      corrupted: sum('corrupted'),
      resent: sum('resent'),
      rejected: sum('rejected'),
      repeated: sum('repeated'),
    },
  };
}

function sumByKey(counts: ReadonlyArray<Readonly<Record<string, number>>>): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [key, count] of counts.flatMap((each) => Object.entries(each))) {
    sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}

function countBy<Item extends { readonly count: number }>(
  items: readonly Item[],
  keyOf: (item: Item) => string | null,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const key = keyOf(item);
    if (key !== null) counts[key] = (counts[key] ?? 0) + item.count;
  }
  return counts;
}

function byKey(
  what: string,
  server: Readonly<Record<string, number>>,
  ours: Readonly<Record<string, number>>,
  boundsOf: (key: string) => Bounds,
): BookEntry[] {
  const keys = [...new Set([...Object.keys(server), ...Object.keys(ours)])].sort();
  return keys.map((key) => bookEntry(`${what} ${key}`, server[key] ?? 0, ours[key] ?? 0, boundsOf(key)));
}
