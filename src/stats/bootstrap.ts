import { createRandom } from '../sequence.js';
import { median } from './median.js';
import type { Block } from './rankSum.js';

/** Of the medians of two samples: the ratio `second / first` or the difference `second - first`. */
export type Effect = 'ratio' | 'difference';

export interface BootstrapOptions {
  readonly effect: Effect;
  readonly resamples: number;
  readonly seed: number;
}

/** Of an interval. */
export type Ends = readonly [low: number, high: number];

export function effectOf(effect: Effect, first: number, second: number): number {
  return effect === 'ratio' ? second / first : second - first;
}

/**
 * The interval of 95 % of an effect between two medians, by resampling each side with replacement and taking the 2.5th and the
 * 97.5th percentile (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). The same seed gives the same interval.
 * A ratio needs values above 0 on the first side.
 */
export function bootstrapInterval(
  first: readonly number[],
  second: readonly number[],
  options: BootstrapOptions,
): Ends {
  return percentileInterval(options, (random) => [resampled(first, random), resampled(second, random)]);
}

/**
 * The same of sides that were measured together: whole blocks are resampled (section 9.5, bootstrapping pairs), so that what
 * differs between them, and is none of the sides' doing, does not widen the interval. Each side needs a value.
 */
export function blockBootstrapInterval(blocks: readonly Block[], options: BootstrapOptions): Ends {
  return percentileInterval(options, (random) => {
    for (;;) {
      const [first, second]: [number[], number[]] = [[], []];
      for (const block of resampled(blocks, random)) {
        first.push(...block.first);
        second.push(...block.second);
      }
      // Blocks may lack a side: without any value of it there is no effect.
      if (first.length > 0 && second.length > 0) return [first, second];
    }
  });
}

function percentileInterval(
  { effect, resamples, seed }: BootstrapOptions,
  draw: (random: () => number) => readonly [first: readonly number[], second: readonly number[]],
): Ends {
  const random = createRandom(seed);
  const effects = Float64Array.from({ length: resamples }, () => {
    const [first, second] = draw(random);
    return effectOf(effect, median(first), median(second));
  }).sort();
  const at = (share: number): number => effects[Math.round(share * (resamples - 1))] ?? Number.NaN;
  return [at(0.025), at(0.975)];
}

function resampled<T>(values: readonly T[], random: () => number): T[] {
  return values.map(() => values[Math.floor(random() * values.length)] as T);
}
