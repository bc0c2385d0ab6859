import { Delivery } from '../../src/delivery/delivery.js';
import type { DeliveryPopulation } from '../../src/delivery/topology.js';
import { PopulationRecorder } from '../../src/metrics/recorder.js';

export const START_US = 1_000_000;

/** The accounts of a run with one population in one thread, and the books that they are entered in. */
export function accounts(spec: Partial<DeliveryPopulation> & { readonly connections: number }) {
  const recorder = new PopulationRecorder('all', START_US);
  const delivery = new Delivery(
    [
      {
        rooms: null,
        perConnection: 1,
        publishes: { room: null, ownCopy: 'auto' },
        readsSlowly: false,
        ...spec,
      },
    ],
    START_US,
  );
  const population = delivery.add({
    connections: spec.connections,
    identityOf: (connection) => connection,
    has: () => true,
    isAccounted: () => true,
    counter: (name) => recorder.counter(name),
    histogram: (name) => recorder.histogram(name),
  });
  return { population, delivery, counter: (name: string) => recorder.counter(name).value };
}
