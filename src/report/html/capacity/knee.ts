/** Where a latency leaves the ground. */

export interface Knee {
  readonly load: number;
  readonly us: number;
  /** Median at the loads before it. */
  readonly beforeUs: number;
}

/** A latency that is so many times what it was before has left the ground. */
const LEAVES = 2;
/** Loads on the ground that it takes to know it. */
export const LEAST_BEFORE = 3;

/** The first load from which on every one is over twice the median of those before it; null where there is none. */
export function kneeOf(points: ReadonlyArray<{ readonly load: number; readonly us: number }>): Knee | null {
  for (let i = LEAST_BEFORE; i < points.length; i++) {
    const point = points[i];
    const beforeUs = median(points.slice(0, i).map(({ us }) => us));
    if (point !== undefined && points.slice(i).every(({ us }) => us > beforeUs * LEAVES))
      return { ...point, beforeUs };
  }
  return null;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
