import type { RateOptions } from './rateOptions.js';

/**
 * Lets `burst` through at once and `perSecond` in the long run. It keeps the instant at which it would be full again
 * instead of a number of tokens (the virtual scheduling algorithm of ITU-T I.371, annex A): asking it often, in vain, adds
 * up no rounding, so that it is exact to the microsecond.
 */
export class TokenBucket {
  readonly #perTokenUs: number;
  /** The time that the tokens take to grow which may be missing when one is taken. */
  readonly #slackUs: number;
  #fullAtUs = Number.NEGATIVE_INFINITY;

  /** It is full at first. */
  constructor({ perSecond, burst }: RateOptions) {
    this.#perTokenUs = 1_000_000 / perSecond;
    this.#slackUs = (burst - 1) * this.#perTokenUs;
  }

  /**
   * Takes a token.
   * @param atUs Never earlier than the call before.
   * @returns 0, or in how many us there will be one: none is taken then.
   */
  take(atUs: number): number {
    const waitUs = this.#fullAtUs - this.#slackUs - atUs;
    // Instants are whole microseconds: what is less than one is rounding.
    if (waitUs >= 1) return waitUs;
    this.#fullAtUs = Math.max(this.#fullAtUs, atUs) + this.#perTokenUs;
    return 0;
  }
}
