import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastSquares, median, type Point, predict, theilSen } from '../../src/stats/line.js';
import { meanInterval } from '../../src/stats/mean.js';
import { fitParabola } from '../../src/stats/parabola.js';
import { normalNoise } from './noise.js';
import { NORRIS } from './norris.js';
import { PROPELLANT } from './propellant.js';

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

test('one more observation would lie where textbooks say, wider the farther off it is', () => {
  const line = leastSquares(PROPELLANT)!;
  // Example 2.1: 2627.82 - 37.15 x; example 2.7: the strength at 10 weeks, from numbers that were rounded on the way.
  expect(line.intercept).toBeCloseTo(2627.82, 2);
  expect(line.slope).toBeCloseTo(-37.15, 2);
  const { value, low, high } = predict(line, 10);
  expect(Math.abs(value - 2256.32)).toBeLessThan(0.05);
  expect(Math.abs(low - 2048.32)).toBeLessThan(0.15);
  expect(Math.abs(high - 2464.32)).toBeLessThan(0.15);
  const widths = [13, 25, 100, 1000].map((x) => predict(line, x).high - predict(line, x).low);
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
});

test('the intercept of Norris has the certified standard deviation', () => {
  const { intercept, interceptCi95 } = leastSquares(NORRIS)!;
  const half = 2.0322 * 0.232818234301152;
  expect(interceptCi95[0]).toBeCloseTo(intercept - half, 4);
  expect(interceptCi95[1]).toBeCloseTo(intercept + half, 4);
});

test('of new observations about 95 % lie within, among the points and far from them', () => {
  const noise = normalNoise(1);
  const xs = [100, 200, 400, 800, 1600, 2000];
  for (const at of [500, 20_000]) {
    const times = 2000;
    let within = 0;
    let above = 0;
    for (let i = 0; i < times; i++) {
      const line = leastSquares(xs.map((x) => ({ x, y: 50 + 3 * x + 200 * noise() })))!;
      const { low, high } = predict(line, at);
      const seen = 50 + 3 * at + 200 * noise();
      if (seen >= low && seen <= high) within++;
      if (line.interceptCi95[0] <= 50 && line.interceptCi95[1] >= 50) above++;
    }
    // Seeded; 0.95 within four standard errors of 2000 draws.
    for (const hits of [within, above]) expect(Math.abs(hits / times - 0.95)).toBeLessThan(0.02);
  }
});

test('the mean has the interval that Student has for as many values', () => {
  // t(0.975, 4) = 2.776, s = sqrt(2.5), by hand.
  const { value, low, high } = meanInterval([1, 2, 3, 4, 5])!;
  expect(value).toBe(3);
  expect(high - value).toBeCloseTo((2.776 * Math.sqrt(2.5)) / Math.sqrt(5), 10);
  expect(low).toBeCloseTo(6 - high, 10);
  expect(meanInterval([7, 7, 7])).toEqual({ value: 7, low: 7, high: 7 });
  expect(meanInterval([7])).toBeNull();
  expect(meanInterval([])).toBeNull();
});

test('a bend shows where there is one, and hardly ever where there is none', () => {
  const xs = [100, 200, 400, 800, 1600, 2000];
  const exact = fitParabola(xs.map((x) => ({ x, y: 5 + 2 * x + 0.01 * x * x })))!;
  expect(exact.bend.value).toBeCloseTo(0.01, 10);
  expect(exact.bend.low).toBeGreaterThan(0);
  expect(exact.at(4000)).toBeCloseTo(5 + 8000 + 160_000, 4);
  const noise = normalNoise(3);
  let bent = 0;
  for (let i = 0; i < 1000; i++) {
    const { bend } = fitParabola(xs.map((x) => ({ x, y: 5 + 2 * x + 30 * noise() })))!;
    if (bend.low > 0 || bend.high < 0) bent++;
  }
  // 5 % by chance; seeded.
  expect(Math.abs(bent / 1000 - 0.05)).toBeLessThan(0.03);
  const straight = fitParabola(xs.map((x) => ({ x, y: 7 * x })))!;
  expect(straight.bend.low).toBeLessThanOrEqual(0);
  expect(straight.bend.high).toBeGreaterThanOrEqual(0);
  expect(fitParabola(points([1, 1], [2, 2], [3, 4]))).toBeNull();
  expect(fitParabola(points([1, 1], [1, 2], [3, 4], [3, 5]))).toBeNull();
  expect(fitParabola(points([0, 1], [0, 2], [0, 4], [0, 5]))).toBeNull();
});
