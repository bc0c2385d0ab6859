import { expect, test } from 'vitest';
import { exponential, hashName, randomAt } from '../../src/plan/random.js';
import { identityOf, shardPopulation } from '../../src/plan/shard.js';
import { population as populationOf } from './scenarios.js';

const DRAWS = 20_000;
const BINS = 20;

/** Pearson's chi-square of draws in equal bins; 19 degrees of freedom: above 43.8 once in a thousand. */
function chiSquare(draw: (i: number) => number): number {
  const counts = new Array<number>(BINS).fill(0);
  for (let i = 0; i < DRAWS; i++) {
    counts[Math.floor(draw(i) * BINS)]!++;
  }
  const expected = DRAWS / BINS;
  expect(counts).toHaveLength(BINS);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(DRAWS);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, i) => (value - meanA) * (b[i]! - meanB)));
  const variance = (values: readonly number[], m: number) => mean(values.map((value) => (value - m) ** 2));
  return covariance / Math.sqrt(variance(a, meanA) * variance(b, meanB));
}

const population = hashName('listeners');

test.each([
  ['connections', (i: number) => randomAt(1, population, i, 1, 0)],
  ['turns of one connection', (i: number) => randomAt(1, population, 17, 1, i)],
  ['seeds', (i: number) => randomAt(i, population, 17, 1, 0)],
  ['populations', (i: number) => randomAt(1, hashName(`p${i}`), 17, 1, 0)],
] as const)('draws are uniform over %s', (_over, draw) => {
  expect(chiSquare(draw)).toBeLessThan(60);
});

test('draws for different purposes, populations and turns have nothing to do with each other', () => {
  const draws = (seed: number, name: string, purpose: number, k: number): number[] =>
    Array.from({ length: 5000 }, (_, i) => randomAt(seed, hashName(name), i, purpose, k));
  const reference = draws(1, 'a', 1, 0);
  for (const others of [draws(1, 'a', 2, 0), draws(1, 'b', 1, 0), draws(1, 'a', 1, 1), draws(2, 'a', 1, 0)]) {
    expect(Math.abs(correlation(reference, others))).toBeLessThan(0.06);
  }
});

test('a population draws the same on one worker and on three', () => {
  function draws(shards: number): number[] {
    const all: number[] = [];
    for (let shard = 0; shard < shards; shard++) {
      const part = shardPopulation(populationOf('listeners', 100), 1, shard, shards);
      for (let local = 0; local < part.connections; local++) {
        all.push(randomAt(3, population, identityOf(part, shards, local), 2, 5));
      }
    }
    return all.sort();
  }
  expect(draws(3)).toEqual(draws(1));
  expect(new Set(draws(1)).size).toBe(100);
});

test('an exponential draw is finite for every uniform draw, and has mean 1', () => {
  expect(exponential(0)).toBeCloseTo(0, 12);
  expect(Number.isFinite(exponential(1 - 2 ** -32))).toBe(true);
  let sum = 0;
  for (let i = 0; i < DRAWS; i++) sum += exponential(randomAt(1, population, i, 9, 0));
  expect(Math.abs(sum / DRAWS - 1)).toBeLessThan(0.04);
});
