/** Deliveries in words. */
import { type BroadcastResult, isSampled } from '../result/broadcast.js';
import type { RunResult } from '../result/types.js';
import { type Deliveries, deliveriesOf } from './broadcast.js';
import { count, countInWords, duration, share, trimmed } from './numbers.js';

/** From this share on a share says more than a number. */
const SHARE = 0.001;

/** `1.2 %` of many, `14` of few: how many of `whole`, to be read with `of` or alone. */
export function portion(part: number, whole: number): string {
  return whole > 0 && part / whole >= SHARE && part >= 10 ? share(part / whole) : countInWords(part);
}

export function wasOrWere(value: number): string {
  return value === 1 ? 'was' : 'were';
}

/** `1,200,000 deliveries`, with whom they were to where the ledger is a sample. */
export function deliveriesWords({ expected }: Deliveries, broadcast: BroadcastResult | null): string {
  return `${countInWords(expected)} ${expected === 1 ? 'delivery' : 'deliveries'}${sampleWords(broadcast)}`;
}

/** ` to a random sample of 2,000 of 100,000 members`; empty where all are in the ledger. */
function sampleWords(broadcast: BroadcastResult | null): string {
  if (broadcast === null || !isSampled(broadcast)) return '';
  return ` to a random sample of ${count(broadcast.ledger.accounted)} of ${count(broadcast.members)} members`;
}

/** What went wrong with deliveries, the worst first, each as it goes on after `Of 1,200,000 deliveries`. */
export function troubles(deliveries: Deliveries): string[] {
  const { expected, received, lost, duplicated, outOfOrder, late, missed } = deliveries;
  return [
    ...(lost === 0 ? [] : [`${portion(lost, expected)} ${wasOrWere(lost)} lost`]),
    ...(missed === 0 ? [] : [`${portion(missed, expected)} fell into disconnections`]),
    ...(duplicated === 0 ? [] : [`${portion(duplicated, expected)} came twice`]),
    ...(outOfOrder === 0 ? [] : [`${portion(outOfOrder, received)} came out of order`]),
    ...(late === 0 ? [] : [`${portion(late, received)} came too late to be told from duplicates`]),
  ];
}

/** A whole sentence without its full stop: `Every one of 1,200,000 deliveries arrived, once and in order`. */
export function deliverySentence(deliveries: Deliveries, broadcast: BroadcastResult | null): string {
  const { expected, foreign } = deliveries;
  const strange = foreign === 0 ? '' : `; ${foreignWords(foreign)}`;
  if (expected === 0) return `Nobody was owed a message${strange}`;
  const wrong = troubles(deliveries);
  if (wrong.length === 0) {
    const all = deliveriesWords(deliveries, broadcast);
    return `${expected === 1 ? 'The one delivery' : `Every one of ${all}`} arrived, once and in order${strange}`;
  }
  return `Of ${deliveriesWords(deliveries, broadcast)} ${listed(wrong)}${strange}`;
}

function foreignWords(foreign: number): string {
  return foreign === 1
    ? '1 message received was foreign'
    : `${countInWords(foreign)} messages received were foreign`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

/**
 * Whom a message is for: `all 2,000 members`, `all 1,999 other members` where its publisher gets no copy,
 * `all 200 members of its room`.
 */
export function audience({ rooms, ownCopies }: BroadcastResult): string {
  const own = ownCopies === false ? 1 : 0;
  const other = own === 1 ? 'other ' : '';
  const [least, most] = [Math.max(0, rooms.leastMembers - own), Math.max(0, rooms.mostMembers - own)];
  const where = rooms.count > 1 ? ' of its room' : '';
  if (least !== most) return `all ${other}members${where}`;
  return least === 1 ? `the one ${other}member${where}` : `all ${count(least)} ${other}members${where}`;
}

/** `in one room`, `in 40 rooms of 50`, `in 40 rooms of 48 to 52`. */
export function roomWords({ rooms: { count: rooms, leastMembers, mostMembers } }: BroadcastResult): string {
  if (rooms === 1) return 'in one room';
  const size =
    leastMembers === mostMembers ? count(mostMembers) : `${count(leastMembers)} to ${count(mostMembers)}`;
  return `in ${count(rooms)} rooms of ${size}`;
}

/** `10 s`: how long a message is waited for before it is said who had it. */
export function windowWords({ fanOutWindowMs }: BroadcastResult): string {
  return trimmed(duration(fanOutWindowMs * 1000));
}

interface Promises {
  readonly nothingLost: boolean;
  /** On the wire. */
  readonly nothingTwice: boolean;
  /** So that an application can drop them: what is late may have been a first one. */
  readonly secondCopiesKnown: boolean;
  readonly inOrder: boolean;
}

/** What can be relied on, by the ledger alone. */
export function promisesOf({ metrics }: RunResult): Promises {
  const { lost, missed, duplicated, late, outOfOrder } = deliveriesOf(metrics);
  return {
    nothingLost: lost + missed === 0,
    nothingTwice: duplicated + late === 0,
    secondCopiesKnown: late === 0,
    inOrder: outOfOrder + late === 0,
  };
}
