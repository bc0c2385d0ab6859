import type { Block } from '../stats/rankSum.js';

/** A value and the round that it was measured in. */
export interface RoundValue {
  readonly round: number;
  readonly value: number;
}

/** With fewer ways to deal values out to the sides, no p-value is small enough to be corrected for a dozen metrics at the last look. */
const LEAST_WAYS = 10_000;

/** What each round has of either side, in the order of the rounds. */
export function roundsOf(baseline: readonly RoundValue[], candidate: readonly RoundValue[]): Block[] {
  const rounds = [...new Set([...baseline, ...candidate].map(({ round }) => round))].sort((a, b) => a - b);
  const valuesIn = (side: readonly RoundValue[], round: number) =>
    side.filter((one) => one.round === round).map(({ value }) => value);
  return rounds.map((round) => ({ first: valuesIn(baseline, round), second: valuesIn(candidate, round) }));
}

/**
 * Puts rounds that lie side by side into blocks, as few in each as leave enough ways to deal their values out: what drifts
 * over an hour hardly does so within a block. By how many values there are, not by what they are: choosing by that would be another
 * chance of a false alarm. Eight rounds or fewer are one block, ten are four, twelve and more are pairs (and one of three).
 */
export function blocksOf(rounds: readonly Block[]): Block[] {
  for (let count = Math.floor(rounds.length / 2); count > 1; count--) {
    const blocks = split(rounds, count);
    if (waysToDealOut(blocks) >= LEAST_WAYS) return blocks;
  }
  return [joined(rounds)];
}

/** Into `count` blocks, whose numbers of rounds differ by one at most. */
function split(rounds: readonly Block[], count: number): Block[] {
  const start = (i: number) => Math.floor((i * rounds.length) / count);
  return Array.from({ length: count }, (_, i) => joined(rounds.slice(start(i), start(i + 1))));
}

function joined(rounds: readonly Block[]): Block {
  return { first: rounds.flatMap(({ first }) => first), second: rounds.flatMap(({ second }) => second) };
}

function waysToDealOut(blocks: readonly Block[]): number {
  return blocks.reduce(
    (ways, { first, second }) => ways * choose(first.length + second.length, first.length),
    1,
  );
}

/** Ways to take `k` of `n`. */
export function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
  return ways;
}
