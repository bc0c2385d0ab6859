import { createRandom } from '../sequence.js';
import { median } from './median.js';

/** Of the medians of two samples: the ratio `second / first` or the difference `second - first`. */
export type Effect = 'ratio' | 'difference';

export interface BootstrapOptions {
  readonly effect: Effect;
  readonly resamples: number;
  readonly seed: number;
}

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
  { effect, resamples, seed }: BootstrapOptions,
): readonly [low: number, high: number] {
  const random = createRandom(seed);
  const resampled = (values: readonly number[]): number =>
    median(values.map(() => values[Math.floor(random() * values.length)] ?? 0));
  const effects = Float64Array.from({ length: resamples }, () =>
    effectOf(effect, resampled(first), resampled(second)),
  ).sort();
  const at = (share: number): number => effects[Math.round(share * (resamples - 1))] ?? Number.NaN;
  return [at(0.025), at(0.975)];
}
