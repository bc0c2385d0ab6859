import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankSum } from '../../dist/stats/rankSum.js';

describe('the rank-sum test', () => {
  // Hollander and Wolfe, Nonparametric Statistical Methods, 1973, page 69: permeability of the chorioamnion, in the
  // documentation of R's wilcox.test too: W = 35, one-sided p = 0.1272.
  it('gives the published p-value of permeability at term and at 12 to 26 weeks', () => {
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const early = [1.15, 0.88, 0.9, 0.74, 1.21];
    const { u, pValue } = rankSum(early, term);
    expect(u).toBe(35);
    expect(pValue).toBeCloseTo(2 * 0.1272, 3);
  });

  // Mann and Whitney, Annals of Mathematical Statistics 18, 1947, table I: the probability of U up to a value.
  it.each([
    { n: 5, m: 5, u: 2, probability: 0.016 },
    { n: 6, m: 6, u: 5, probability: 0.021 },
    { n: 8, m: 7, u: 10, probability: 0.02 },
  ])('gives the tabled probability of U = $u for $n and $m', ({ n, m, u, probability }) => {
    const { first, second } = withU(n, m, u);
    const test = rankSum(first, second);
    expect(test.u).toBe(u);
    expect(test.pValue / 2).toBeCloseTo(probability, 3);
  });

  it('says what the least p-value of six a side is: 2 of 924', () => {
    const { leastPValue, pValue } = rankSum([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]);
    expect(leastPValue).toBeCloseTo(2 / 924, 12);
    expect(pValue).toBeCloseTo(2 / 924, 12);
  });

  it('finds nothing in values that are all the same', () => {
    expect(rankSum([0, 0, 0], [0, 0, 0])).toEqual({ u: 4.5, pValue: 1, leastPValue: 1 });
  });

  it('says nothing of an empty side', () => {
    expect(rankSum([], [1, 2]).pValue).toBe(1);
  });

  it('is what counting all assignments gives, with ties too', () => {
    const values = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(values, values, (first, second) => {
        expect(rankSum(first, second).pValue).toBeCloseTo(byEnumeration(first, second), 9);
      }),
    );
  });

  it('is the same whichever side comes first', () => {
    const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(values, values, (first, second) => {
        expect(rankSum(first, second).pValue).toBeCloseTo(rankSum(second, first).pValue, 9);
      }),
    );
  });

  it('goes over into the approximation without a step', () => {
    const side = (offset: number, length: number) => Array.from({ length }, (_, i) => i * 1.7 + offset);
    const exact = rankSum(side(0, 40), side(12, 40)).pValue;
    const approximate = rankSum(side(0, 41), side(12, 41)).pValue;
    expect(approximate / exact).toBeGreaterThan(0.6);
    expect(approximate / exact).toBeLessThan(1.2);
  });
});

/** Two samples without ties whose U is as asked: the second starts below all and moves up by so many places. */
function withU(n: number, m: number, u: number): { first: number[]; second: number[] } {
  const second = Array.from({ length: m }, (_, i) => i - m);
  const first = Array.from({ length: n }, (_, i) => i * 2);
  let left = u;
  for (let i = m - 1; i >= 0 && left > 0; i--) {
    const passed = Math.min(left, n);
    second[i] = passed * 2 - 1 - (m - 1 - i) * 0.01;
    left -= passed;
  }
  return { first, second };
}

/** Of all ways to assign the values to the sides, the share whose sum of midranks is as far out, doubled. */
function byEnumeration(first: readonly number[], second: readonly number[]): number {
  const all = [...first, ...second];
  const rank = (value: number) =>
    all.filter((other) => other < value).length + (all.filter((other) => other === value).length + 1) / 2;
  const ranks = all.map(rank);
  const observed = ranks.slice(first.length).reduce((sum, own) => sum + own, 0);
  const sums: number[] = [];
  for (let mask = 0; mask < 2 ** all.length; mask++) {
    const chosen = ranks.filter((_, i) => (mask >> i) & 1);
    if (chosen.length === second.length) sums.push(chosen.reduce((sum, own) => sum + own, 0));
  }
  const below = sums.filter((sum) => sum <= observed + 1e-9).length / sums.length;
  const above = sums.filter((sum) => sum >= observed - 1e-9).length / sums.length;
  return Math.min(1, 2 * Math.min(below, above));
}
