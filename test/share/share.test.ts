import fc from 'fast-check';
import { expect, test } from 'vitest';
import { belongs } from '../../src/share.js';

function chosen(n: number, share: number): number[] {
  return Array.from({ length: n }, (_, i) => i).filter((i) => belongs(i, share));
}

test('a share of n in percent is floor(n * share) of them, to the last one', () => {
  fc.assert(
    fc.property(fc.nat(3000), fc.integer({ min: 1, max: 100 }), (n, percent) => {
      expect(chosen(n, percent / 100)).toHaveLength(Math.floor((n * percent) / 100));
    }),
  );
});

test('a share is spread evenly over the row, not taken from its beginning', () => {
  expect(chosen(10, 0.3)).toEqual([3, 6, 9]);
  expect(chosen(4, 1)).toEqual([0, 1, 2, 3]);
});
