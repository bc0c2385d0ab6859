import { Day } from './day.js';
import { type Group, GroupStore } from './group.js';
import { GroupHeap } from './groupHeap.js';

/** Short enough that the groups of one day stay in the processor's cache. */
const DAY_US = 32768;
/** Groups that lie side by side in memory. */
const CHUNK = 64;
/** The number of no chunk: the first of them is never used. */
const NONE = 0;

/**
 * Groups by the time that they are due, for a million of them: what is due later lies in an unsorted list for its
 * day, so that adding takes one write, and only the present day is put in order.
 */
export class Calendar {
  private number = 0;
  private readonly day = new Day(DAY_US);
  /** What was added on the day itself, or is too much to be ordered in any other way. */
  private readonly heap = new GroupHeap();
  /** By day: the chunk at the head of its list. */
  private heads = new Int32Array(1024);
  /** Groups in the lists of later days. */
  private listed = 0;
  private groups = new GroupStore(2 * CHUNK);
  /** By chunk: its groups, and the chunk that follows in the same list. */
  private filled = new Int32Array(2);
  private following = new Int32Array(2);
  private chunks = 1;
  private readonly emptied: number[] = [];

  /** The group is not due before the one that was taken last. */
  add(group: Readonly<Group>): void {
    const day = Math.floor(group.atUs / DAY_US);
    if (day <= this.number) this.heap.add(group);
    else this.list(group, day);
  }

  /** When the next group is due; infinite when none is due by then. */
  dueUs(untilUs: number): number {
    for (;;) {
      const dueUs = Math.min(this.day.dueUs, this.heap.dueUs);
      if (dueUs < Number.POSITIVE_INFINITY || this.listed === 0) return dueUs;
      if ((this.number + 1) * DAY_US > untilUs) return dueUs;
      this.beginNextDay();
    }
  }

  /** Takes the next group out; there must be one, as `dueUs` tells. */
  take(into: Group): void {
    if (this.day.dueUs < this.heap.dueUs) this.groups.read(this.day.take(), into);
    else this.heap.take(into);
  }

  private list(group: Readonly<Group>, day: number): void {
    while (day >= this.heads.length) this.heads = copied(this.heads, 2 * this.heads.length);
    let chunk = this.heads[day]!;
    if (chunk === NONE || this.filled[chunk] === CHUNK) {
      const next = chunk;
      chunk = this.emptied.pop() ?? this.newChunk();
      this.filled[chunk] = 0;
      this.following[chunk] = next;
      this.heads[day] = chunk;
    }
    this.groups.write(chunk * CHUNK + this.filled[chunk]!++, group);
    this.listed++;
  }

  /** Nothing is left of the present day. */
  private beginNextDay(): void {
    this.forEachChunk((chunk) => this.emptied.push(chunk));
    this.number++;
    if (this.heads[this.number] === NONE) return;
    this.day.begin(this.number * DAY_US);
    this.forEachChunk((chunk) => {
      const filled = this.filled[chunk]!;
      for (let i = 0; i < filled; i++) this.day.add(chunk * CHUNK + i);
      this.listed -= filled;
    });
    this.day.sort(this.groups);
  }

  private forEachChunk(visit: (chunk: number) => void): void {
    for (let chunk = this.heads[this.number]!; chunk !== NONE; chunk = this.following[chunk]!) visit(chunk);
  }

  private newChunk(): number {
    if (this.chunks === this.filled.length) {
      this.groups = new GroupStore(2 * this.chunks * CHUNK, this.groups);
      this.filled = copied(this.filled, 2 * this.chunks);
      this.following = copied(this.following, 2 * this.chunks);
    }
    return this.chunks++;
  }
}

function copied(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
