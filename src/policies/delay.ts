import type { DelayRule, Jitter, Retry } from './policy.js';

/** Growth without a cap ends here, 285 years on: further, doubles are not whole, and 0 * Infinity is no number. */
const LONGEST_US = Number.MAX_SAFE_INTEGER;

/** How long to wait before a retry, in whole us from 0 on. Allocates nothing. */
export function retryDelayUs(rule: DelayRule, retry: Retry): number {
  const { late, jitters } = rule;
  if (late !== null && retry.sinceLossUs >= late.afterUs) return late.delayUs;
  const capUs = rule.capUs ?? LONGEST_US;
  let delayUs = Math.min(expectedUs(rule.growth, retry.n), capUs);
  for (let i = 0; i < jitters.length; i++) delayUs = jitteredUs(delayUs, jitters[i]!, i, capUs, retry);
  return Math.min(Math.round(delayUs), rule.capAfterJitterUs ?? LONGEST_US);
}

function expectedUs(growth: DelayRule['growth'], n: number): number {
  switch (growth.kind) {
    case 'list':
      return growth.delaysUs[Math.min(n, growth.delaysUs.length - 1)] ?? 0;
    case 'linear':
      return growth.baseUs + n * growth.stepUs;
    case 'exponential': {
      const steps = growth.mostSteps === null ? n : Math.min(n, growth.mostSteps);
      return growth.baseUs * Math.min(power(growth.factor, steps), LONGEST_US);
    }
  }
}

/** `base ** exponent` for whole exponents from 0 on, in a tenth of the time: a storm of millions asks for many. */
function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** `d` of the formulas is `delayUs`, U is draw `i`. */
function jitteredUs(delayUs: number, jitter: Jitter, i: number, capUs: number, retry: Retry): number {
  switch (jitter.kind) {
    case 'full':
      return delayUs * retry.draw(i);
    case 'equal':
      return delayUs / 2 + (delayUs / 2) * retry.draw(i);
    case 'decorrelated':
      return Math.min(
        capUs,
        between(jitter.baseUs, 3 * Math.max(retry.previousUs, jitter.baseUs), retry.draw(i)),
      );
    case 'deviation':
      return deviatedUs(delayUs, jitter.share, retry.draw(i));
    case 'plus':
      return delayUs + between(jitter.lowUs, jitter.highUs, retry.draw(i));
    case 'times': {
      const draw = jitter.once ? retry.drawOnce() : retry.draw(i);
      if (jitter.first !== null && retry.n === 0)
        return delayUs * between(jitter.first[0], jitter.first[1], draw);
      return delayUs * between(jitter.low, jitter.high, draw);
    }
  }
}

/** As backo2 does it: one draw gives both the size and the sign of a deviation in whole ms. */
function deviatedUs(delayUs: number, share: number, draw: number): number {
  const ms = delayUs / 1000;
  const deviationMs = Math.floor(draw * share * ms);
  const isShorter = (Math.floor(draw * 10) & 1) === 0;
  return Math.floor(isShorter ? ms - deviationMs : ms + deviationMs) * 1000;
}

function between(low: number, high: number, draw: number): number {
  return low + (high - low) * draw;
}
