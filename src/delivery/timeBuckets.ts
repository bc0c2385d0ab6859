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

/** Messages published to each room in each bucket; what several workers have published adds up. */
export class PublishedLog {
  /** By row of the room, counts by bucket. */
  private readonly rooms = new Map<number, Map<number, number>>();

  add(row: number, bucket: number, count = 1): void {
    let counts = this.rooms.get(row);
    if (counts === undefined) {
      counts = new Map();
      this.rooms.set(row, counts);
    }
    counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  }

  addEntries(entries: Float64Array): void {
    for (let i = 0; i < entries.length; i += 3) this.add(entries[i]!, entries[i + 1]!, entries[i + 2]!);
  }

  /** For another thread: row, bucket, count, row, ... */
  entries(): Float64Array {
    const size = [...this.rooms.values()].reduce((sum, counts) => sum + counts.size, 0);
    const entries = new Float64Array(3 * size);
    let at = 0;
    for (const [row, counts] of this.rooms) {
      for (const [bucket, count] of counts) {
        entries.set([row, bucket, count], at);
        at += 3;
      }
    }
    return entries;
  }

  /** What is known when nothing more is published. */
  sums(): PublishedSums {
    return new PublishedSums(this.rooms);
  }
}

interface Rising {
  readonly buckets: Float64Array;
  /** Messages in the buckets before each of these, and in all. */
  readonly before: Float64Array;
}

/** How many messages were published to a room between two buckets, without adding up again. */
export class PublishedSums {
  private readonly rooms = new Map<number, Rising>();

  constructor(rooms: ReadonlyMap<number, ReadonlyMap<number, number>>) {
    for (const [row, counts] of rooms) {
      const buckets = Float64Array.from(counts.keys()).sort();
      const before = new Float64Array(buckets.length + 1);
      for (const [i, bucket] of buckets.entries()) before[i + 1] = before[i]! + counts.get(bucket)!;
      this.rooms.set(row, { buckets, before });
    }
  }

  total(row: number): number {
    return this.rooms.get(row)?.before.at(-1) ?? 0;
  }

  /** Messages to a room in the buckets `[from, until)`. */
  between(row: number, from: number, until: number): number {
    const room = this.rooms.get(row);
    if (room === undefined || until <= from) return 0;
    return room.before[countBelow(room.buckets, until)]! - room.before[countBelow(room.buckets, from)]!;
  }
}

/** How many of ascending numbers are below a limit. */
function countBelow(ascending: Float64Array, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
