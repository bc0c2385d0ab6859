import { UNKNOWN_SEQUENCE } from '../dialects/dialect.js';

/** Memory that one table may take, in bytes: bounds the slots per connection where deadlines are long. */
const TABLE_BYTES = 64 * 1024 * 1024;
const SLOT_BYTES = 16;
const LEAST_SLOTS = 16;

/** `sentUs` of a slot whose message was answered out of order. */
const ANSWERED = -1;

/**
 * What each connection has sent and not yet had answered: per connection a ring of slots, in the order of
 * sending. Sequence numbers count from 0 per connection without gaps.
 */
export class InFlight {
  private readonly slots: number;
  private readonly dueUs: Float64Array;
  private readonly sentUs: Float64Array;
  private readonly oldest: Int32Array;
  private readonly next: Int32Array;
  /** Unanswered, over all connections. */
  total = 0;
  /** When the message that `take` or `takeOldest` returned was due and sent. */
  takenDueUs = 0;
  takenSentUs = 0;

  /** @param wanted Slots per connection that are enough if messages keep to their period. */
  constructor(connections: number, wanted: number) {
    const affordable = Math.max(LEAST_SLOTS, Math.floor(TABLE_BYTES / SLOT_BYTES / connections));
    this.slots = Math.min(wanted, affordable);
    this.dueUs = new Float64Array(connections * this.slots);
    this.sentUs = new Float64Array(connections * this.slots);
    this.oldest = new Int32Array(connections);
    this.next = new Int32Array(connections);
  }

  isFull(connection: number): boolean {
    return this.next[connection]! - this.oldest[connection]! >= this.slots;
  }

  isEmpty(connection: number): boolean {
    return this.next[connection] === this.oldest[connection];
  }

  /** The sequence number that the next message of this connection has. */
  nextSequence(connection: number): number {
    return this.next[connection]!;
  }

  add(connection: number, dueUs: number, sentUs: number): void {
    const slot = this.slot(connection, this.next[connection]!);
    this.dueUs[slot] = dueUs;
    this.sentUs[slot] = sentUs;
    this.next[connection]!++;
    this.total++;
  }

  /** When the oldest unanswered message was sent. Only while not empty. */
  oldestSentUs(connection: number): number {
    return this.sentUs[this.slot(connection, this.oldest[connection]!)]!;
  }

  /** Takes the oldest unanswered message. Only while not empty. */
  takeOldest(connection: number): void {
    this.remove(connection, this.oldest[connection]!);
  }

  /**
   * Takes the message that `sequence` answers, or the oldest if that is unknown.
   * False when it is not in flight: answered before, given up, or never sent.
   */
  take(connection: number, sequence: number): boolean {
    const oldest = this.oldest[connection]!;
    const wanted = sequence === UNKNOWN_SEQUENCE ? oldest : sequence;
    if (wanted < oldest || wanted >= this.next[connection]!) return false;
    if (this.sentUs[this.slot(connection, wanted)] === ANSWERED) return false;
    this.remove(connection, wanted);
    return true;
  }

  private remove(connection: number, sequence: number): void {
    const slot = this.slot(connection, sequence);
    this.takenDueUs = this.dueUs[slot]!;
    this.takenSentUs = this.sentUs[slot]!;
    this.sentUs[slot] = ANSWERED;
    this.total--;
    let oldest = this.oldest[connection]!;
    const next = this.next[connection]!;
    while (oldest < next && this.sentUs[this.slot(connection, oldest)] === ANSWERED) oldest++;
    this.oldest[connection] = oldest;
  }

  private slot(connection: number, sequence: number): number {
    return connection * this.slots + (sequence % this.slots);
  }
}
