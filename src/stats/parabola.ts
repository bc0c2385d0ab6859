import { around, type Interval } from './interval.js';
import type { Point } from './line.js';
import { sum } from './mean.js';
import { solve } from './normalEquations.js';
import { studentT975 } from './studentT.js';

export interface Parabola {
  /** The coefficient of x^2, with its confidence interval: away from 0 when the points lie on no straight line. */
  readonly bend: Interval;
  at(x: number): number;
}

/** No residual is less than this share of the greatest value: below it there is only rounding. */
const ROUNDING = 1e-12;

/**
 * y = a + b x + c x^2 by least squares, with c +- t(0.975, n - 3) standard errors. Null with
 * fewer than four points or three distinct x.
 */
export function fitParabola(points: readonly Point[]): Parabola | null {
  const farthest = Math.max(...points.map(({ x }) => Math.abs(x)));
  if (points.length < 4) return null;
  const rows = points.map(({ x }) => [1, x / farthest, (x / farthest) ** 2]);
  const fit = solve(
    rows,
    points.map(({ y }) => y),
  );
  if (fit === null) return null;
  const [a = 0, b = 0, c = 0] = fit.values;
  const at = (x: number): number => a + (b * x) / farthest + c * (x / farthest) ** 2;
  const degrees = points.length - 3;
  const residual = sum(points.map(({ x, y }) => (y - at(x)) ** 2));
  const tallest = Math.max(...points.map(({ y }) => Math.abs(y)));
  const deviation = Math.max(ROUNDING * tallest, Math.sqrt(residual / degrees));
  const half = studentT975(degrees) * deviation * Math.sqrt(fit.inverse[2]?.[2] ?? 0);
  return { bend: around(c / farthest ** 2, half / farthest ** 2), at };
}
