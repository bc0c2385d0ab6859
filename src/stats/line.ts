/** Straight lines through measured points: how much y grows with x, and how sure that is. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** 95 % confidence interval of the slope. */
  readonly slopeCi95: readonly [number, number];
}

/**
 * Ordinary least squares; the interval is slope +- t(0.975, n - 2) * s / sqrt(Sxx), with s^2 the residual
 * variance (Draper and Smith, Applied Regression Analysis, section 1.4). Null with fewer than three points or
 * only one distinct x.
 */
export function leastSquares(points: readonly Point[]): Line | null {
  const n = points.length;
  if (n < 3) return null;
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const sxx = sum(points.map(({ x }) => (x - meanX) ** 2));
  if (sxx === 0) return null;
  const slope = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / sxx;
  const intercept = meanY - slope * meanX;
  const residual = sum(points.map(({ x, y }) => (y - intercept - slope * x) ** 2));
  const half = studentT975(n - 2) * Math.sqrt(residual / (n - 2) / sxx);
  return { slope, intercept, slopeCi95: [slope - half, slope + half] };
}

/**
 * Theil-Sen: the median of the slopes between all pairs, which a few outliers do not move. Null without two
 * distinct x.
 */
export function theilSen(points: readonly Point[]): number | null {
  const slopes: number[] = [];
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1)) if (a.x !== b.x) slopes.push((b.y - a.y) / (b.x - a.x));
  });
  return slopes.length === 0 ? null : median(slopes);
}

/** The middle value, or the mean of the two in the middle. Not for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Quantiles 0.975 of Student's t for 1 to 30 degrees of freedom. */
const T975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** Beyond the table: Cornish-Fisher expansion around the normal quantile (Abramowitz and Stegun 26.7.5). */
function studentT975(degrees: number): number {
  const tabled = T975[degrees - 1];
  if (tabled !== undefined) return tabled;
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
