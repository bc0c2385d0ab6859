import fc from 'fast-check';
import { expect, test } from 'vitest';
import { broadcastBytes, broadcastPlan, LEDGER_BUDGET_BYTES } from '../../src/plan/broadcast.js';
import type { PopulationSpec } from '../../src/scenario/scenario.js';
import { joining, population, publishing, readingSlowly } from './scenarios.js';

const OWN_COPIES = ['auto', 'expected', 'excluded'] as const;

interface Drawn {
  readonly connections: number;
  readonly rooms: number | null;
  readonly perConnection: number;
  readonly publishes: { readonly room: number | null; readonly ownCopy: (typeof OWN_COPIES)[number] } | null;
  readonly burst: number;
  readonly readsSlowly: boolean;
}

const room = fc.option(fc.nat({ max: 6 }), { nil: null });
const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    connections: fc.integer({ min: 1, max: 20 }),
    rooms: fc.option(fc.integer({ min: 1, max: 7 }), { nil: null }),
    share: fc.integer({ min: 0, max: 6 }),
    publishes: fc.option(fc.record({ room, ownCopy: fc.constantFrom(...OWN_COPIES) }), { nil: null }),
    burst: fc.integer({ min: 1, max: 3 }),
    readsSlowly: fc.boolean(),
  })
  .map(({ share, ...rest }) => ({
    ...rest,
    perConnection: rest.rooms === null ? 1 : 1 + (share % rest.rooms),
  }));

function specOf(given: Drawn, i: number): PopulationSpec {
  const { connections, rooms, perConnection, publishes, burst, readsSlowly } = given;
  return population(`p${i}`, connections, {
    patterns: [
      joining(rooms, perConnection),
      ...(publishes === null ? [] : [publishing({ ...publishes, burst, everyUs: 500_000 })]),
      ...(readsSlowly ? [readingSlowly] : []),
    ],
  });
}

/** Every connection asked one by one which rooms it is in. */
function countOneByOne(all: readonly Drawn[]) {
  const LOBBY = 'lobby';
  const roomsOf = ({ rooms, perConnection }: Drawn, i: number): Array<number | 'lobby'> =>
    rooms === null ? [LOBBY] : Array.from({ length: perConnection }, (_, j) => (i + j) % rooms);
  const everyone = all.flatMap((drawnOne, p) =>
    Array.from({ length: drawnOne.connections }, (_, i) => {
      const rooms = roomsOf(drawnOne, i);
      const to = drawnOne.publishes && (drawnOne.publishes.room === null ? rooms : [drawnOne.publishes.room]);
      return { id: `${p}-${i}`, p, rooms, to, ...drawnOne.publishes };
    }),
  );
  const names = new Set(everyone.flatMap(({ rooms }) => rooms));
  const sizes = [...names].map((name) => everyone.filter(({ rooms }) => rooms.includes(name)).length);
  const pairs = everyone.flatMap(({ id, p, to, ownCopy }) =>
    (to ?? []).flatMap((name) =>
      everyone
        .filter(({ rooms }) => rooms.includes(name))
        .map((member) => ({ p, turns: to!.length, isOwed: member.id !== id || ownCopy !== 'excluded' })),
    ),
  );
  const isAlone = ({ id, to }: (typeof everyone)[number]) =>
    !everyone.some((other) => other.id !== id && other.rooms.some((name) => to?.includes(name)));
  return {
    rooms: { count: names.size, leastMembers: Math.min(...sizes), mostMembers: Math.max(...sizes) },
    silentRooms: [...names].filter((name) => !everyone.some(({ to }) => to?.includes(name))).length,
    publishers: everyone.filter(({ to }) => to !== null).length,
    members: everyone.length,
    pairs: pairs.length,
    traffic: all.flatMap(({ publishes, connections, burst }, p) => {
      if (publishes === null) return [];
      const owed = pairs.filter((pair) => pair.p === p && pair.isOwed);
      return {
        publishers: connections,
        alone: everyone.filter((one) => one.p === p && isAlone(one)).length,
        messagesPerSecond: connections * burst * 2,
        deliveriesPerSecond: owed.reduce((sum, { turns }) => sum + (burst * 2) / turns, 0),
      };
    }),
  };
}

test('rooms, pairs and deliveries are those that counting every connection gives', () => {
  fc.assert(
    fc.property(fc.array(drawn, { minLength: 1, maxLength: 4 }), (all) => {
      const joinable = Math.max(0, ...all.map(({ rooms }) => rooms ?? 0));
      fc.pre(all.some(({ publishes }) => publishes !== null));
      fc.pre(all.every(({ publishes }) => (publishes?.room ?? -1) < joinable));
      const plan = broadcastPlan(all.map(specOf))!;
      const { traffic, ...counts } = countOneByOne(all);
      expect(plan).toMatchObject(counts);
      expect(plan.slowMembers).toBe(
        all.reduce((sum, { readsSlowly, connections }) => sum + (readsSlowly ? connections : 0), 0),
      );
      traffic.forEach(({ deliveriesPerSecond, ...exact }, i) => {
        expect(plan.traffic[i]).toMatchObject(exact);
        expect(plan.traffic[i]?.deliveriesPerSecond).toBeCloseTo(deliveriesPerSecond, 6);
      });
    }),
    { numRuns: 500 },
  );
});

test('400 members that each publish once a second make 160,000 deliveries a second', () => {
  const plan = broadcastPlan([population('all', 400, { patterns: [joining(null), publishing()] })]);
  expect(plan).toMatchObject({
    rooms: { count: 1, leastMembers: 400, mostMembers: 400 },
    publishers: 400,
    members: 400,
    pairs: 160_000,
    accountedShare: 1,
    traffic: [{ messagesPerSecond: 400, deliveriesPerSecond: 160_000, alone: 0, meanPayloadBytes: 256 }],
  });
});

test('without a publisher there is nothing to plan', () => {
  expect(
    broadcastPlan([population('all', 10), population('others', 10, { patterns: [joining(3)] })]),
  ).toBeNull();
});

test('the ledger never takes more than its budget: above it, as many members are accounted for as it holds', () => {
  const square = (members: number) =>
    broadcastPlan([population('all', members, { patterns: [joining(null), publishing()] })])!;
  const fitting = Math.floor(Math.sqrt(LEDGER_BUDGET_BYTES / 12));
  expect(square(fitting).accountedShare).toBe(1);
  expect(square(fitting + 1).accountedShare).toBeLessThan(1);
  expect(square(100_000).accountedShare * 1e10 * 12).toBeCloseTo(LEDGER_BUDGET_BYTES, 0);
  const ledgerBytes = (members: number) => broadcastBytes(square(members), 0) - members * 100;
  expect(ledgerBytes(1000)).toBe(12_000_000);
  expect(ledgerBytes(100_000)).toBe(LEDGER_BUDGET_BYTES);
});

test('payloads of several sizes count by their weights, and a file with its marker', () => {
  const mean = (payload: object) =>
    broadcastPlan([
      population('all', 2, {
        patterns: [
          publishing({ payload: { sizes: [], content: 'text', file: null, binary: false, ...payload } }),
        ],
      }),
    ])?.traffic[0]?.meanPayloadBytes;
  expect(
    mean({
      sizes: [
        { sizeBytes: 100, weight: 9 },
        { sizeBytes: 1100, weight: 1 },
      ],
    }),
  ).toBe(200);
  expect(mean({ file: new Uint8Array(68) })).toBe(100);
});

test('as many rooms and connections as a scenario may ask for are counted, whoever is in which', () => {
  const rooms = 262_143;
  const plan = broadcastPlan([
    population('everywhere', 10_000_000, { patterns: [joining(rooms, rooms)] }),
    population('speakers', rooms, { patterns: [joining(rooms, 1000), publishing()] }),
  ]);
  expect(plan).toMatchObject({
    rooms: { count: rooms, leastMembers: 10_001_000, mostMembers: 10_001_000 },
    pairs: rooms * 1000 * 10_001_000,
    traffic: [{ alone: 0 }],
  });
});
