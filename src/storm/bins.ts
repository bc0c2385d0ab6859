/** Width of the bins in which attempts and opens are counted, as in the record of a run. */
export const BIN_US = 100_000;

const BINS_PER_SECOND = 1_000_000 / BIN_US;

/** Counts over time, from the fault's start. */
export class Bins {
  readonly counts: number[] = [];

  add(atUs: number, count: number): void {
    const bin = Math.floor(atUs / BIN_US);
    while (this.counts.length <= bin) this.counts.push(0);
    this.counts[bin]! += count;
  }
}

/** The most in a second that may begin with any bin. */
export function peakPerSecond(counts: readonly number[]): number {
  let inSecond = 0;
  let peak = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    inSecond += counts[bin]! - (counts[bin - BINS_PER_SECOND] ?? 0);
    peak = Math.max(peak, inSecond);
  }
  return peak;
}

/** Sums up to and with each bin, for at least `length` bins. */
export function runningSums(counts: readonly number[], length: number): number[] {
  let sum = 0;
  return Array.from({ length: Math.max(length, counts.length) }, (_, bin) => {
    sum += counts[bin] ?? 0;
    return sum;
  });
}
