import { bucketOf, LATENCY_BUCKETS, middleOf } from '../metrics/latencyBuckets.js';
import { FAN_OUT_WINDOW_US, type FanOutDelta } from '../metrics/snapshot.js';
import { MessageTable } from './messageTable.js';

/** Of so many messages at once the latencies are kept, 10 KB each: beyond, the oldest is closed before its time. */
export const MOST_OPEN = 4096;

const CLOSED = -1;

/** Who is to hear a message, as far as this worker knows. */
export interface Audience {
  /** Members but for its publisher, in all workers and in this one. */
  everywhere: number;
  here: number;
  /** Its publisher is a member in this worker, and may get a copy. */
  awaitsOwnCopy: boolean;
  /** Whoever may get it is in this worker. */
  isWhole: boolean;
}

/** Follows each message from its first receipt in this worker to its last. No allocation per receipt. */
export class OpenMessages {
  private readonly table = new MessageTable();
  private readonly latencies: Uint32Array[] = [];
  private readonly free: number[] = [];
  private closed: FanOutDelta[] = [];
  /** So many of the oldest are closed already. */
  private closedAhead = 0;
  /** Closed before their time, because too many were under way. */
  cutShort = 0;
  /** One reused object. */
  private readonly audience: Audience = { everywhere: 0, here: 0, awaitsOwnCopy: false, isWhole: false };

  constructor(
    private readonly describeAudience: (publisher: number, room: number, audience: Audience) => void,
    /** A message was closed by time though all others had heard it: no copy came to its publisher. */
    private readonly onNoOwnCopy: () => void,
  ) {}

  hear(
    publisher: number,
    sequence: number,
    room: number,
    dueUs: number,
    latencyUs: number,
    own: boolean,
  ): void {
    if (latencyUs > FAN_OUT_WINDOW_US) return;
    const { table } = this;
    let at = table.find(publisher, sequence);
    if (at < 0) at = this.open(publisher, sequence, room, dueUs);
    const slab = table.slab[at]!;
    if (slab === CLOSED) return;
    const us = latencyUs < 0 ? 0 : latencyUs;
    if (own) table.own[at] = 1;
    else table.heard[at]!++;
    if (us < table.firstUs[at]!) table.firstUs[at] = us;
    if (us > table.lastUs[at]!) table.lastUs[at] = us;
    this.latencies[slab]![bucketOf(us)]!++;
    if (table.heard[at]! >= table.here[at]! && (own || table.own[at] === 1 || !this.awaitsOwnCopy(at)))
      this.close(at);
  }

  /** Closes what is older than the window, seen from `nowUs`, and hands out what was closed since the last time. */
  take(nowUs: number): FanOutDelta[] {
    const { table } = this;
    while (table.size > 0 && table.dueUs[table.oldest]! + FAN_OUT_WINDOW_US < nowUs) {
      const at = table.oldest;
      if (table.slab[at] !== CLOSED) this.giveUp(at);
      table.removeOldest();
      this.closedAhead = Math.max(0, this.closedAhead - 1);
    }
    const { closed } = this;
    this.closed = [];
    return closed;
  }

  /** Nothing more comes: `take` then hands out all that was heard. */
  closeAll(): void {
    const { table } = this;
    for (let i = 0; i < table.size; i++) {
      if (table.slab[table.nth(i)] !== CLOSED) this.close(table.nth(i));
    }
  }

  private awaitsOwnCopy(at: number): boolean {
    this.describeAudience(this.table.publisher[at]!, this.table.room[at]!, this.audience);
    return this.audience.awaitsOwnCopy;
  }

  private open(publisher: number, sequence: number, room: number, dueUs: number): number {
    const { table, audience } = this;
    if (this.free.length === 0 && this.latencies.length >= MOST_OPEN) this.closeOldestOpen();
    this.describeAudience(publisher, room, audience);
    const at = table.add(publisher, sequence);
    table.room[at] = room;
    table.dueUs[at] = dueUs;
    table.everywhere[at] = audience.everywhere;
    table.here[at] = audience.here;
    table.heard[at] = 0;
    table.own[at] = 0;
    table.firstUs[at] = FAN_OUT_WINDOW_US;
    table.lastUs[at] = 0;
    table.slab[at] = this.free.pop() ?? this.latencies.push(new Uint32Array(LATENCY_BUCKETS)) - 1;
    return at;
  }

  private closeOldestOpen(): void {
    const { table } = this;
    while (this.closedAhead < table.size && table.slab[table.nth(this.closedAhead)] === CLOSED)
      this.closedAhead++;
    if (this.closedAhead === table.size) return;
    this.cutShort++;
    this.giveUp(table.nth(this.closedAhead));
  }

  /** Closes a message whose time is over. */
  private giveUp(at: number): void {
    const { table } = this;
    if (table.heard[at]! >= table.here[at]!) this.onNoOwnCopy();
    this.close(at);
  }

  private close(at: number): void {
    const { table } = this;
    const slab = table.slab[at]!;
    const counts = this.latencies[slab]!;
    const firstUs = table.firstUs[at]!;
    const lastUs = table.lastUs[at]!;
    this.describeAudience(table.publisher[at]!, table.room[at]!, this.audience);
    const { isWhole } = this.audience;
    const from = bucketOf(firstUs);
    const until = bucketOf(lastUs) + 1;
    this.closed.push({
      publisher: table.publisher[at]!,
      sequence: table.sequence[at]!,
      dueUs: table.dueUs[at]!,
      members: table.everywhere[at]!,
      heard: table.heard[at]!,
      firstUs,
      lastUs,
      medianUs: isWhole ? medianOf(counts, from, until, table.heard[at]! + table.own[at]!) : null,
      latencies: isWhole ? [] : pairsOf(counts, from, until),
    });
    counts.fill(0, from, until);
    this.free.push(slab);
    table.slab[at] = CLOSED;
  }
}

/** The middle of the bucket of the lower median. */
function medianOf(counts: Uint32Array, from: number, until: number, total: number): number {
  const rank = Math.ceil(total / 2);
  let seen = 0;
  for (let bucket = from; bucket < until; bucket++) {
    seen += counts[bucket]!;
    if (seen >= rank) return middleOf(bucket);
  }
  return middleOf(until - 1);
}

function pairsOf(counts: Uint32Array, from: number, until: number): number[] {
  const pairs: number[] = [];
  for (let bucket = from; bucket < until; bucket++) {
    if (counts[bucket]! > 0) pairs.push(bucket, counts[bucket]!);
  }
  return pairs;
}
