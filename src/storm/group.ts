/**
 * Clients of one herd that are in the same state at the same time, counted as one: all of a herd as long as nothing
 * tells its clients apart, or a single client.
 */
export interface Group {
  herd: number;
  /** Number of the client within its population; where a group is more than one, of the first. */
  connection: number;
  /** Clients. */
  count: number;
  /** Delays so far, the one under way among them. */
  retries: number;
  /** The latest of these. */
  previousUs: number;
  /** When its next attempt is due or, during an attempt, when that began. */
  atUs: number;
}

export function newGroup(herd: number, connection: number, count: number): Group {
  return { herd, connection, count, retries: 0, previousUs: 0, atUs: 0 };
}

const INTS = 8;
const FLOATS = 4;

/**
 * Copies of groups by slot, half a cache line each. What is written and read in order is never waited for, where
 * arrays of state by client would be: the state of a million clients does not fit in the cache.
 */
export class GroupStore {
  private readonly ints: Int32Array;
  private readonly floats: Float64Array;

  /** @param smaller Its groups are taken over, each in its slot. */
  constructor(
    readonly slots: number,
    smaller: GroupStore | null = null,
  ) {
    const buffer = new ArrayBuffer(slots * FLOATS * Float64Array.BYTES_PER_ELEMENT);
    this.ints = new Int32Array(buffer);
    this.floats = new Float64Array(buffer);
    if (smaller !== null) this.ints.set(smaller.ints);
  }

  write(slot: number, group: Readonly<Group>): void {
    this.ints[slot * INTS] = group.herd;
    this.ints[slot * INTS + 1] = group.connection;
    this.ints[slot * INTS + 2] = group.count;
    this.ints[slot * INTS + 3] = group.retries;
    this.floats[slot * FLOATS + 2] = group.previousUs;
    this.floats[slot * FLOATS + 3] = group.atUs;
  }

  read(slot: number, into: Group): void {
    into.herd = this.ints[slot * INTS]!;
    into.connection = this.ints[slot * INTS + 1]!;
    into.count = this.ints[slot * INTS + 2]!;
    into.retries = this.ints[slot * INTS + 3]!;
    into.previousUs = this.floats[slot * FLOATS + 2]!;
    into.atUs = this.floats[slot * FLOATS + 3]!;
  }

  /** Takes over a group from another store. */
  copy(slot: number, other: GroupStore, from: number): void {
    for (let i = 0; i < FLOATS; i++) this.floats[slot * FLOATS + i] = other.floats[from * FLOATS + i]!;
  }

  countAt(slot: number): number {
    return this.ints[slot * INTS + 2]!;
  }

  setCountAt(slot: number, count: number): void {
    this.ints[slot * INTS + 2] = count;
  }

  atUsAt(slot: number): number {
    return this.floats[slot * FLOATS + 3]!;
  }

  /** Whether the group in one slot comes before that in another: by time, then by herd, then by connection. */
  isBefore(slot: number, other: number): boolean {
    const laterUs = this.atUsAt(other) - this.atUsAt(slot);
    if (laterUs !== 0) return laterUs > 0;
    const herds = this.ints[other * INTS]! - this.ints[slot * INTS]!;
    return herds > 0 || (herds === 0 && this.ints[other * INTS + 1]! > this.ints[slot * INTS + 1]!);
  }
}
