import { Purpose } from '../patterns/pattern.js';
import type { Arrive } from '../scenario/scenario.js';
import { exponential, randomAt } from './random.js';

/**
 * When each connection of a population arrives, in us from the start of its ramp, ascending. A pure function:
 * every worker computes the whole sequence and takes its own part, so that the parts add up exactly.
 */
export function arrivalTimesUs(
  arrive: Arrive,
  connections: number,
  seed: number,
  population: number,
): Float64Array {
  const times = new Float64Array(connections);
  if (arrive.kind === 'at-once') return times;
  if (arrive.kind === 'over') {
    for (let i = 0; i < connections; i++) times[i] = Math.floor((i * arrive.overUs) / connections);
    return times;
  }
  const gapUs = 1_000_000 / arrive.perSecond;
  let atUs = 0;
  for (let i = 0; i < connections; i++) {
    if (arrive.spacing === 'uniform') atUs = i * gapUs;
    else atUs += gapUs * exponential(randomAt(seed, population, i, Purpose.arrival, 0));
    times[i] = Math.floor(atUs);
  }
  return times;
}

/** How many of `connections` have arrived at a share of the ramp. */
export function arrivedAt(share: number, connections: number): number {
  return Math.round(share * connections);
}
