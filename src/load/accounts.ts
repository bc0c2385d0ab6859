import { Delivery } from '../delivery/delivery.js';
import type { PopulationDelivery } from '../delivery/populationDelivery.js';
import type { Recorder } from '../metrics/recorder.js';
import { isInSample } from '../plan/sample.js';
import { identityOf, type Shard, type ShardPopulation } from '../plan/shard.js';
import { deliveryPopulations } from '../scenario/deliveryPopulations.js';

/** The accounts of a shard; null when nobody publishes. */
export function openAccounts(shard: Shard, startUs: number): Delivery | null {
  const specs = deliveryPopulations(shard.populations.map(({ spec }) => spec));
  return specs === null ? null : new Delivery(specs, startUs);
}

/** Those of one of its populations; to be called for each in their order. */
export function openPopulationAccounts(
  delivery: Delivery,
  shard: Shard,
  index: number,
  recorder: Recorder,
): PopulationDelivery {
  const part = shard.populations[index]!;
  const { name } = part.spec;
  const books = recorder.population(name);
  return delivery.add({
    connections: part.connections,
    identityOf: (connection) => identityOf(part, shard.shards, connection),
    has: (identity) => isIn(part, shard.shards, identity),
    isAccounted: (connection) =>
      isInSample(shard.accountedShare, shard.seed, name, identityOf(part, shard.shards, connection)),
    counter: (metric) => books.counter(metric),
    histogram: (metric) => books.histogram(metric),
  });
}

function isIn({ first }: ShardPopulation, shards: number, identity: number): boolean {
  return identity % shards === first;
}
