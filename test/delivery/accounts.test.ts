import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveryPopulation } from '../../src/delivery/topology.js';
import { LATENCY_RESOLUTION } from '../../src/metrics/latencyBuckets.js';
import { drawing, History, type Person, staysOf } from './history.js';
import { World } from './world.js';

const spec = (publishes: boolean) =>
  fc
    .record({
      connections: fc.integer({ min: 1, max: 5 }),
      rooms: fc.option(fc.integer({ min: 1, max: 3 })),
      perConnection: fc.integer({ min: 1, max: 3 }),
      readsSlowly: fc.boolean(),
      ownCopy: fc.constantFrom('expected' as const, 'excluded' as const),
    })
    .map(
      ({ ownCopy, ...each }): DeliveryPopulation => ({
        ...each,
        perConnection: Math.min(each.perConnection, each.rooms ?? 1),
        publishes: publishes ? { room: null, ownCopy } : null,
      }),
    );

const plans = fc.record({
  populations: fc.tuple(spec(true), spec(false), spec(true)),
  shards: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(2 ** 31),
});

type Plan = typeof plans extends fc.Arbitrary<infer T> ? T : never;

function play({ populations, shards, seed }: Plan): { world: World; history: History } {
  const draw = drawing(seed);
  const world = new World(populations, shards);
  const people = populations.flatMap((each, population) =>
    Array.from(
      { length: each.connections },
      (_, identity): Person => ({ population, identity, stays: staysOf(draw) }),
    ),
  );
  const history = new History(world, people, populations);
  for (const person of people) {
    if (populations[person.population]!.publishes === null) continue;
    for (let n = 0; n < 15; n++) {
      const dueUs = draw(17_000_000);
      history.publish(person, n, dueUs, dueUs + draw(3000), () => ({
        lost: draw(10) === 0,
        twice: draw(10) === 0,
        afterUs: 1 + draw(300_000),
      }));
    }
  }
  history.run();
  return { world, history };
}

describe('the accounts of deliveries', () => {
  it('say the same as counting everything that happened one by one, however many workers there are', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { world, history } = play(plan);
        expect({
          owed: world.counter('broadcast.expected'),
          lost: world.counter('broadcast.lost'),
          missed: world.counter('broadcast.missedWhileDisconnected'),
          received: world.counter('broadcast.received'),
          duplicated: world.counter('broadcast.duplicated'),
        }).toEqual(history.sums);
        expect(world.counter('broadcast.foreign')).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('give first and last of each message exactly, and its median to the resolution of a bucket', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { world, history } = play({ ...plan, shards: 1 });
        expect(world.fanOuts.length).toBe(history.heard.size);
        const told = new Map(
          world.fanOuts.map((each) => [`${each.dueUs} ${each.firstUs} ${each.lastUs}`, each]),
        );
        for (const [sent, unsorted] of history.heard) {
          const latencies = [...unsorted].sort((a, b) => a - b);
          const fanOut = told.get(`${sent.dueUs} ${latencies[0]} ${latencies.at(-1)}`);
          const median = latencies[Math.ceil(latencies.length / 2) - 1]!;
          expect(fanOut).toBeDefined();
          expect(Math.abs(fanOut!.medianUs! - median)).toBeLessThanOrEqual(1 + median * LATENCY_RESOLUTION);
        }
      }),
      { numRuns: 100 },
    );
  });
});
