import { Purpose } from '../patterns/pattern.js';
import type { PopulationSpec } from '../scenario/scenario.js';
import { hashName, randomAt } from './random.js';

/** Whether the deliveries to a connection are accounted for one by one, when so large a share of them is to be. */
export function isInSample(share: number, seed: number, population: string, identity: number): boolean {
  return share >= 1 || randomAt(seed, hashName(population), identity, Purpose.accountedSample, 0) < share;
}

/** How many connections are in the sample. */
export function sampleSize(share: number, seed: number, populations: readonly PopulationSpec[]): number {
  let size = 0;
  for (const { name, connections } of populations) {
    for (let identity = 0; identity < connections; identity++) {
      if (isInSample(share, seed, name, identity)) size++;
    }
  }
  return size;
}
