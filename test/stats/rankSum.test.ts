import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median } from '../../dist/stats/median.js';
import { type Block, rankSum } from '../../dist/stats/rankSum.js';

describe('the rank-sum test', () => {
  // Hollander and Wolfe, Nonparametric Statistical Methods, 1973, page 69: permeability of the chorioamnion, in the
  // documentation of R's wilcox.test too: W = 35, one-sided p = 0.1272.
  it('gives the published p-value of permeability at term and at 12 to 26 weeks', () => {
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const early = [1.15, 0.88, 0.9, 0.74, 1.21];
    expect(rankSum([{ first: early, second: term }]).pValue).toBeCloseTo(2 * 0.1272, 3);
  });

  // Mann and Whitney, Annals of Mathematical Statistics 18, 1947, table I: the probability of U up to a value.
  it.each([
    { n: 5, m: 5, u: 2, probability: 0.016 },
    { n: 6, m: 6, u: 5, probability: 0.021 },
    { n: 8, m: 7, u: 10, probability: 0.02 },
  ])('gives the tabled probability of U = $u for $n and $m', ({ n, m, u, probability }) => {
    const { first, second } = withU(n, m, u);
    expect(greaterPairs(first, second)).toBe(u);
    expect(rankSum([{ first, second }]).pValue / 2).toBeCloseTo(probability, 3);
  });

  it('says what the least p-value of six a side is: 2 of 924', () => {
    const { leastPValue, pValue } = rankSum([{ first: [1, 2, 3, 4, 5, 6], second: [7, 8, 9, 10, 11, 12] }]);
    expect(leastPValue).toBeCloseTo(2 / 924, 12);
    expect(pValue).toBeCloseTo(2 / 924, 12);
  });

  it('finds nothing in values that are all the same', () => {
    expect(rankSum([{ first: [0, 0, 0], second: [0, 0, 0] }])).toEqual({ pValue: 1, leastPValue: 1 });
  });

  it('says nothing of an empty side', () => {
    expect(rankSum([{ first: [], second: [1, 2] }]).pValue).toBe(1);
  });

  it('is what counting all assignments gives, with ties too', () => {
    fc.assert(
      fc.property(block(5), (one) => {
        expect(rankSum([one]).pValue).toBeCloseTo(byEnumeration([one]), 9);
      }),
    );
  });

  it('is the same whichever side comes first', () => {
    fc.assert(
      fc.property(fc.array(block(6), { minLength: 1, maxLength: 3 }), (blocks) => {
        const turned = blocks.map(({ first, second }) => ({ first: second, second: first }));
        expect(rankSum(blocks).pValue).toBeCloseTo(rankSum(turned).pValue, 9);
      }),
    );
  });

  it('goes over into the approximation without a step', () => {
    const side = (offset: number, length: number) => Array.from({ length }, (_, i) => i * 1.7 + offset);
    const exact = rankSum([{ first: side(0, 40), second: side(12, 40) }]).pValue;
    const approximate = rankSum([{ first: side(0, 41), second: side(12, 41) }]).pValue;
    expect(approximate / exact).toBeGreaterThan(0.6);
    expect(approximate / exact).toBeLessThan(1.2);
  });
});

describe('the rank-sum test in blocks', () => {
  it('is what counting all assignments gives that leave each block as many of each side', () => {
    fc.assert(
      fc.property(fc.array(block(3), { minLength: 2, maxLength: 3 }), (blocks) => {
        expect(rankSum(blocks).pValue).toBeCloseTo(byEnumeration(blocks), 9);
      }),
    );
  });

  it('does not mind what is common to a block', () => {
    fc.assert(
      fc.property(
        fc.array(block(5), { minLength: 2, maxLength: 4 }),
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 4, maxLength: 4 }),
        (blocks, shifts) => {
          const shifted = blocks.map(({ first, second }, i) => {
            const moved = (values: readonly number[]) => values.map((value) => value + (shifts[i] ?? 0));
            return { first: moved(first), second: moved(second) };
          });
          expect(rankSum(shifted)).toEqual(rankSum(blocks));
        },
      ),
    );
  });

  it('finds what one block of all would not: 2 of 6 x 6 x 6 where every pair is set apart', () => {
    const blocks = [100, 200, 300].map((level) => ({
      first: [level, level + 1],
      second: [level + 10, level + 11],
    }));
    expect(rankSum(blocks).pValue).toBeCloseTo(2 / 216, 12);
    const first = blocks.flatMap((one) => one.first);
    const second = blocks.flatMap((one) => one.second);
    expect(rankSum([{ first, second }]).pValue).toBeGreaterThan(0.3);
  });

  it('takes what only rounding tells apart for equal', () => {
    const blocks = [
      { first: [100, 200], second: [110, 150] },
      { first: [200, 400], second: [220, 300] },
      { first: [7, 14], second: [7.7, 10.5] },
    ];
    const inLogarithms = blocks.map(({ first, second }) => ({
      first: first.map(Math.log),
      second: second.map(Math.log),
    }));
    // Each block is the same in logarithms, so that there are four values in all, each three times.
    expect(rankSum(inLogarithms).pValue).toBeCloseTo(
      byEnumeration(blocks.map(() => ({ first: [0, 3], second: [1, 2] }))),
      12,
    );
  });

  it('leaves out a block of one side alone', () => {
    const one = { first: [1, 2, 3], second: [2, 5, 6] };
    expect(rankSum([one, { first: [7], second: [] }]).pValue).toBeCloseTo(rankSum([one]).pValue, 12);
  });

  it('is exact for a hundred rounds too', () => {
    const rounds = Array.from({ length: 50 }, (_, i) => ({
      first: [i, i + 1],
      second: [i + (i % 2), i + 1],
    }));
    const { pValue, leastPValue } = rankSum(rounds);
    expect(pValue).toBeGreaterThan(0);
    expect(pValue).toBeLessThanOrEqual(1);
    expect(leastPValue).toBeLessThan(1e-12);
  });
});

/** Whole numbers, so that there are ties. */
function block(most: number): fc.Arbitrary<Block> {
  const values = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: most });
  return fc.record({ first: values, second: values });
}

/** Pairs of which the second's value is greater: Mann and Whitney's U of values without ties. */
function greaterPairs(first: readonly number[], second: readonly number[]): number {
  return second.reduce((sum, value) => sum + first.filter((other) => other < value).length, 0);
}

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

/** Of all ways to assign each block's values to the sides, the share whose sum of midranks is as far out, doubled. */
function byEnumeration(blocks: readonly Block[]): number {
  const aligned = blocks.map(({ first, second }) => {
    const values = [...first, ...second];
    return values.map((value) => value - median(values));
  });
  const all = aligned.flat();
  const rank = (value: number) =>
    all.filter((other) => other < value).length + (all.filter((other) => other === value).length + 1) / 2;
  const ranks = aligned.map((values) => values.map(rank));
  const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const observed = sumOf(blocks.map(({ first }, i) => sumOf(ranks[i]?.slice(first.length) ?? [])));
  const sums = blocks.reduce(
    (before, { second }, i) => {
      const own = subsetsOf(ranks[i] ?? [], second.length).map(sumOf);
      return before.flatMap((sum) => own.map((more) => sum + more));
    },
    [0],
  );
  const below = sums.filter((sum) => sum <= observed + 1e-9).length / sums.length;
  const above = sums.filter((sum) => sum >= observed - 1e-9).length / sums.length;
  return Math.min(1, 2 * Math.min(below, above));
}

function subsetsOf(values: readonly number[], size: number): number[][] {
  const all = Array.from({ length: 2 ** values.length }, (_, mask) =>
    values.filter((_, i) => (mask >> i) & 1),
  );
  return all.filter(({ length }) => length === size);
}
