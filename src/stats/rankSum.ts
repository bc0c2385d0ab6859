import { median } from './median.js';

/** Up to so many values in a block the distribution is counted out, which takes 50 ms. */
const MOST_EXACT = 80;
/** Of aligned values, so that those are equal which differ by what a logarithm and a subtraction round alone. */
const ROUNDED = 1e12;

/** Values that met the same conditions: they are held against each other, and not against those of other blocks. */
export interface Block {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** What two samples say about whether they come from the same distribution. */
export interface RankSum {
  /** Two-sided: twice the smaller tail, at most 1. */
  readonly pValue: number;
  /** The smallest two-sided p-value that any assignment of these values to the two sides could have had. */
  readonly leastPValue: number;
}

/**
 * The rank-sum test (Wilcoxon, Individual Comparisons by Ranking Methods, Biometrics Bulletin 1, 1945; Mann and Whitney, 1947), exact and
 * conditional on the ties: of all ways to take the second side's share of the midranks, the share whose sum is as far out. With several
 * blocks it is that of aligned ranks (Hodges and Lehmann, Rank Methods for Combination of Independent Experiments in Analysis of
 * Variance, Annals of Mathematical Statistics 33, 1962): each block's median is subtracted from its values, all are ranked together, and
 * the ways are those that leave each block as many values of each side. Exact up to 80 values in a block; beyond, by the normal
 * approximation with corrections for ties and continuity (Lehmann, Nonparametrics, 1975).
 *
 * No package that is kept gives exact p-values with ties: simple-statistics has the sum alone, stdlib and jstat the approximation.
 */
export function rankSum(blocks: readonly Block[]): RankSum {
  const ranked = rankedBlocks(blocks);
  const able = ranked.filter(({ ranks, n }) => n > 0 && n < ranks.length);
  if (able.length === 0) return { pValue: 1, leastPValue: 1 };
  const isFew = able.every(({ ranks }) => ranks.length <= MOST_EXACT);
  const tails = isFew ? exactTails(able) : normalTails(able);
  const sumBy = (pick: (block: RankedBlock) => number) => able.reduce((sum, block) => sum + pick(block), 0);
  const sum = sumBy(({ sum }) => sum);
  return {
    pValue: twoSided(tails.below(sum), tails.above(sum)),
    leastPValue: Math.min(
      twoSided(tails.below(sumBy(leastSum)), 1),
      twoSided(1, tails.above(sumBy(greatestSum))),
    ),
  };
}

interface RankedBlock {
  /** Ascending; doubled, so that midranks are whole. */
  readonly ranks: readonly number[];
  /** How many of them are of the second side, and their sum. */
  readonly n: number;
  readonly sum: number;
}

function rankedBlocks(blocks: readonly Block[]): RankedBlock[] {
  const aligned = blocks.map(({ first, second }) => {
    const values = [...first, ...second];
    // Of a single block the ranks are the same without.
    if (blocks.length === 1) return values;
    const middle = median(values);
    return values.map((value) => Math.round((value - middle) * ROUNDED));
  });
  const ranks = doubledMidranks(aligned.flat());
  let from = 0;
  return blocks.map(({ first, second }) => {
    const own = ranks.slice(from, from + first.length + second.length);
    from += own.length;
    const sum = own.slice(first.length).reduce((total, rank) => total + rank, 0);
    return { ranks: own.sort((a, b) => a - b), n: second.length, sum };
  });
}

/** Probability of a sum at most, and at least, so great. */
interface Tails {
  readonly below: (sum: number) => number;
  readonly above: (sum: number) => number;
}

function twoSided(below: number, above: number): number {
  return Math.min(1, 2 * Math.min(below, above));
}

/** Twice the rank of each value; equal values share the mean of their ranks. */
function doubledMidranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let until = from + 1;
    while (until < order.length && values[order[until] ?? 0] === values[order[from] ?? 0]) until++;
    for (let i = from; i < until; i++) ranks[order[i] ?? 0] = from + 1 + until;
    from = until;
  }
  return ranks;
}

function exactTails(blocks: readonly RankedBlock[]): Tails {
  const counts = blocks.map(countSums).reduce(convolved);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const share = (from: number, until: number): number =>
    counts.subarray(Math.max(0, from), until + 1).reduce((sum, count) => sum + count, 0) / all;
  return { below: (sum) => share(0, sum), above: (sum) => share(sum, counts.length - 1) };
}

/** Counts the subsets of `n` ranks by their sum: ways[k][s] with each rank taken or not. */
function countSums(block: RankedBlock): Float64Array {
  const { ranks, n } = block;
  const most = greatestSum(block);
  const ways = Array.from({ length: n + 1 }, () => new Float64Array(most + 1));
  (ways[0] as Float64Array)[0] = 1;
  ranks.forEach((rank, taken) => {
    for (let k = Math.min(n, taken + 1); k > 0; k--) {
      const without = ways[k - 1] as Float64Array;
      const withIt = ways[k] as Float64Array;
      for (let sum = most; sum >= rank; sum--) withIt[sum] = (withIt[sum] ?? 0) + (without[sum - rank] ?? 0);
    }
  });
  return ways[n] as Float64Array;
}

/** How often each sum of one of these and one of those comes up. Of a small block only a few sums do. */
function convolved(one: Float64Array, other: Float64Array): Float64Array {
  const both = new Float64Array(one.length + other.length - 1);
  const counted = [...other.entries()].filter(([, count]) => count > 0);
  one.forEach((count, sum) => {
    if (count === 0) return;
    for (const [more, times] of counted) both[sum + more] = (both[sum + more] ?? 0) + count * times;
  });
  return both;
}

function normalTails(blocks: readonly RankedBlock[]): Tails {
  let [mean, variance] = [0, 0];
  for (const { ranks, n } of blocks) {
    const total = ranks.length;
    const middle = sumOf(ranks) / total;
    const squares = ranks.reduce((sum, rank) => sum + (rank - middle) ** 2, 0);
    mean += n * middle;
    variance += (n * (total - n) * squares) / (total * (total - 1));
  }
  const deviation = Math.sqrt(variance);
  // Half a rank, doubled, towards the middle.
  const tail = (distance: number): number => (deviation === 0 ? 1 : normalUpper((distance - 1) / deviation));
  return { below: (sum) => tail(mean - sum), above: (sum) => tail(sum - mean) };
}

function leastSum({ ranks, n }: RankedBlock): number {
  return sumOf(ranks.slice(0, n));
}

function greatestSum({ ranks, n }: RankedBlock): number {
  return sumOf(ranks.slice(ranks.length - n));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** P(Z > z) of the standard normal distribution, by Abramowitz and Stegun 26.2.17; off by at most 7.5e-8. */
function normalUpper(z: number): number {
  if (z < 0) return 1 - normalUpper(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (series * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
