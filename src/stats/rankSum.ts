/** Up to so many values in all the distribution is counted out; beyond, the normal approximation is as good. */
const MOST_EXACT = 80;

/** What two samples say about whether they come from the same distribution. */
export interface RankSum {
  /** Pairs of which the second's value is greater, ties counted half (Mann-Whitney U of the second sample). */
  readonly u: number;
  /** Two-sided: twice the smaller tail, at most 1. */
  readonly pValue: number;
  /** The smallest two-sided p-value that any assignment of these values to the two sides could have had. */
  readonly leastPValue: number;
}

/**
 * The rank-sum test (Wilcoxon, Individual Comparisons by Ranking Methods, Biometrics 1, 1945; Mann and Whitney, 1947), exact and
 * conditional on the ties: of all ways to take `second.length` of the midranks, the share whose sum is as far out. Exact up to 80
 * values in all; beyond, by the normal approximation with corrections for ties and continuity (Lehmann, Nonparametrics, 1975).
 *
 * No package that is kept gives exact p-values with ties: simple-statistics has the sum alone, stdlib and jstat the approximation.
 */
export function rankSum(first: readonly number[], second: readonly number[]): RankSum {
  const ranks = doubledMidranks([...first, ...second]);
  const doubledSum = ranks.slice(first.length).reduce((sum, rank) => sum + rank, 0);
  const n = second.length;
  const u = doubledSum / 2 - (n * (n + 1)) / 2;
  if (first.length === 0 || n === 0) return { u, pValue: 1, leastPValue: 1 };
  const tails = ranks.length <= MOST_EXACT ? exactTails(ranks, n) : normalTails(ranks, n);
  return {
    u,
    pValue: twoSided(tails.below(doubledSum), tails.above(doubledSum)),
    leastPValue: Math.min(
      twoSided(tails.below(leastSum(ranks, n)), 1),
      twoSided(1, tails.above(greatestSum(ranks, n))),
    ),
  };
}

/** Probability of a sum at most, and at least, so great. Sums are doubled, so that midranks are whole. */
interface Tails {
  readonly below: (doubledSum: number) => number;
  readonly above: (doubledSum: number) => number;
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

/** Counts the subsets of `n` ranks by their sum: ways[k][s] with each rank taken or not. */
function exactTails(ranks: readonly number[], n: number): Tails {
  const most = greatestSum(ranks, n);
  const ways = Array.from({ length: n + 1 }, () => new Float64Array(most + 1));
  (ways[0] as Float64Array)[0] = 1;
  ranks.forEach((rank, taken) => {
    for (let k = Math.min(n, taken + 1); k > 0; k--) {
      const without = ways[k - 1] as Float64Array;
      const withIt = ways[k] as Float64Array;
      for (let sum = most; sum >= rank; sum--) withIt[sum] = (withIt[sum] ?? 0) + (without[sum - rank] ?? 0);
    }
  });
  const counts = ways[n] as Float64Array;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const share = (from: number, until: number): number =>
    counts.subarray(Math.max(0, from), until + 1).reduce((sum, count) => sum + count, 0) / all;
  return { below: (sum) => share(0, sum), above: (sum) => share(sum, most) };
}

function normalTails(ranks: readonly number[], n: number): Tails {
  const total = ranks.length;
  const mean = n * (total + 1);
  const squares = ranks.reduce((sum, rank) => sum + (rank - (total + 1)) ** 2, 0);
  const deviation = Math.sqrt((n * (total - n) * squares) / (total * (total - 1)));
  // Half a rank, doubled, towards the middle.
  const tail = (distance: number): number => (deviation === 0 ? 1 : normalUpper((distance - 1) / deviation));
  return { below: (sum) => tail(mean - sum), above: (sum) => tail(sum - mean) };
}

function leastSum(ranks: readonly number[], n: number): number {
  return sumOf([...ranks].sort((a, b) => a - b).slice(0, n));
}

function greatestSum(ranks: readonly number[], n: number): number {
  return sumOf([...ranks].sort((a, b) => b - a).slice(0, n));
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
