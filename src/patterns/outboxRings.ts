import { UNKNOWN_SEQUENCE } from '../dialects/dialect.js';

/** Memory that the rings of a population may take in a thread, in bytes: bounds the slots of each where there are many. */
const RINGS_BYTES = 128 * 1024 * 1024;
/** What a slot takes of the arrays below. */
const SLOT_BYTES = 38;
const LEAST_SLOTS = 16;

/** No slot. */
export const NONE = -1;

/** `firstUs` and `sentUs` of what was never sent. */
const NEVER = 0;
/** `sentUs` of what was acknowledged before something older. */
const ACKNOWLEDGED = -1;

/**
 * What publishers have not had acknowledged: per connection a ring of slots, by sequence number, which counts from 0
 * without gaps. What was sent since the connection is up also stands in a list in the order of its latest sending, so
 * that the one that has waited longest is found at once.
 */
export class OutboxRings {
  /** Of each connection: `wanted`, or as many as memory allows. */
  private readonly slots: number;
  readonly dueUs: Float64Array;
  private readonly firstUs: Float64Array;
  private readonly sentUs: Float64Array;
  readonly rooms: Int32Array;
  readonly variants: Uint16Array;
  /** Neighbours in the list. */
  private readonly before: Int32Array;
  private readonly after: Int32Array;
  private readonly heads: Int32Array;
  private readonly tails: Int32Array;
  /** Sequence numbers: of the oldest that is not acknowledged, of the first to send since the connection is up, and the next. */
  private readonly oldest: Int32Array;
  private readonly cursors: Int32Array;
  private readonly next: Int32Array;
  private readonly counts: Int32Array;

  constructor(connections: number, wanted: number) {
    const affordable = Math.max(LEAST_SLOTS, Math.floor(RINGS_BYTES / SLOT_BYTES / connections));
    this.slots = Math.min(wanted, affordable);
    const total = connections * this.slots;
    this.dueUs = new Float64Array(total);
    this.firstUs = new Float64Array(total);
    this.sentUs = new Float64Array(total);
    this.rooms = new Int32Array(total);
    this.variants = new Uint16Array(total);
    this.before = new Int32Array(total);
    this.after = new Int32Array(total);
    this.heads = new Int32Array(connections).fill(NONE);
    this.tails = new Int32Array(connections).fill(NONE);
    this.oldest = new Int32Array(connections);
    this.cursors = new Int32Array(connections);
    this.next = new Int32Array(connections);
    this.counts = new Int32Array(connections);
  }

  /** True also while all but the oldest are acknowledged: its slot is where the next message would go. */
  isFull(connection: number): boolean {
    return this.next[connection]! - this.oldest[connection]! >= this.slots;
  }

  /** Messages that are not acknowledged. */
  count(connection: number): number {
    return this.counts[connection]!;
  }

  nextSequence(connection: number): number {
    return this.next[connection]!;
  }

  /** Only while not full. */
  add(connection: number, dueUs: number, room: number, variant: number): void {
    const slot = this.slotOf(connection, this.next[connection]!);
    this.dueUs[slot] = dueUs;
    this.firstUs[slot] = NEVER;
    this.sentUs[slot] = NEVER;
    this.rooms[slot] = room;
    this.variants[slot] = variant;
    this.next[connection]!++;
    this.counts[connection]!++;
  }

  /** The connection is up: everything that is not acknowledged is to be sent, oldest first. */
  restart(connection: number): void {
    this.cursors[connection] = this.oldest[connection]!;
    this.heads[connection] = NONE;
    this.tails[connection] = NONE;
  }

  /** The oldest that is to be sent for the first time since the connection is up, or `NONE`. */
  nextToSend(connection: number): number {
    for (; this.cursors[connection]! < this.next[connection]!; this.cursors[connection]!++) {
      const slot = this.slotOf(connection, this.cursors[connection]!);
      if (this.sentUs[slot] !== ACKNOWLEDGED) return slot;
    }
    return NONE;
  }

  /** What `nextToSend` gave was sent. */
  noteSent(connection: number, nowUs: number): void {
    const slot = this.slotOf(connection, this.cursors[connection]!++);
    if (this.firstUs[slot] === NEVER) this.firstUs[slot] = nowUs;
    this.sentUs[slot] = nowUs;
    this.append(connection, slot);
  }

  /** Of what was sent since the connection is up, the one whose latest sending is the longest ago, or `NONE`. */
  longestWaiting(connection: number): number {
    return this.heads[connection]!;
  }

  /** What `longestWaiting` gave was sent again. */
  noteSentAgain(connection: number, nowUs: number): void {
    const slot = this.heads[connection]!;
    this.unlink(connection, slot);
    this.sentUs[slot] = nowUs;
    this.append(connection, slot);
  }

  /**
   * The slot of a message that was sent and is not acknowledged, or `NONE`; of the oldest if `sequence` is unknown.
   * A server may have said any number.
   */
  findSent(connection: number, sequence: number): number {
    const oldest = this.oldest[connection]!;
    const wanted = sequence === UNKNOWN_SEQUENCE ? oldest : sequence;
    if (!Number.isInteger(wanted) || wanted < oldest || wanted >= this.next[connection]!) return NONE;
    const slot = this.slotOf(connection, wanted);
    return this.sentUs[slot]! > NEVER ? slot : NONE;
  }

  /** The oldest that is not acknowledged, or `NONE`. */
  oldestSlot(connection: number): number {
    return this.counts[connection] === 0 ? NONE : this.slotOf(connection, this.oldest[connection]!);
  }

  /** Forgets what was never sent, and returns how many these were: the last ones, since first sendings keep order. */
  dropNeverSent(connection: number): number {
    let dropped = 0;
    for (; this.counts[connection]! > 0; dropped++) {
      const last = this.next[connection]! - 1;
      if (this.wasSent(this.slotOf(connection, last))) break;
      this.next[connection] = last;
      this.counts[connection]!--;
    }
    return dropped;
  }

  /** Forgets a message that is not acknowledged. */
  remove(connection: number, slot: number): void {
    if (this.sequenceOf(connection, slot) < this.cursors[connection]!) this.unlink(connection, slot);
    this.sentUs[slot] = ACKNOWLEDGED;
    this.counts[connection]!--;
    let oldest = this.oldest[connection]!;
    while (oldest < this.next[connection]! && this.sentUs[this.slotOf(connection, oldest)] === ACKNOWLEDGED)
      oldest++;
    this.oldest[connection] = oldest;
    this.cursors[connection] = Math.max(this.cursors[connection]!, oldest);
  }

  sequenceOf(connection: number, slot: number): number {
    const oldest = this.oldest[connection]!;
    const ahead = slot - this.slotOf(connection, oldest);
    return oldest + (ahead < 0 ? ahead + this.slots : ahead);
  }

  wasSent(slot: number): boolean {
    return this.firstUs[slot] !== NEVER;
  }

  /** Only of what was sent. */
  firstSentUs(slot: number): number {
    return this.firstUs[slot]!;
  }

  lastSentUs(slot: number): number {
    return this.sentUs[slot]!;
  }

  private append(connection: number, slot: number): void {
    const tail = this.tails[connection]!;
    this.before[slot] = tail;
    this.after[slot] = NONE;
    if (tail === NONE) this.heads[connection] = slot;
    else this.after[tail] = slot;
    this.tails[connection] = slot;
  }

  private unlink(connection: number, slot: number): void {
    const before = this.before[slot]!;
    const after = this.after[slot]!;
    if (before === NONE) this.heads[connection] = after;
    else this.after[before] = after;
    if (after === NONE) this.tails[connection] = before;
    else this.before[after] = before;
  }

  private slotOf(connection: number, sequence: number): number {
    return connection * this.slots + (sequence % this.slots);
  }
}
