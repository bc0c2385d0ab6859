/** Straight lines through measured points: how much y grows with x, and how sure that is. */
import { around, type Interval } from './interval.js';
import { mean, sum } from './mean.js';
import { studentT975 } from './studentT.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** 95 % confidence intervals. */
  readonly slopeCi95: readonly [number, number];
  readonly interceptCi95: readonly [number, number];
  /** What the interval of a prediction follows from. */
  readonly spread: {
    readonly points: number;
    readonly meanX: number;
    /** Sum of the squared distances of all x from their mean. */
    readonly sxx: number;
    /** Standard deviation of the points about the line. */
    readonly deviation: number;
  };
}

/**
 * Ordinary least squares. With s^2 the residual variance and t = t(0.975, n - 2) the intervals are slope +- t s /
 * sqrt(Sxx) and intercept +- t s sqrt(1/n + mean(x)^2 / Sxx) (Draper and Smith, Applied Regression Analysis, section
 * 1.4). Null with fewer than three points or only one distinct x.
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
  const deviation = Math.sqrt(residual / (n - 2));
  const t = studentT975(n - 2);
  const slopeHalf = (t * deviation) / Math.sqrt(sxx);
  const interceptHalf = t * deviation * Math.sqrt(1 / n + meanX ** 2 / sxx);
  return {
    slope,
    intercept,
    slopeCi95: [slope - slopeHalf, slope + slopeHalf],
    interceptCi95: [intercept - interceptHalf, intercept + interceptHalf],
    spread: { points: n, meanX, sxx, deviation },
  };
}

/**
 * What one more observation at x would be, with the interval in which it would lie: +- t(0.975, n - 2) * s * sqrt(1 +
 * 1/n + (x - mean(x))^2 / Sxx) (Montgomery, Peck and Vining, Introduction to Linear Regression Analysis, equation 2.45).
 * It widens with the distance from what was measured.
 */
export function predict({ slope, intercept, spread }: Line, x: number): Interval {
  const { points, meanX, sxx, deviation } = spread;
  const share = Math.sqrt(1 + 1 / points + (x - meanX) ** 2 / sxx);
  return around(intercept + slope * x, studentT975(points - 2) * deviation * share);
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
