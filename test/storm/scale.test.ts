import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptRate } from '../../src/storm/acceptRate.js';
import { scaleScenario } from '../../src/storm/scale.js';
import { population, scenario } from '../plan/scenarios.js';

describe('a scenario at another size', () => {
  test('has exactly so many connections, each population its share to within one', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 5_000_000 }), (given, connections) => {
        const populations = given.map((size, i) => population(`p${i}`, size));
        const scaled = scaleScenario(scenario({ populations }), connections).populations;
        const planned = given.reduce((sum, size) => sum + size, 0);
        expect(scaled.reduce((sum, { connections }) => sum + connections, 0)).toBe(connections);
        scaled.forEach(({ name, connections: size }, i) => {
          expect(name).toBe(`p${i}`);
          expect(Math.abs(size - (given[i]! * connections) / planned)).toBeLessThan(1);
        });
      }),
    );
  });

  test('gives what is left to those whom rounding took most from', () => {
    const populations = [population('a', 3), population('b', 3), population('c', 1)];
    const sizes = (connections: number): number[] =>
      scaleScenario(scenario({ populations }), connections).populations.map((scaled) => scaled.connections);
    expect(sizes(7)).toEqual([3, 3, 1]);
    expect(sizes(10)).toEqual([4, 4, 2]);
    expect(sizes(1)).toEqual([1, 0, 0]);
  });
});

describe('the accept rate, from opens per 100 ms', () => {
  test('is opens over the time from the beginning to the last of them', () => {
    expect(acceptRate([100, 200, 200, 200, 100, 0, 0], 100, 0)).toBe(1600);
    expect(acceptRate([0, 0, 50, 50], 100, 0)).toBe(250);
    expect(acceptRate([30], 100, 0)).toBe(300);
  });

  test('leaves out what opened before, and begins inside a bin', () => {
    expect(acceptRate([500, 500, 0, 20, 80], 100, 350)).toBeCloseTo(100 / 0.15);
  });

  test('leaves out the time in which everybody waited to send a SYN again', () => {
    const pause = Array<number>(8).fill(0);
    expect(acceptRate([200, 200, 200, 100, ...pause, 100, 200, 200], 100, 0)).toBeCloseTo(1200 / 0.7);
  });

  test('counts a short pause, which is the server being busy', () => {
    expect(acceptRate([100, 0, 0, 100], 100, 0)).toBe(500);
  });

  test('is 0 when nothing opened', () => {
    expect(acceptRate([], 100, 0)).toBe(0);
    expect(acceptRate([0, 0], 100, 0)).toBe(0);
  });
});
