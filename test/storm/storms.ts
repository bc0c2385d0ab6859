/** Storms as objects, for tests of the model. */
import type { DelayRule, ReconnectPolicy } from '../../src/policies/policy.js';
import type { Herd, Storm } from '../../src/storm/storm.js';

export const SECOND_US = 1_000_000;

export function fixed(delayUs: number): DelayRule {
  return exponential(delayUs, 1);
}

export function exponential(baseUs: number, factor: number): DelayRule {
  return {
    growth: { kind: 'exponential', baseUs, factor, mostSteps: null },
    capUs: null,
    jitters: [],
    capAfterJitterUs: null,
    late: null,
  };
}

export function fullJitter(baseUs: number, capUs: number): DelayRule {
  return { ...exponential(baseUs, 2), capUs, jitters: [{ kind: 'full' }] };
}

export function policy(delay: DelayRule, given: Partial<ReconnectPolicy> = {}): ReconnectPolicy {
  return {
    name: 'test',
    delay,
    attempts: null,
    resetAfterUs: 0,
    connectTimeoutUs: null,
    closes: [],
    waitsRetryAfter: false,
    ...given,
  };
}

export function herd(name: string, clients: number, given: Partial<Herd> = {}): Herd {
  return {
    name,
    connections: Int32Array.from({ length: clients }, (_, i) => i),
    policy: policy(fixed(SECOND_US)),
    timeoutUs: 10 * SECOND_US,
    ...given,
  };
}

/** A server that is never the limit, and is down for 3 s. */
export function storm(herds: readonly Herd[], given: Partial<Storm> = {}): Storm {
  return {
    seed: 1,
    herds,
    closeCode: null,
    outage: { untilUs: 3 * SECOND_US, share: 1 },
    acceptPerSecond: 1_000_000,
    acceptQueue: 1_000_000,
    generator: null,
    refusalUs: 300,
    ...given,
  };
}
