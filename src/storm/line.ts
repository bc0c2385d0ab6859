import { type Group, GroupStore } from './group.js';

const FIRST_SIZE = 1024;

/** Groups that wait for something in the order in which it will happen to them: a ring, which grows as need be. */
export class Line {
  private groups = new GroupStore(FIRST_SIZE);
  /** Positions count on and on; a position's slot is its remainder. */
  private head = 0;
  private end = 0;

  /** When the first group is due; infinite when there is none. */
  get dueUs(): number {
    return this.head === this.end ? Number.POSITIVE_INFINITY : this.groups.atUsAt(this.slotOf(this.head));
  }

  /** The group is not due before those in the line. */
  add(group: Readonly<Group>): void {
    if (this.end - this.head === this.groups.slots) this.grow();
    this.groups.write(this.slotOf(this.end++), group);
  }

  /** Takes out the first group; there must be one. */
  take(into: Group): void {
    this.groups.read(this.slotOf(this.head++), into);
  }

  private slotOf(position: number): number {
    return position & (this.groups.slots - 1);
  }

  private grow(): void {
    this.groups = twiceTheRing(this.groups, this.head, this.end);
  }
}

/** A ring twice as large, with the groups from one position to another; its slots are a power of two. */
export function twiceTheRing(groups: GroupStore, from: number, to: number): GroupStore {
  const { slots } = groups;
  const larger = new GroupStore(2 * slots);
  for (let position = from; position < to; position++) {
    larger.copy(position & (2 * slots - 1), groups, position & (slots - 1));
  }
  return larger;
}
