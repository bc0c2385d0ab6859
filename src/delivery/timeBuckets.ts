/**
 * When messages were published, counted in buckets: so much is known of messages that a member never got. Times are in
 * us from the start of the run.
 */
const BUCKET_US = 2 ** 18;

/** Of the buckets before the end of a connection, how many belong to the time in which it may have been lost already. */
export const DOUBTFUL_BUCKETS = 3;

/** How many buckets `RecentCounts` knows. */
const RECENT = 4;
/** Of a thing: the first bucket that counts, and a bucket and its count for each slot. */
const WORDS = 1 + 2 * RECENT;

export function bucketAt(us: number): number {
  return Math.floor(us / BUCKET_US);
}

function bucketStartUs(bucket: number): number {
  return bucket * BUCKET_US;
}

/** For each of many things, how often something happened in each of the last buckets, from some bucket on. */
export class RecentCounts {
  /** All that is known of a thing lies side by side, because it is needed together. */
  private readonly words: Int32Array;

  constructor(things: number) {
    this.words = new Int32Array(things * WORDS);
  }

  firstBucket(thing: number): number {
    return this.words[thing * WORDS]!;
  }

  /** Counts only what happens from that bucket on. */
  countFrom(thing: number, bucket: number): void {
    this.words[thing * WORDS] = bucket;
  }

  /** False, and nothing is counted, before the first bucket that counts. */
  add(thing: number, bucket: number): boolean {
    const { words } = this;
    const first = thing * WORDS;
    if (bucket < words[first]!) return false;
    const at = first + 1 + 2 * (bucket & (RECENT - 1));
    if (words[at] !== bucket) {
      // What is older than what the slot holds is of no interest any more.
      if (words[at]! > bucket) return true;
      words[at] = bucket;
      words[at + 1] = 0;
    }
    words[at + 1]!++;
    return true;
  }

  /** How often in that bucket and later. */
  since(thing: number, bucket: number): number {
    const { words } = this;
    let sum = 0;
    for (let at = thing * WORDS + 1; at < (thing + 1) * WORDS; at += 2) {
      if (words[at]! >= bucket) sum += words[at + 1]!;
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
