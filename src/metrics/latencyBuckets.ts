/**
 * Buckets for the latencies of one message: every power of two is cut into `PER_OCTAVE` equal parts, so that a bucket's
 * middle is within 1 / 256 (0.4 %) of every latency in it. Below `PER_OCTAVE` us a bucket holds one microsecond.
 */

const OCTAVE_BITS = 7;
const PER_OCTAVE = 2 ** OCTAVE_BITS;

/** About 34 s: what takes longer is in the last bucket. */
const MOST_US = 2 ** 25 - 1;

/** By how much a bucket's middle may be off, as a share. */
export const LATENCY_RESOLUTION = 1 / (2 * PER_OCTAVE);

export const LATENCY_BUCKETS = bucketOf(MOST_US) + 1;

/** The bucket of a latency of 0 us or more; whole microseconds. */
export function bucketOf(us: number): number {
  const bounded = us > MOST_US ? MOST_US : us;
  if (bounded < PER_OCTAVE) return bounded;
  const octave = 31 - Math.clz32(bounded) - OCTAVE_BITS;
  return octave * PER_OCTAVE + (bounded >>> octave);
}

/** The middle of a bucket, in us. */
export function middleOf(bucket: number): number {
  if (bucket < 2 * PER_OCTAVE) return bucket;
  const octave = Math.floor(bucket / PER_OCTAVE) - 1;
  const least = (bucket - octave * PER_OCTAVE) * 2 ** octave;
  return least + Math.floor((2 ** octave - 1) / 2);
}
