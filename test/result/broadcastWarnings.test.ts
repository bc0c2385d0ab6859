import { expect, test } from 'vitest';
import { Accumulator } from '../../src/result/accumulator.js';
import type { BroadcastFacts } from '../../src/result/broadcast.js';
import { buildResult } from '../../src/result/build.js';
import type { Warning } from '../../src/result/types.js';
import { joining, population, publishing, scenario } from '../plan/scenarios.js';
import { broadcastFacts } from './broadcasts.js';
import { second } from './parts.js';
import { emptyFacts, START_US } from './runs.js';

const lobby = scenario({
  populations: [population('all', 10, { patterns: [joining(null), publishing()] })],
});

/** Counters are of `broadcast.`. */
function warnings(
  counters: Readonly<Record<string, number>>,
  facts: Partial<BroadcastFacts> = {},
): readonly Warning[] {
  const accumulator = new Accumulator(START_US, 1);
  const named = Object.entries(counters).map(([name, value]) => [`all/broadcast.${name}`, value]);
  accumulator.add(second(0, { counters: Object.fromEntries(named) }));
  accumulator.finish();
  const broadcast = broadcastFacts(facts);
  return buildResult({ ...emptyFacts(accumulator), scenario: lobby, broadcast }).warnings;
}

const codes = (...given: Parameters<typeof warnings>): string[] => warnings(...given).map(({ code }) => code);

/** Every message reached everybody. */
const good = { published: 100, complete: 100, received: 1000, expected: 1000, ownCopies: 100 };

test('a broadcast that reached everybody has no warnings', () => {
  expect(codes(good)).toEqual([]);
});

test('messages that did not reach everybody, or reached nobody, are told with how many', () => {
  const why = { lost: 20, missedWhileDisconnected: 30 };
  const [warning, ...more] = warnings({ ...good, ...why, complete: 90, incomplete: 7 });
  expect(more).toEqual([]);
  expect(warning).toMatchObject({ code: 'fan-out-incomplete' });
  expect(warning!.message).toMatch(
    /^7 of 100 messages .* within 10 s, 3 reached nobody\. 20 .* lost, and 30 fell/,
  );
});

test('who is alone in a room need not be heard', () => {
  const rooms = { count: 3, leastMembers: 1, mostMembers: 5 };
  expect(codes({ ...good, complete: 90 }, { rooms })).toEqual([]);
  expect(codes({ ...good, complete: 90, incomplete: 1 }, { rooms })).toEqual(['fan-out-incomplete']);
});

test('own copies that only some publishers get are told: the others count as lost', () => {
  const some = { ...good, received: 910, ownCopies: 10, lost: 90 };
  const [warning] = warnings(some);
  expect(warning).toMatchObject({ code: 'own-copies-of-some' });
  expect(warning!.message).toContain('10 of their own 100 messages back: the other 90 count as lost');
  expect(codes({ ...some, ownCopies: 0 }), 'nobody gets any').toEqual([]);
  expect(codes({ ...some, ownCopies: 99 }), 'a few are lost').toEqual([]);
  expect(codes({ ...some, lost: 89 }), 'they are not owed').toEqual([]);
  expect(codes(some, { publishingMembers: 1 }), 'most are no members').toEqual([]);
});

test('foreign messages are told by what is wrong with them', () => {
  const [warning] = warnings({ ...good, foreign: 9, damaged: 2, stray: 3 });
  expect(warning).toMatchObject({ code: 'foreign-messages' });
  expect(warning!.message).toMatch(/^9 .* 2 with a damaged marker, 3 .* receiver, 4 without/);
});

test('deliveries too late to be told from duplicates are told', () => {
  const [warning] = warnings({ ...good, late: 5 });
  expect(warning).toMatchObject({ code: 'late-deliveries' });
  expect(warning!.message).toMatch(/^5 deliveries came after 64 later messages/);
});

test('a ledger that is a sample is told, with how many members are in it', () => {
  const ledger = { accounted: 10, pairs: 3e7, bytesPerPair: 12, budgetBytes: 2 ** 28, reorderWindow: 64 };
  const [warning] = warnings(good, { ledger, members: 6000 });
  expect(warning).toMatchObject({ code: 'ledger-sampled' });
  expect(warning!.message).toContain('10 of 6000 members');
  expect(warning!.message).toContain('256 MiB');
});

test('a large room in which everybody talks grows with the square, a small one or a stage does not matter', () => {
  const pairsOf = (pairs: number) => ({ ...broadcastFacts().ledger, accounted: 500, pairs });
  const talk = { members: 500, publishers: 500, publishingMembers: 500, ledger: pairsOf(250_000) };
  const rooms = { count: 1, leastMembers: 500, mostMembers: 500 };
  const [warning] = warnings({ ...good, received: 50_000 }, { ...talk, rooms });
  expect(warning).toMatchObject({ code: 'square-growth' });
  expect(warning!.message).toContain('rooms of 500');
  expect(warning!.message).toContain('delivered 500 times');
  expect(codes(good, { ...talk, ledger: pairsOf(500 * 20) }), 'rooms of 20').toEqual([]);
  expect(codes(good, { ...talk, publishers: 20, ledger: pairsOf(20 * 500) }), 'few publish').toEqual([]);
  expect(codes(good, { ...talk, publishingMembers: 0 }), 'publishers only talk').toEqual([]);
});
