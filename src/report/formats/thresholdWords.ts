import type { ThresholdVerdict } from '../../result/types.js';
import { limitWords, observedWords, readLimit, unseenWords } from '../limits.js';

/** What a threshold saw, in words. */
export function seenWords(threshold: ThresholdVerdict): string {
  return observedWords(threshold) ?? unseenWords(threshold);
}

/** `412 ms (limit 250 ms)`. */
export function seenAndLimitWords(threshold: ThresholdVerdict): string {
  const limit = readLimit(threshold.expression);
  const asks = limit === null ? '' : ` (limit ${limitWords(limit)})`;
  return `${seenWords(threshold)}${asks}`;
}
