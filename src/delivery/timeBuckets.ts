/**
 * When messages were published, counted in buckets: so much is known of messages that a member never got. Times are in
 * us from the start of the run.
 */
const BUCKET_US = 2 ** 18;

/** Of the buckets before the end of a connection, how many belong to the time in which it may have been lost already. */
export const DOUBTFUL_BUCKETS = 3;

/** How many buckets `RecentCounts` knows. */
const RECENT = 4;

export function bucketAt(us: number): number {
  return Math.floor(us / BUCKET_US);
}

export function bucketStartUs(bucket: number): number {
  return bucket * BUCKET_US;
}

/** For each of many things, how often something happened in each of the last buckets. */
export class RecentCounts {
  /** Per thing and slot, the bucket and the count, side by side because they are needed together. */
  private readonly slots: Int32Array;

  constructor(things: number) {
    this.slots = new Int32Array(things * RECENT * 2);
  }

  add(thing: number, us: number): void {
    const { slots } = this;
    const bucket = bucketAt(us);
    const at = 2 * (thing * RECENT + (bucket % RECENT));
    if (slots[at] !== bucket) {
      // What is older than what the slot holds is of no interest any more.
      if (slots[at]! > bucket) return;
      slots[at] = bucket;
      slots[at + 1] = 0;
    }
    slots[at + 1]!++;
  }

  /** How often in that bucket and later. */
  since(thing: number, bucket: number): number {
    const { slots } = this;
    let sum = 0;
    for (let at = 2 * thing * RECENT; at < 2 * (thing + 1) * RECENT; at += 2) {
      if (slots[at]! >= bucket) sum += slots[at + 1]!;
    }
    return sum;
  }
}

/** Messages published to each room in each bucket: a sparse table, whose parts add up over workers. */
export class PublishedLog {
  /** By row of the room, counts by bucket. */
  private readonly rooms = new Map<number, number[]>();
  private readonly totals = new Map<number, number>();

  add(row: number, us: number, count = 1): void {
    let counts = this.rooms.get(row);
    if (counts === undefined) {
      counts = [];
      this.rooms.set(row, counts);
    }
    const bucket = bucketAt(us);
    while (counts.length <= bucket) counts.push(0);
    counts[bucket]! += count;
    this.totals.set(row, this.total(row) + count);
  }

  /** Messages to a room so far. */
  total(row: number): number {
    return this.totals.get(row) ?? 0;
  }

  /** Messages to a room in the buckets `[from, until)`. */
  between(row: number, from: number, until: number): number {
    const counts = this.rooms.get(row);
    if (counts === undefined) return 0;
    let sum = 0;
    for (let bucket = from; bucket < Math.min(until, counts.length); bucket++) sum += counts[bucket]!;
    return sum;
  }

  /** As numbers for another thread: row, bucket, count, row, ... */
  entries(): number[] {
    const entries: number[] = [];
    for (const [row, counts] of this.rooms) {
      for (const [bucket, count] of counts.entries()) if (count > 0) entries.push(row, bucket, count);
    }
    return entries;
  }

  /** Forgets what it knows for what `entries` of one or several workers say. */
  replace(entries: readonly number[]): void {
    this.rooms.clear();
    this.totals.clear();
    for (let i = 0; i < entries.length; i += 3) {
      this.add(entries[i]!, bucketStartUs(entries[i + 1]!), entries[i + 2]!);
    }
  }
}
