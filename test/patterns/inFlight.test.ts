import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UNKNOWN_SEQUENCE } from '../../src/dialects/dialect.js';
import { InFlight } from '../../src/patterns/inFlight.js';

const CONNECTIONS = 3;

/** The same, written to be obvious: per connection a map from sequence number to when it was due and sent. */
class Model {
  readonly maps = Array.from({ length: CONNECTIONS }, () => new Map<number, { due: number; sent: number }>());
  readonly next = new Array<number>(CONNECTIONS).fill(0);

  oldest(connection: number): number | undefined {
    const keys = [...this.maps[connection]!.keys()];
    return keys.length === 0 ? undefined : Math.min(...keys);
  }

  get total(): number {
    return this.maps.reduce((sum, map) => sum + map.size, 0);
  }
}

type Step =
  | { readonly kind: 'add' | 'takeOldest' | 'takeUnknown'; readonly connection: number }
  | { readonly kind: 'take'; readonly connection: number; readonly back: number };

const connections = fc.nat({ max: CONNECTIONS - 1 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('add' as const, 'add' as const, 'takeOldest' as const, 'takeUnknown' as const),
      connection: connections,
    }),
    fc.record({ kind: fc.constant('take' as const), connection: connections, back: fc.nat({ max: 12 }) }),
  ),
  { maxLength: 300 },
);

/** Takes from both and compares; `wanted` undefined is the oldest. */
function take(table: InFlight, model: Model, connection: number, wanted: number | undefined): void {
  const sequence = wanted ?? model.oldest(connection);
  const known = sequence === undefined ? undefined : model.maps[connection]!.get(sequence);
  expect(table.take(connection, wanted ?? UNKNOWN_SEQUENCE)).toBe(known !== undefined);
  if (known === undefined || sequence === undefined) return;
  expect([table.takenDueUs, table.takenSentUs]).toEqual([known.due, known.sent]);
  model.maps[connection]!.delete(sequence);
}

test('what is in flight is what was sent and neither answered nor given up, in any order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), steps, (slots, list) => {
      const table = new InFlight(CONNECTIONS, slots);
      const model = new Model();
      list.forEach((step, time) => {
        const { connection } = step;
        if (step.kind === 'take')
          take(table, model, connection, Math.max(0, model.next[connection]! - step.back));
        else if (step.kind === 'takeUnknown') take(table, model, connection, undefined);
        else if (step.kind === 'takeOldest' && !table.isEmpty(connection)) {
          const oldest = model.oldest(connection)!;
          expect(table.oldestSentUs(connection)).toBe(model.maps[connection]!.get(oldest)!.sent);
          table.takeOldest(connection);
          model.maps[connection]!.delete(oldest);
        } else if (step.kind === 'add' && !table.isFull(connection)) {
          expect(table.nextSequence(connection)).toBe(model.next[connection]);
          table.add(connection, 10 * time, 10 * time + 3);
          model.maps[connection]!.set(model.next[connection]!++, { due: 10 * time, sent: 10 * time + 3 });
        }
        expect(table.total).toBe(model.total);
        expect(table.isEmpty(connection)).toBe(model.maps[connection]!.size === 0);
      });
    }),
  );
});

test('as many as there are slots may be in flight, counted from the oldest', () => {
  const table = new InFlight(1, 3);
  for (let i = 0; i < 3; i++) {
    expect(table.isFull(0)).toBe(false);
    table.add(0, i, i + 1);
  }
  expect(table.isFull(0)).toBe(true);
  // The oldest is still awaited: its slot is where the next one would go.
  table.take(0, 1);
  expect(table.isFull(0)).toBe(true);
  table.take(0, 0);
  expect(table.isFull(0)).toBe(false);
});

test('connections do not see each other', () => {
  const table = new InFlight(2, 4);
  table.add(1, 10, 11);
  expect(table.isEmpty(0)).toBe(true);
  expect(table.take(0, 0)).toBe(false);
  expect(table.take(1, 0)).toBe(true);
});

test('many connections with long deadlines get fewer slots rather than gigabytes', () => {
  const table = new InFlight(100_000, 10_000);
  let sent = 0;
  while (!table.isFull(99_999)) table.add(99_999, sent, ++sent);
  expect(sent).toBeGreaterThanOrEqual(16);
  expect(sent).toBeLessThan(100);
});
