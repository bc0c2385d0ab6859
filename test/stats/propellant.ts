import type { Point } from '../../src/stats/line.js';

/**
 * Rocket propellant: age in weeks, shear strength in psi. D. C. Montgomery, E. A. Peck and G. G. Vining, Introduction to
 * Linear Regression Analysis, examples 2.1 and 2.7.
 */
export const PROPELLANT: readonly Point[] = (
  [
    [15.5, 2158.7],
    [23.75, 1678.15],
    [8.0, 2316.0],
    [17.0, 2061.3],
    [5.5, 2207.5],
    [19.0, 1708.3],
    [24.0, 1784.7],
    [2.5, 2575.0],
    [7.5, 2357.9],
    [11.0, 2256.7],
    [13.0, 2165.2],
    [3.75, 2399.55],
    [25.0, 1779.8],
    [9.75, 2336.75],
    [22.0, 1765.3],
    [18.0, 2053.5],
    [6.0, 2414.4],
    [12.5, 2200.5],
    [2.0, 2654.2],
    [21.5, 1753.7],
  ] as const
).map(([x, y]) => ({ x, y }));
