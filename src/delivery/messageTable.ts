const FIRST_CAPACITY = 256;
const EMPTY = -1;

/**
 * The messages that receipts still come for, by publisher and sequence number: a ring of rows in the order in which they
 * were added, and a hash table (open addressing, linear probing) that finds them. Receipts of one message come in a row,
 * so the one found last is looked at first.
 */
export class MessageTable {
  private capacity = FIRST_CAPACITY;
  publisher = new Int32Array(FIRST_CAPACITY);
  sequence = new Int32Array(FIRST_CAPACITY);
  room = new Int32Array(FIRST_CAPACITY);
  dueUs = new Float64Array(FIRST_CAPACITY);
  /** Members to hear it, in all workers and in this one; see `Audience`. */
  everywhere = new Int32Array(FIRST_CAPACITY);
  here = new Int32Array(FIRST_CAPACITY);
  heard = new Int32Array(FIRST_CAPACITY);
  /** 1 when its publisher got a copy. */
  own = new Uint8Array(FIRST_CAPACITY);
  firstUs = new Int32Array(FIRST_CAPACITY);
  lastUs = new Int32Array(FIRST_CAPACITY);
  /** Where its latencies are. */
  slab = new Int32Array(FIRST_CAPACITY);
  /** Rows by hash; twice as many places as rows. */
  private places = new Int32Array(2 * FIRST_CAPACITY).fill(EMPTY);
  private first = 0;
  private found = EMPTY;
  size = 0;

  /** The row of the oldest message. Only while `size > 0`. */
  get oldest(): number {
    return this.first;
  }

  /** The row of the `n`-th oldest. */
  nth(n: number): number {
    return (this.first + n) & (this.capacity - 1);
  }

  /** The row of a message, or -1. */
  find(publisher: number, sequence: number): number {
    const { found } = this;
    if (found !== EMPTY && this.publisher[found] === publisher && this.sequence[found] === sequence)
      return found;
    const mask = this.places.length - 1;
    for (let place = hash(publisher, sequence) & mask; ; place = (place + 1) & mask) {
      const row = this.places[place]!;
      if (row === EMPTY) return EMPTY;
      if (this.publisher[row] === publisher && this.sequence[row] === sequence) {
        this.found = row;
        return row;
      }
    }
  }

  /** A row for a message that is not in the table; its other columns hold what they held. */
  add(publisher: number, sequence: number): number {
    if (this.size === this.capacity) this.grow();
    const row = this.nth(this.size++);
    this.publisher[row] = publisher;
    this.sequence[row] = sequence;
    this.place(row);
    this.found = row;
    return row;
  }

  removeOldest(): void {
    const row = this.first;
    const mask = this.places.length - 1;
    let hole = hash(this.publisher[row]!, this.sequence[row]!) & mask;
    while (this.places[hole] !== row) hole = (hole + 1) & mask;
    // Those behind it move up, so that no search ends at the hole before it has come to them.
    for (let place = (hole + 1) & mask; this.places[place] !== EMPTY; place = (place + 1) & mask) {
      const other = this.places[place]!;
      const home = hash(this.publisher[other]!, this.sequence[other]!) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      this.places[hole] = other;
      hole = place;
    }
    this.places[hole] = EMPTY;
    if (this.found === row) this.found = EMPTY;
    this.first = this.nth(1);
    this.size--;
  }

  private place(row: number): void {
    const mask = this.places.length - 1;
    let place = hash(this.publisher[row]!, this.sequence[row]!) & mask;
    while (this.places[place] !== EMPTY) place = (place + 1) & mask;
    this.places[place] = row;
  }

  /** Only when full: then the rows from `first` around to `first` become the rows from 0 on. */
  private grow(): void {
    const { capacity, first } = this;
    const larger = capacity * 2;
    this.publisher = unrolled(this.publisher, new Int32Array(larger), first);
    this.sequence = unrolled(this.sequence, new Int32Array(larger), first);
    this.room = unrolled(this.room, new Int32Array(larger), first);
    this.dueUs = unrolled(this.dueUs, new Float64Array(larger), first);
    this.everywhere = unrolled(this.everywhere, new Int32Array(larger), first);
    this.here = unrolled(this.here, new Int32Array(larger), first);
    this.heard = unrolled(this.heard, new Int32Array(larger), first);
    this.own = unrolled(this.own, new Uint8Array(larger), first);
    this.firstUs = unrolled(this.firstUs, new Int32Array(larger), first);
    this.lastUs = unrolled(this.lastUs, new Int32Array(larger), first);
    this.slab = unrolled(this.slab, new Int32Array(larger), first);
    this.capacity = larger;
    this.first = 0;
    this.found = EMPTY;
    this.places = new Int32Array(2 * larger).fill(EMPTY);
    for (let row = 0; row < this.size; row++) this.place(row);
  }
}

function unrolled<A extends Int32Array | Float64Array | Uint8Array>(from: A, to: A, first: number): A {
  to.set(from.subarray(first), 0);
  to.set(from.subarray(0, first), from.length - first);
  return to;
}

/** Sequences of one publisher follow each other: both parts are mixed. */
function hash(publisher: number, sequence: number): number {
  const mixed = Math.imul(Math.imul(publisher, 0x9e3779b1) ^ sequence, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
