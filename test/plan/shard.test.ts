import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countBelow, identityOf, shardPopulation } from '../../src/plan/shard.js';
import { population } from './scenarios.js';

const sizes = fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 5 });
const shardCounts = fc.integer({ min: 1, max: 9 });

test('every connection of every population belongs to exactly one shard', () => {
  fc.assert(
    fc.property(sizes, shardCounts, (populations, shards) => {
      populations.forEach((connections, ordinal) => {
        const spec = population(`p${ordinal}`, connections);
        const identities: number[] = [];
        for (let shard = 0; shard < shards; shard++) {
          const part = shardPopulation(spec, ordinal, shard, shards);
          for (let local = 0; local < part.connections; local++) {
            identities.push(identityOf(part, shards, local));
          }
        }
        expect(identities.sort((a, b) => a - b)).toEqual([...Array(connections).keys()]);
      });
    }),
  );
});

test('the shards of a population differ by one connection at most, and those of a run by one per population', () => {
  fc.assert(
    fc.property(sizes, shardCounts, (populations, shards) => {
      const loads = Array.from({ length: shards }, (_, shard) =>
        populations.map(
          (connections, ordinal) =>
            shardPopulation(population('p', connections), ordinal, shard, shards).connections,
        ),
      );
      for (const ordinal of populations.keys()) {
        const parts = loads.map((load) => load[ordinal]!);
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('single connections of many populations do not all fall to the first shard', () => {
  const firstShards = [0, 1, 2].map((ordinal) =>
    [0, 1, 2].findIndex((shard) => shardPopulation(population('p', 1), ordinal, shard, 3).connections === 1),
  );
  expect(firstShards).toEqual([0, 1, 2]);
});

test('the connections below a number, counted over all shards, are that many', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 100 }),
      fc.nat({ max: 9 }),
      shardCounts,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (connections, ordinal, shards, share) => {
        const limit = Math.round(share * connections);
        let below = 0;
        for (let shard = 0; shard < shards; shard++) {
          below += countBelow(
            shardPopulation(population('p', connections), ordinal, shard, shards),
            shards,
            limit,
          );
        }
        expect(below).toBe(limit);
      },
    ),
  );
});
