import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeliveryPopulation, LOBBY_ROOM, Topology } from '../../src/delivery/topology.js';

const population: fc.Arbitrary<DeliveryPopulation> = fc
  .record({
    connections: fc.integer({ min: 1, max: 30 }),
    rooms: fc.option(fc.integer({ min: 1, max: 7 })),
    perConnection: fc.integer({ min: 1, max: 7 }),
    publishes: fc.option(fc.record({ room: fc.option(fc.nat(8)), ownCopy: fc.constant('auto' as const) })),
    readsSlowly: fc.boolean(),
  })
  .map((each) => ({ ...each, perConnection: Math.min(each.perConnection, each.rooms ?? 1) }));

/** Everybody and every room, written out. */
function writtenOut(populations: readonly DeliveryPopulation[]) {
  const everybody = populations.flatMap((spec, index) =>
    Array.from({ length: spec.connections }, (_, identity) => ({
      spec,
      index,
      identity,
      rooms:
        spec.rooms === null
          ? [LOBBY_ROOM]
          : Array.from({ length: spec.perConnection }, (_, j) => (identity + j) % spec.rooms!),
    })),
  );
  const publishers = everybody.filter(({ spec }) => spec.publishes !== null);
  return {
    everybody,
    publishers,
    publishTo: (room: number) =>
      publishers.filter(({ spec, rooms }) =>
        spec.publishes!.room === null ? rooms.includes(room) : spec.publishes!.room === room,
      ),
  };
}

describe('Topology', () => {
  it('knows rooms, members and publishers as if everybody were written out', () => {
    fc.assert(
      fc.property(fc.array(population, { minLength: 1, maxLength: 4 }), (populations) => {
        const topology = new Topology(populations);
        const { everybody, publishers, publishTo } = writtenOut(populations);
        for (const { index, identity, rooms } of everybody) {
          expect(rooms.map((_, j) => topology.roomOf(index, identity, j))).toEqual(rooms);
          for (const [j, room] of rooms.entries()) expect(topology.placeOf(index, identity, room)).toBe(j);
        }
        expect(topology.publishers).toBe(publishers.length);
        const rooms = [LOBBY_ROOM, ...Array.from({ length: topology.rows - 1 }, (_, room) => room)];
        for (const room of rooms) {
          const row = topology.rowOf(room);
          const expected = publishTo(room);
          expect(topology.publishersIn(row)).toBe(expected.length);
          const indices = expected.map(({ index, identity }) =>
            topology.indexAmongPublishers(row, topology.publisherOf(index, identity)),
          );
          expect([...indices].sort((a, b) => a - b)).toEqual(indices.map((_, i) => i));
          for (const { index, identity } of publishers) {
            const members = everybody.filter(
              (other) =>
                !other.spec.readsSlowly &&
                other.rooms.includes(room) &&
                (other.index !== index || other.identity !== identity),
            );
            expect(topology.othersIn(row, topology.publisherOf(index, identity))).toBe(members.length);
          }
        }
      }),
    );
  });

  it('gives no place to a publisher that does not publish to a room, and none to a number that nobody has', () => {
    fc.assert(
      fc.property(fc.array(population, { minLength: 1, maxLength: 3 }), fc.nat(10), (populations, room) => {
        const topology = new Topology(populations);
        const row = topology.rowOf(room);
        fc.pre(row >= 0);
        const { publishers, publishTo } = writtenOut(populations);
        const silent = publishers.filter((each) => !publishTo(room).includes(each));
        for (const { index, identity } of silent) {
          expect(topology.indexAmongPublishers(row, topology.publisherOf(index, identity))).toBe(-1);
        }
        expect(topology.indexAmongPublishers(row, topology.publishers)).toBe(-1);
      }),
    );
  });
});
