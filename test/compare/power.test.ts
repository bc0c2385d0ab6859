import { describe, expect, it } from 'vitest';
import { blocksOf, roundsOf } from '../../dist/compare/blocks.js';
import { createRandom } from '../../dist/sequence.js';
import { detectableShift } from '../../dist/stats/detectable.js';
import { rankSum } from '../../dist/stats/rankSum.js';

const LEVEL = 0.02 / 9;

describe('what is told to be the smallest change that can be detected', () => {
  it.each([8, 10, 20])('is found by the test in some four of five comparisons of %i rounds', (rounds) => {
    const random = createRandom(rounds);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const side = (shift: number) =>
      Array.from({ length: rounds }, (_, i) => ({ round: i + 1, value: shift + normal() }));
    const comparisons = 300;
    let found = 0;
    for (let i = 0; i < comparisons; i++) {
      const blocks = blocksOf(roundsOf(side(0), side(detectableShift(1, rounds, LEVEL))));
      if (rankSum(blocks).pValue <= LEVEL) found++;
    }
    expect(found / comparisons).toBeGreaterThan(0.7);
    expect(found / comparisons).toBeLessThan(0.97);
  });
});
