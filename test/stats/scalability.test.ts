import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Interval } from '../../src/stats/interval.js';
import type { Point } from '../../src/stats/line.js';
import { fitScalability } from '../../src/stats/scalability.js';
import { normalNoise } from './noise.js';
import { MADE_UP, RAY_TRACER, SPEC_SDM91 } from './usl.js';

interface Law {
  readonly lambda: number;
  readonly sigma: number;
  readonly kappa: number;
}

const throughput = ({ lambda, sigma, kappa }: Law, load: number): number =>
  (lambda * load) / (1 + sigma * (load - 1) + kappa * load * (load - 1));

const pointsOf = (law: Law, loads: readonly number[]): Point[] =>
  loads.map((x) => ({ x, y: throughput(law, x) }));

/** By any table of Student's t. */
const T975: Readonly<Record<number, number>> = { 3: 3.182, 4: 2.776 };
const standardError = ({ value, high }: Interval, degrees: number): number => (high - value) / T975[degrees]!;

test('parameters, standard errors and peak are those that are published for SPEC SDM91', () => {
  const { lambda, sigma, kappa, peak } = fitScalability(SPEC_SDM91)!;
  // README and tests/summary.Rout.save of usl: estimates and standard errors.
  expect(sigma.value).toBeCloseTo(0.0277285, 7);
  expect(kappa.value).toBeCloseTo(0.0001044, 7);
  expect(lambda.value).toBeCloseTo(89.995233, 5);
  expect(standardError(sigma, 4)).toBeCloseTo(0.0091217, 6);
  expect(standardError(kappa, 4)).toBeCloseTo(0.0000199, 7);
  expect(standardError(lambda, 4)).toBeCloseTo(14.2134894, 2);
  // tests/peak-scalability.R: 96.51956 to 1 in 10,000; the README has 1884 for its value.
  expect(Math.abs(peak!.load / 96.51956 - 1)).toBeLessThan(1e-6);
  expect(peak!.value).toBeCloseTo(1884, 0);
});

test('the ray tracer has no coherency term and so no peak, as published', () => {
  const { lambda, sigma, kappa, peak } = fitScalability(RAY_TRACER)!;
  // The vignette of usl: alpha 0.057771, beta 0, gamma 21.848843, limit 378.
  expect(sigma.value).toBeCloseTo(0.057771, 6);
  expect(lambda.value).toBeCloseTo(21.848843, 5);
  expect(lambda.value / sigma.value).toBeCloseTo(378.2, 1);
  expect(kappa.value).toBe(0);
  expect(kappa.low).toBe(0);
  expect(kappa.high).toBeGreaterThan(0);
  expect(peak).toBeNull();
});

test('the first six points of it do not say for sure that anything waits, so that no peak is named', () => {
  const { lambda, sigma, kappa, peak } = fitScalability(RAY_TRACER.slice(0, 6))!;
  // tests/confint.Rout.save, whose half-widths are qt(0.95, 5) = 2.015 standard errors.
  expect(sigma.value).toBeCloseTo(0.02444, 5);
  expect(kappa.value).toBeCloseTo(0.00163, 5);
  expect(lambda.value).toBeCloseTo(20.85605, 4);
  expect(standardError(sigma, 3)).toBeCloseTo((0.04135 - 0.00754) / 2 / 2.015, 5);
  expect(standardError(kappa, 3)).toBeCloseTo((0.00215 - 0.0011) / 2 / 2.015, 5);
  expect(standardError(lambda, 3)).toBeCloseTo((22.44492 - 19.26717) / 2 / 2.015, 3);
  expect(sigma.low).toBe(0);
  expect(kappa.low).toBeGreaterThan(0);
  expect(peak).toBeNull();
});

test('numbers made up to four digits give back what they were made from', () => {
  const { lambda, sigma, kappa, peak } = fitScalability(MADE_UP)!;
  expect(lambda.value).toBeCloseTo(1, 4);
  expect(sigma.value).toBeCloseTo(0.02, 4);
  expect(kappa.value).toBeCloseTo(0.02, 5);
  expect(peak!.load).toBeCloseTo(7, 3);
});

const logarithmic = (least: number, most: number): fc.Arbitrary<number> =>
  fc.double({ min: Math.log(least), max: Math.log(most), noNaN: true }).map(Math.exp);

/** A law that shows in the loads it is measured at: the peak lies among them, or not far beyond. */
const laws = fc
  .record({
    lambda: logarithmic(1e-3, 1e3),
    peak: logarithmic(20, 1e5),
    sigmaAtPeak: logarithmic(0.05, 20),
    reach: logarithmic(0.7, 4),
    points: fc.integer({ min: 6, max: 30 }),
  })
  .map(({ lambda, peak, sigmaAtPeak, reach, points }) => {
    const sigma = sigmaAtPeak / (peak + sigmaAtPeak);
    const law = { lambda, sigma, kappa: (1 - sigma) / peak ** 2 };
    const loads = Array.from({ length: points }, (_, i) => (peak * reach * (i + 1)) / points);
    return { law, loads, peak };
  });

test('a law without noise gives its parameters back, and its peak', () => {
  fc.assert(
    fc.property(laws, ({ law, loads, peak }) => {
      const fit = fitScalability(pointsOf(law, loads))!;
      expect(fit.lambda.value / law.lambda).toBeCloseTo(1, 5);
      expect(fit.sigma.value / law.sigma).toBeCloseTo(1, 5);
      expect(fit.kappa.value / law.kappa).toBeCloseTo(1, 5);
      expect(fit.peak!.load / peak).toBeCloseTo(1, 5);
      expect(fit.peak!.value / throughput(law, peak)).toBeCloseTo(1, 5);
    }),
  );
});

test('throughput in another unit changes lambda alone, and a peak moves with the unit of the load', () => {
  fc.assert(
    fc.property(laws, logarithmic(1e-6, 1e6), fc.integer({ min: 2, max: 50 }), (given, unit, times) => {
      const points = pointsOf(given.law, given.loads).map(({ x, y }, i) => ({
        x,
        y: y * (1 + (i % 3) * 1e-4),
      }));
      const fit = fitScalability(points)!;
      const other = fitScalability(points.map(({ x, y }) => ({ x, y: y * unit })))!;
      expect(other.lambda.value / fit.lambda.value / unit).toBeCloseTo(1, 6);
      expect(other.lambda.high / fit.lambda.high / unit).toBeCloseTo(1, 6);
      expect(other.sigma.value / fit.sigma.value).toBeCloseTo(1, 6);
      expect(other.kappa.high / fit.kappa.high).toBeCloseTo(1, 6);
      const farther = fitScalability(points.map(({ x, y }) => ({ x: x * times, y })))!;
      if (fit.peak !== null && farther.peak !== null) {
        expect(farther.peak.load / fit.peak.load / times).toBeCloseTo(1, 6);
        expect(farther.peak.value / fit.peak.value).toBeCloseTo(1, 6);
      }
    }),
  );
});

test('of measurements with noise about 95 % of the intervals hold the truth', () => {
  const law = { lambda: 90, sigma: 0.02, kappa: 0.0001 };
  const loads = [1, 10, 20, 40, 60, 80, 100, 130, 160, 200];
  const noise = normalNoise(20_260_101);
  const held = { lambda: 0, sigma: 0, kappa: 0 };
  const times = 1000;
  for (let i = 0; i < times; i++) {
    const fit = fitScalability(pointsOf(law, loads).map(({ x, y }) => ({ x, y: y + 20 * noise() })))!;
    for (const name of ['lambda', 'sigma', 'kappa'] as const) {
      if (fit[name].low <= law[name] && law[name] <= fit[name].high) held[name]++;
    }
  }
  // Seeded, so that it never varies; 0.95 within four standard errors of 1000 draws.
  for (const hits of Object.values(held)) {
    expect(hits / times).toBeGreaterThan(0.922);
    expect(hits / times).toBeLessThan(0.978);
  }
});

test('where there is no contention or no coherency, the interval that says so hardly ever denies it', () => {
  const noise = normalNoise(7);
  const loads = [100, 200, 400, 800, 1600, 2400, 3200, 4000];
  let named = 0;
  let denied = 0;
  const times = 500;
  for (let i = 0; i < times; i++) {
    const law = { lambda: 1, sigma: i % 2 === 0 ? 0 : 3e-4, kappa: 0 };
    const fit = fitScalability(pointsOf(law, loads).map(({ x, y }) => ({ x, y: y * (1 + 0.02 * noise()) })))!;
    if (fit.kappa.low > 0) denied++;
    if (fit.peak !== null) named++;
    expect(fit.sigma.value).toBeGreaterThanOrEqual(0);
    expect(fit.kappa.value).toBeGreaterThanOrEqual(0);
  }
  expect(denied / times).toBeLessThan(0.06);
  expect(named / times).toBeLessThan(0.06);
});

test('a server that keeps up with everything has neither, and no peak', () => {
  for (const lambda of [1, 0.3, 12_345.678]) {
    const fit = fitScalability(pointsOf({ lambda, sigma: 0, kappa: 0 }, [3, 70, 100, 900, 1600, 3300]))!;
    expect(fit.lambda.value / lambda).toBeCloseTo(1, 9);
    expect(fit.sigma).toMatchObject({ low: 0 });
    expect(fit.kappa).toMatchObject({ low: 0 });
    expect(fit.peak).toBeNull();
  }
});

test('what the law cannot mean gives no model, or one without numbers that are none', () => {
  const same = Array.from({ length: 8 }, (_, i) => ({ x: 100, y: 90 + i }));
  expect(fitScalability(same)).toBeNull();
  expect(fitScalability([])).toBeNull();
  expect(fitScalability(SPEC_SDM91.slice(0, 3))).toBeNull();
  expect(fitScalability(SPEC_SDM91.map(({ x }) => ({ x, y: 0 })))).toBeNull();
  expect(fitScalability([...SPEC_SDM91, { x: 0, y: 0 }])).toBeNull();
  expect(fitScalability([...SPEC_SDM91, { x: 5, y: Number.NaN }])).toBeNull();
  fc.assert(
    fc.property(
      fc.array(fc.record({ x: fc.integer({ min: 1, max: 50 }), y: fc.integer({ min: 0, max: 1000 }) }), {
        maxLength: 12,
      }),
      (points) => {
        const fit = fitScalability(points);
        if (fit === null) return;
        const { lambda, sigma, kappa, peak } = fit;
        for (const { value, low, high } of [lambda, sigma, kappa]) {
          for (const one of [value, low, high]) expect(Number.isFinite(one)).toBe(true);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
        }
        if (peak !== null) {
          expect(peak.load).toBeGreaterThan(0);
          expect(sigma.low > 0 && kappa.low > 0).toBe(true);
        }
      },
    ),
    { numRuns: 500 },
  );
});
