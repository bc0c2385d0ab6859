import { around, type Interval } from './interval.js';
import { studentT975 } from './studentT.js';

/** Not for an empty list. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * The mean and its confidence interval, +- t(0.975, n - 1) * s / sqrt(n), with s^2 = sum((x - mean)^2) / (n - 1)
 * (Student, The Probable Error of a Mean, Biometrika 6, 1908). Null with fewer than two values.
 */
export function meanInterval(values: readonly number[]): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const middle = mean(values);
  const variance = sum(values.map((value) => (value - middle) ** 2)) / (n - 1);
  return around(middle, studentT975(n - 1) * Math.sqrt(variance / n));
}
