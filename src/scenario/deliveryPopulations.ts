import type { DeliveryPopulation } from '../delivery/topology.js';
import type { PatternSpec } from '../patterns/list.js';
import type { PopulationSpec } from './scenario.js';

type PatternOf<Kind extends PatternSpec['kind']> = Extract<PatternSpec, { kind: Kind }>;

/** The population's pattern of that kind, or null without one. */
export function patternOf<Kind extends PatternSpec['kind']>(
  { patterns }: Pick<PopulationSpec, 'patterns'>,
  kind: Kind,
): PatternOf<Kind> | null {
  return patterns.find((pattern): pattern is PatternOf<Kind> => pattern.kind === kind) ?? null;
}

/** Who is in which room and publishes where, in the order of the populations; null when nobody publishes. */
export function deliveryPopulations(populations: readonly PopulationSpec[]): DeliveryPopulation[] | null {
  const all = populations.map(deliveryPopulation);
  return all.some(({ publishes }) => publishes !== null) ? all : null;
}

function deliveryPopulation(population: PopulationSpec): DeliveryPopulation {
  const join = patternOf(population, 'join')?.options;
  const publish = patternOf(population, 'publish');
  return {
    connections: population.connections,
    rooms: join?.rooms ?? null,
    perConnection: join?.perConnection ?? 1,
    publishes: publish && { room: publish.options.room, ownCopy: publish.options.ownCopy },
    readsSlowly: patternOf(population, 'read') !== null,
  };
}
