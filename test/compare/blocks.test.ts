import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksOf, roundsOf } from '../../dist/compare/blocks.js';

const rounds = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ first: [10 * i], second: [10 * i + 1] }));

describe('rounds that lie side by side', () => {
  it.each([
    { count: 6, sizes: [6] },
    { count: 8, sizes: [8] },
    { count: 9, sizes: [4, 5] },
    { count: 10, sizes: [2, 3, 2, 3] },
    { count: 11, sizes: [2, 2, 2, 2, 3] },
    { count: 12, sizes: [2, 2, 2, 2, 2, 2] },
    { count: 20, sizes: [2, 2, 2, 2, 2, 2, 2, 2, 2, 2] },
  ])('of $count are blocks of $sizes', ({ count, sizes }) => {
    expect(blocksOf(rounds(count)).map(({ first }) => first.length)).toEqual(sizes);
  });

  it('keep their order and every value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (count) => {
        const blocks = blocksOf(rounds(count));
        expect(blocks.flatMap(({ first }) => first)).toEqual(rounds(count).flatMap(({ first }) => first));
        expect(blocks.flatMap(({ second }) => second)).toEqual(rounds(count).flatMap(({ second }) => second));
      }),
    );
  });

  it('are put together by their number, with a run missing here and there', () => {
    const baseline = [
      { round: 1, value: 10 },
      { round: 3, value: 30 },
    ];
    const candidate = [
      { round: 3, value: 31 },
      { round: 2, value: 21 },
      { round: 1, value: 11 },
    ];
    expect(roundsOf(baseline, candidate)).toEqual([
      { first: [10], second: [11] },
      { first: [], second: [21] },
      { first: [30], second: [31] },
    ]);
  });
});
