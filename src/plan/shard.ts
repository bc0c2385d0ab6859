import type { PopulationSpec } from '../scenario/scenario.js';

/** The part of a run that one worker does. */
export interface Shard {
  readonly index: number;
  /** Of how many. */
  readonly shards: number;
  readonly seed: number;
  /** The timeline has faults: what they do to connections is written down. */
  readonly faults: boolean;
  /** Share of the members whose deliveries are accounted for one by one, 0 to 1. */
  readonly accountedShare: number;
  readonly populations: readonly ShardPopulation[];
}

/**
 * A population's part in a shard. Connection `i` belongs to the shard that `(i + ordinal) mod shards` names:
 * striped, so that arrivals stay evenly spread, and turned by the population's ordinal, so that the odd ones
 * of many small populations do not all fall to the first shard.
 */
export interface ShardPopulation {
  readonly spec: PopulationSpec;
  /** The first connection of this shard; the next ones follow at distances of `shards`. */
  readonly first: number;
  readonly connections: number;
}

export function shardPopulation(
  spec: PopulationSpec,
  ordinal: number,
  shard: number,
  shards: number,
): ShardPopulation {
  const first = (((shard - ordinal) % shards) + shards) % shards;
  return { spec, first, connections: Math.max(0, Math.ceil((spec.connections - first) / shards)) };
}

/** Number within its whole population of a shard's connection `local`. */
export function identityOf(population: ShardPopulation, shards: number, local: number): number {
  return population.first + local * shards;
}

/** How many connections of the shard have a number below `limit`. */
export function countBelow(population: ShardPopulation, shards: number, limit: number): number {
  return Math.max(0, Math.ceil((limit - population.first) / shards));
}
