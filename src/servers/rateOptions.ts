import type { OptionReader } from './optionReader.js';

/** Of a token bucket. */
export interface GivenRateOptions {
  readonly perSecond: number;
  /** How many at once; default: those of a second. */
  readonly burst?: number;
}

export interface RateOptions {
  readonly perSecond: number;
  readonly burst: number;
}

const MANY = 1_000_000;

export function readRate(reader: OptionReader | null): RateOptions | null {
  if (reader === null) return null;
  const perSecond = reader.requiredNumber('perSecond', { least: 0.001, most: MANY });
  const burst = reader.integer('burst', { least: 1, most: MANY }) ?? Math.ceil(perSecond);
  reader.refuseUnread();
  return { perSecond, burst };
}
