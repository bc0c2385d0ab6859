import { type Group, GroupStore } from './group.js';

const FIRST_SIZE = 1024;

/** Groups by the time that they are due: a binary heap. */
export class GroupHeap {
  private groups = new GroupStore(FIRST_SIZE);
  /** Slots of the groups as a heap, and behind these the slots that are free. */
  private slots = Int32Array.from({ length: FIRST_SIZE }, (_, slot) => slot);
  private size = 0;

  /** When the first group is due; infinite when there is none. */
  get dueUs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.groups.atUsAt(this.slots[0]!);
  }

  add(group: Readonly<Group>): void {
    if (this.size === this.slots.length) this.grow();
    const { slots, groups } = this;
    const slot = slots[this.size]!;
    groups.write(slot, group);
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!groups.isBefore(slot, slots[parent]!)) break;
      slots[at] = slots[parent]!;
      at = parent;
    }
    slots[at] = slot;
  }

  /** Takes out the first group; there must be one. */
  take(into: Group): void {
    const { slots, groups } = this;
    const size = --this.size;
    const freed = slots[0]!;
    const slot = slots[size]!;
    groups.read(freed, into);
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && groups.isBefore(slots[child + 1]!, slots[child]!)) child++;
      if (groups.isBefore(slot, slots[child]!)) break;
      slots[at] = slots[child]!;
      at = child;
    }
    slots[at] = slot;
    slots[size] = freed;
  }

  private grow(): void {
    const { slots, size } = this;
    this.groups = new GroupStore(2 * size, this.groups);
    this.slots = Int32Array.from({ length: 2 * size }, (_, slot) => slots[slot] ?? slot);
  }
}
