import type { GroupStore } from './group.js';

const BUCKETS = 1024;
/** More than this in one bucket, and a sort that does not grow with the square is worth its calls. */
const FEW = 24;

/** The slots of groups that are due within one day, in their order: by bucket, then sorted within each. */
export class Day {
  private startUs = 0;
  private unsorted = new Int32Array(1024);
  private sorted = new Int32Array(1024);
  private size = 0;
  private taken = 0;
  /** Where each bucket begins, once it is full where it ends. */
  private readonly edges = new Int32Array(BUCKETS + 1);
  private groups: GroupStore | null = null;
  /** When the next of the sorted groups is due; infinite when there is none. */
  dueUs = Number.POSITIVE_INFINITY;

  constructor(private readonly lengthUs: number) {}

  begin(startUs: number): void {
    this.startUs = startUs;
    this.size = 0;
    this.taken = 0;
  }

  add(slot: number): void {
    if (this.size === this.unsorted.length) {
      const larger = new Int32Array(2 * this.size);
      larger.set(this.unsorted);
      this.unsorted = larger;
      this.sorted = new Int32Array(2 * this.size);
    }
    this.unsorted[this.size++] = slot;
  }

  /** Puts in order what was added. */
  sort(groups: GroupStore): void {
    const { edges, sorted, unsorted, size } = this;
    this.groups = groups;
    edges.fill(0);
    for (let i = 0; i < size; i++) edges[this.bucketOf(unsorted[i]!) + 1]!++;
    for (let bucket = 1; bucket <= BUCKETS; bucket++) edges[bucket]! += edges[bucket - 1]!;
    for (let i = 0; i < size; i++) sorted[edges[this.bucketOf(unsorted[i]!)]!++] = unsorted[i]!;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      this.sortBucket(groups, bucket === 0 ? 0 : edges[bucket - 1]!, edges[bucket]!);
    }
    this.findDue();
  }

  /** The slot of the group that is due next; there must be one. */
  take(): number {
    const slot = this.sorted[this.taken++]!;
    this.findDue();
    return slot;
  }

  private findDue(): void {
    this.dueUs =
      this.taken < this.size ? this.groups!.atUsAt(this.sorted[this.taken]!) : Number.POSITIVE_INFINITY;
  }

  private bucketOf(slot: number): number {
    const share = (this.groups!.atUsAt(slot) - this.startUs) / this.lengthUs;
    return Math.min(BUCKETS - 1, Math.floor(share * BUCKETS));
  }

  private sortBucket(groups: GroupStore, from: number, to: number): void {
    const { sorted } = this;
    if (to - from > FEW) {
      sorted.subarray(from, to).sort((a, b) => (groups.isBefore(a, b) ? -1 : 1));
      return;
    }
    for (let i = from + 1; i < to; i++) {
      const slot = sorted[i]!;
      let at = i;
      for (; at > from && groups.isBefore(slot, sorted[at - 1]!); at--) sorted[at] = sorted[at - 1]!;
      sorted[at] = slot;
    }
  }
}
