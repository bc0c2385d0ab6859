/**
 * The only reader of time. Every duration and instant inside wsherd is a whole number of
 * microseconds on the machine's monotonic clock, so that instants taken in different threads and
 * processes of one machine can be subtracted from each other.
 */

/** `performance.now()` counts from the thread's start; this is that start on the monotonic clock, in us. */
const threadStartUs = measureThreadStartUs();

function measureThreadStartUs(): number {
  // Reading two clocks takes time, which makes the difference too large, never too small: keep the least.
  let leastUs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 50; i++) {
    const relativeUs = performance.now() * 1000;
    const monotonicUs = Number(process.hrtime.bigint()) / 1000;
    leastUs = Math.min(leastUs, monotonicUs - relativeUs);
  }
  return leastUs;
}

/** Now, in whole microseconds on the machine's monotonic clock: one base for all its threads and processes. */
export function nowUs(): number {
  return Math.floor(performance.now() * 1000 + threadStartUs);
}

/** The wall-clock time in ISO 8601, UTC: for labels only, since the wall clock may jump. */
export function wallClockLabel(): string {
  return new Date().toISOString();
}

/** The wall-clock time in milliseconds since 1970, to be compared with dates that others give. */
export function wallClockMs(): number {
  return Date.now();
}
