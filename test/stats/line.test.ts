import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastSquares, median, type Point, theilSen } from '../../src/stats/line.js';
import { NORRIS } from './norris.js';

const points = (...pairs: ReadonlyArray<readonly [x: number, y: number]>): Point[] =>
  pairs.map(([x, y]) => ({ x, y }));

test("the line and its interval are those that NIST certifies for Norris's data, beyond the table of t", () => {
  const line = leastSquares(NORRIS)!;
  expect(line.slope).toBeCloseTo(1.00211681802045, 10);
  expect(line.intercept).toBeCloseTo(-0.262323073774029, 9);
  // Certified standard deviation of the slope, and t(0.975, 34) = 2.0322 by any table.
  const half = 2.0322 * 0.000429796848199937;
  expect(line.slopeCi95[0]).toBeCloseTo(line.slope - half, 7);
  expect(line.slopeCi95[1]).toBeCloseTo(line.slope + half, 7);
});

test("the line and its interval are those of Anscombe's first set, within the table of t", () => {
  // F. J. Anscombe, Graphs in Statistical Analysis, The American Statistician 27 (1973): y = 3 + 0.5 x, standard
  // error of the slope 0.118; t(0.975, 9) = 2.262.
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
  const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
  const line = leastSquares(x.map((value, i) => ({ x: value, y: y[i]! })))!;
  expect(line.slope).toBeCloseTo(0.5, 3);
  expect(line.intercept).toBeCloseTo(3, 3);
  expect((line.slopeCi95[1] - line.slope) / 2.262).toBeCloseTo(0.118, 3);
});

/** Student's distribution function: with t = sqrt(n) tan(a) its density is cos(a)^(n - 1), here by Simpson's rule. */
function student(t: number, degrees: number): number {
  const area = (until: number): number => {
    const steps = 2000;
    const at = (i: number): number => Math.cos((until * i) / steps) ** (degrees - 1);
    let sum = at(0) + at(steps);
    for (let i = 1; i < steps; i++) sum += at(i) * (i % 2 === 1 ? 4 : 2);
    return (sum * until) / steps / 3;
  };
  return 0.5 + area(Math.atan(t / Math.sqrt(degrees))) / (2 * area(Math.PI / 2));
}

test('the interval is the one that Student has for as many points, few or many', () => {
  for (let n = 3; n <= 80; n++) {
    const zigzag = Array.from({ length: n }, (_, i) => ({ x: i, y: i % 2 }));
    const { slope, intercept, slopeCi95 } = leastSquares(zigzag)!;
    const residual = zigzag.reduce((sum, { x, y }) => sum + (y - intercept - slope * x) ** 2, 0);
    const sxx = zigzag.reduce((sum, { x }) => sum + (x - (n - 1) / 2) ** 2, 0);
    const t = (slopeCi95[1] - slope) / Math.sqrt(residual / (n - 2) / sxx);
    expect(student(t, n - 2)).toBeCloseTo(0.975, 4);
  }
});

test('points on a line give that line, with no doubt about it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer({ min: -1000, max: 1000 }),
      fc.uniqueArray(fc.integer({ min: -500, max: 500 }), { minLength: 3, maxLength: 40 }),
      (slope, intercept, xs) => {
        const exact = xs.map((x) => ({ x, y: intercept + slope * x }));
        const line = leastSquares(exact)!;
        expect(line.slope).toBeCloseTo(slope, 6);
        expect(line.intercept).toBeCloseTo(intercept, 4);
        expect(line.slopeCi95[1] - line.slopeCi95[0]).toBeCloseTo(0, 5);
        expect(theilSen(exact)).toBeCloseTo(slope, 6);
      },
    ),
  );
});

test('too few points or only one x give no line', () => {
  expect(leastSquares(points([1, 1], [2, 2]))).toBeNull();
  expect(leastSquares(points([1, 1], [1, 2], [1, 3]))).toBeNull();
  expect(theilSen(points([1, 1], [1, 2]))).toBeNull();
  expect(theilSen([])).toBeNull();
  expect(theilSen(points([1, 1], [3, 5]))).toBe(2);
});

test('an outlier moves least squares, and not Theil-Sen', () => {
  const bent = points([1, 10], [2, 20], [3, 30], [4, 40], [5, 50], [6, 60], [7, 70], [8, 800]);
  expect(theilSen(bent)).toBe(10);
  const line = leastSquares(bent)!;
  expect(line.slope).toBeGreaterThan(50);
  expect(line.slopeCi95[0]).toBeLessThan(10);
});

test('the median is the middle, whatever the order, and leaves the list as it was', () => {
  const values = [100, 3, 20];
  expect(median(values)).toBe(20);
  expect(values).toEqual([100, 3, 20]);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9])).toBe(9);
});
