import { retryDelayUs } from '../../src/policies/delay.js';
import type { DelayRule, ReconnectPolicy } from '../../src/policies/policy.js';
import { findPreset } from '../../src/policies/presets.js';

export interface Draws {
  /** Draw j of every retry. */
  readonly each?: readonly number[];
  readonly once?: number;
}

export function policyNamed(name: string): ReconnectPolicy {
  const preset = findPreset(name);
  if (preset === null) throw new Error(`no policy is called ${name}`);
  return preset.policy;
}

/** Delays in ms of a connection whose first attempts fail at once. */
export function delaysMs(rule: DelayRule, retries: number, draws: Draws = {}): number[] {
  const delays: number[] = [];
  let previousUs = 0;
  let sinceLossUs = 0;
  for (let n = 0; n < retries; n++) {
    previousUs = retryDelayUs(rule, { n, previousUs, sinceLossUs, ...drawing(draws) });
    sinceLossUs += previousUs;
    delays.push(previousUs / 1000);
  }
  return delays;
}

/** The delay in us before retry `n` alone. */
export function delayUs(rule: DelayRule, n: number, draws: Draws = {}): number {
  return retryDelayUs(rule, { n, previousUs: 0, sinceLossUs: 0, ...drawing(draws) });
}

/** A draw that nobody has foreseen is an error: draws have to be numbered as documented. */
function drawing({ each = [], once }: Draws): { draw(j: number): number; drawOnce(): number } {
  return {
    draw(j) {
      const drawn = each[j];
      if (drawn === undefined) throw new Error(`draw ${j} is not expected`);
      return drawn;
    },
    drawOnce() {
      if (once === undefined) throw new Error('a draw for the whole connection is not expected');
      return once;
    },
  };
}
