import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrivalTimesUs, arrivedAt } from '../../src/plan/arrivals.js';
import type { Arrive } from '../../src/scenario/scenario.js';

const arrivals: fc.Arbitrary<Arrive> = fc.oneof(
  fc.constant({ kind: 'at-once' } as const),
  fc.record({ kind: fc.constant('over' as const), overUs: fc.integer({ min: 1, max: 3_600_000_000 }) }),
  fc.record({
    kind: fc.constant('rate' as const),
    perSecond: fc.double({ min: 0.01, max: 100_000, noNaN: true }),
    spacing: fc.constantFrom('uniform' as const, 'poisson' as const),
  }),
);

test('everybody arrives, one after the other, at whole microseconds', () => {
  fc.assert(
    fc.property(arrivals, fc.nat({ max: 500 }), fc.nat(), (arrive, connections, seed) => {
      const times = arrivalTimesUs(arrive, connections, seed, 7);
      expect(times).toHaveLength(connections);
      expect([...times]).toEqual([...times].sort((a, b) => a - b));
      expect(times.every((us) => Number.isInteger(us) && us >= 0)).toBe(true);
    }),
  );
});

test('over: the first arrives at once, the others evenly, the last before the time is up', () => {
  const times = arrivalTimesUs({ kind: 'over', overUs: 1_000_000 }, 4, 1, 0);
  expect([...times]).toEqual([0, 250_000, 500_000, 750_000]);
});

test('at once: everybody arrives at the start', () => {
  expect([...arrivalTimesUs({ kind: 'at-once' }, 3, 1, 0)]).toEqual([0, 0, 0]);
});

test('a uniform rate keeps its distance, and does not drift when it is no whole number of microseconds', () => {
  const times = arrivalTimesUs({ kind: 'rate', perSecond: 300, spacing: 'uniform' }, 3001, 1, 0);
  expect([...times.slice(0, 4)]).toEqual([0, 3333, 6666, 10_000]);
  expect(times[3000]).toBe(10_000_000);
});

test('a poisson rate has the mean and the spread of one', () => {
  const n = 20_000;
  const times = arrivalTimesUs({ kind: 'rate', perSecond: 1000, spacing: 'poisson' }, n, 42, 0);
  const gaps = [...times].map((us, i) => us - (times[i - 1] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / n;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / n);
  // An exponential distribution's deviation is its mean; four standard errors of either are below 4 %.
  expect(Math.abs(mean / 1000 - 1)).toBeLessThan(0.04);
  expect(Math.abs(deviation / 1000 - 1)).toBeLessThan(0.04);
});

test('the same seed gives the same times; another seed or population gives others', () => {
  const arrive = { kind: 'rate', perSecond: 100, spacing: 'poisson' } as const;
  const times = arrivalTimesUs(arrive, 50, 1, 1);
  expect(arrivalTimesUs(arrive, 50, 1, 1)).toEqual(times);
  expect(arrivalTimesUs(arrive, 50, 2, 1)).not.toEqual(times);
  expect(arrivalTimesUs(arrive, 50, 1, 2)).not.toEqual(times);
});

test('a ramp in any number of steps ends with everybody, none of them twice', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 100_000 }),
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (connections, steps, fromShare) => {
        let arrived = arrivedAt(fromShare, connections);
        for (let step = 1; step <= steps; step++) {
          const next = arrivedAt(fromShare + ((1 - fromShare) * step) / steps, connections);
          expect(next).toBeGreaterThanOrEqual(arrived);
          arrived = next;
        }
        expect(arrived).toBe(connections);
      },
    ),
  );
});
