import type { ProxyFaultSpec } from '../scenario/faultSpec.js';

/**
 * What one fault does to the bytes of one direction of one connection. The end of a stream counts as one byte, as
 * it does in TCP.
 */
export interface Valve {
  readonly kind: ProxyFaultSpec['kind'];
  /** How long what comes in now is to stay at least, in us. */
  delayUs(): number;
  /** What comes out in one go is no longer than this, in bytes. */
  readonly mostBytes: number;
  /**
   * The instant from which on `bytes` may go that are first in line and could have gone since `sinceUs`. Infinity: not
   * while this valve is there.
   */
  readyUs(bytes: number, sinceUs: number): number;
  /** They have gone. */
  passed(bytes: number, sinceUs: number): void;
}

/** A valve that lets everything pass: what a valve does not change, it has from here. */
export const openValve = {
  delayUs: () => 0,
  mostBytes: Number.POSITIVE_INFINITY,
  readyUs: (_bytes, sinceUs) => sinceUs,
  passed: () => {},
} as const satisfies Omit<Valve, 'kind'>;
