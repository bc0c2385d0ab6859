import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balanceBooks, type ServedInstance } from '../../src/result/books.js';
import type { BookEntry, TargetCounts } from '../../src/result/targetRecord.js';
import type { CloseCount, FailureCount } from '../../src/result/types.js';

const server: TargetCounts = {
  opened: 10,
  closed: 10,
  closesByCode: { 1000: 6, 4001: 1, none: 2, empty: 1 },
  refused: { 503: 2 },
  messagesIn: 100,
  messagesOut: 90,
  pingsIn: 5,
  pingsOut: 4,
  pongsIn: 4,
  pongsOut: 5,
};

/** Counters of a phase by name, as we have them. */
const phase = (name: string, counters: Readonly<Record<string, number>> = {}) => ({
  name,
  counter: (counter: string) => counters[counter] ?? 0,
});

const hold = phase('hold', {
  'connections.opened': 10,
  'messages.sent': 70,
  'messages.received': 90,
  'pings.sent': 5,
  'pings.received': 4,
  'pongs.received': 5,
});
const phases = [phase('ramp'), hold, phase('drain', { 'messages.sent': 30 })];

function closed(count: number, code: number | null, cause: CloseCount['cause'], during = 'hold'): CloseCount {
  return { phase: during, population: 'all', initiator: 'server', code, cause, count, example: '' };
}

const closes = [
  closed(4, 1000, 'local-close', 'drain'),
  closed(2, 1000, 'close-frame'),
  closed(1, 4001, 'close-frame'),
  closed(1, null, 'close-frame'),
  closed(1, null, 'fin'),
  closed(1, null, 'reset'),
];

function failed(stage: FailureCount['stage'], cause: string, count: number, during = 'ramp'): FailureCount {
  return { phase: during, population: 'all', stage, cause, count, example: '' };
}

const failures = [failed('upgrade', 'http-503', 2), failed('tcp', 'refused', 7)];

const instance = (counts: TargetCounts): ServedInstance => ({ counts, killed: false, phases });

const inWords = ({ what, server: theirs, ours, inFlight }: BookEntry): string =>
  `${what}: ${theirs} / ${ours}${inFlight === 0 ? '' : `, ${inFlight} in flight`}`;
const unbalanced = (...given: Parameters<typeof balanceBooks>): string[] =>
  balanceBooks(...given)
    .filter(({ balanced }) => !balanced)
    .map(inWords);
const inFlight = (...given: Parameters<typeof balanceBooks>): string[] =>
  balanceBooks(...given)
    .filter((entry) => entry.inFlight > 0)
    .map(inWords);

describe('books of one server', () => {
  test('balance when both sides counted the same, whatever the phase or the wording', () => {
    const books = balanceBooks([instance(server)], closes, failures);
    expect(books.every(({ balanced }) => balanced)).toBe(true);
    expect(books.map(inWords)).toEqual([
      'connections opened: 10 / 10',
      'connections closed: 10 / 10',
      'messages to the server: 100 / 100',
      'messages from the server: 90 / 90',
      'pings to the server: 5 / 5',
      'pongs from the server: 5 / 5',
      'pings from the server: 4 / 4',
      'closed with 1000: 6 / 6',
      'closed with 4001: 1 / 1',
      'closed with empty: 1 / 1',
      'closed with none: 2 / 2',
      'refused with HTTP 503: 2 / 2',
    ]);
  });

  test.each([
    ['opened', { opened: 11 }, 'connections opened: 11 / 10'],
    ['closed', { closed: 9 }, 'connections closed: 9 / 10'],
    ['messages in', { messagesIn: 101 }, 'messages to the server: 101 / 100'],
    ['messages out', { messagesOut: 91 }, 'messages from the server: 91 / 90'],
    ['pings in', { pingsIn: 4 }, 'pings to the server: 4 / 5'],
    ['pongs out', { pongsOut: 6 }, 'pongs from the server: 6 / 5'],
    ['pings out', { pingsOut: 3 }, 'pings from the server: 3 / 4'],
  ] as const)('a difference in %s shows in its line alone', (_what, different, line) => {
    expect(unbalanced([instance({ ...server, ...different })], closes, failures)).toEqual([line]);
  });

  test('a code or a refusal that one side alone has counted is a line of its own', () => {
    const orderly = closes.filter(({ code }) => code !== null);
    const theirs = { ...server, closed: 7, closesByCode: { 1000: 6, 4001: 1, 1011: 3 } };
    expect(unbalanced([instance(theirs)], orderly, failures)).toEqual(['closed with 1011: 3 / 0']);
    const more = [...failures, failed('upgrade', 'http-401', 1)];
    expect(unbalanced([instance(server)], closes, more)).toEqual(['refused with HTTP 401: 0 / 1']);
  });

  test('where no connection was cut off nothing is in flight: any difference shows', () => {
    const orderly = closes.filter(({ code }) => code !== null);
    const names = [
      'opened',
      'closed',
      'messagesIn',
      'messagesOut',
      'pingsIn',
      'pongsOut',
      'pingsOut',
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.integer({ min: -4, max: 100 }), (name, difference) => {
        const same = { ...server, closed: 7, closesByCode: { 1000: 6, 4001: 1 } };
        const unanswered = {
          ...instance(same),
          phases: [...phases, phase('drain-2', { 'echo.unanswered': 50 })],
        };
        const theirs = { ...same, [name]: same[name] + difference };
        const books = balanceBooks([{ ...unanswered, counts: theirs }], orderly, failures);
        expect(books.filter(({ balanced }) => !balanced)).toHaveLength(difference === 0 ? 0 : 1);
        expect(books.every((entry) => entry.inFlight === 0)).toBe(true);
      }),
    );
  });
});

describe('what was under way when connections were cut off', () => {
  const cut = [closed(3, null, 'reset')];
  const cutPhases = [
    phase('hold', {
      'connections.opened': 3,
      'messages.sent': 20,
      'messages.received': 16,
      'echo.unanswered': 4,
    }),
  ];
  const counts = {
    ...server,
    opened: 3,
    closed: 3,
    closesByCode: { none: 3 },
    refused: {},
    messagesIn: 20,
    messagesOut: 20,
  };
  const none = { pingsIn: 0, pingsOut: 0, pongsIn: 0, pongsOut: 0 };

  test('is at most what was never answered, in either direction', () => {
    const books = (messagesIn: number, messagesOut: number) =>
      [
        [{ counts: { ...counts, ...none, messagesIn, messagesOut }, killed: false, phases: cutPhases }],
        cut,
        [],
      ] as const;
    expect(inFlight(...books(20, 20))).toEqual(['messages from the server: 20 / 16, 4 in flight']);
    expect(inFlight(...books(16, 16))).toEqual(['messages to the server: 16 / 20, 4 in flight']);
    expect(unbalanced(...books(16, 20))).toEqual([]);
    expect(unbalanced(...books(15, 16))).toEqual(['messages to the server: 15 / 20, 4 in flight']);
    expect(unbalanced(...books(20, 21))).toEqual(['messages from the server: 21 / 16, 4 in flight']);
    expect(unbalanced(...books(21, 20))).toEqual(['messages to the server: 21 / 20']);
    expect(unbalanced(...books(20, 15))).toEqual(['messages from the server: 15 / 16']);
  });

  test('pings of the server count as lost at most as often as no pong came back', () => {
    const books = (pingsOut: number) =>
      [
        [
          {
            counts: { ...counts, ...none, messagesOut: 16, pingsOut, pongsIn: 7 },
            killed: false,
            phases: [...cutPhases, phase('hold-2', { 'pings.received': 7 })],
          },
        ],
        cut,
        [],
      ] as const;
    expect(inFlight(...books(9))).toEqual(['pings from the server: 9 / 7, 2 in flight']);
    expect(unbalanced(...books(6))).toEqual(['pings from the server: 6 / 7']);
  });

  test('a handshake that we gave up may have opened and closed at the server', () => {
    const gaveUp = [failed('upgrade', 'timeout', 2, 'hold'), failed('tcp', 'timeout', 5, 'hold')];
    const books = (more: number, given: readonly FailureCount[]) => {
      const opened = 3 + more;
      const theirs = {
        ...counts,
        ...none,
        messagesOut: 16,
        opened,
        closed: opened,
        closesByCode: { none: opened },
      };
      return [[{ counts: theirs, killed: false, phases: cutPhases }], cut, given] as const;
    };
    expect(inFlight(...books(2, gaveUp))).toEqual([
      'connections opened: 5 / 3, 2 in flight',
      'connections closed: 5 / 3, 2 in flight',
      'closed with none: 5 / 3, 2 in flight',
    ]);
    expect(unbalanced(...books(3, gaveUp))).toHaveLength(3);
    expect(unbalanced(...books(1, []))).toHaveLength(3);
  });

  test('a close that both ends began at once stands under the code that each of them sent', () => {
    const codes = [
      { ...closed(5, 1000, 'close-frame', 'fault'), initiator: 'client' as const },
      closed(20, 1001, 'close-frame', 'fault'),
      { ...closed(9, 1000, 'close-frame'), initiator: 'client' as const },
    ];
    const books = (crossed: number) => {
      const closesByCode = { 1000: 14 - crossed, 1001: 20 + crossed };
      const theirs = { ...server, ...none, closed: 34, closesByCode, refused: {} };
      return [[{ counts: theirs, killed: false, phases: [hold, phase('fault')] }], codes, []] as const;
    };
    expect(inFlight(...books(2)).filter((line) => line.startsWith('closed'))).toEqual([
      'closed with 1000: 12 / 14, 2 in flight',
      'closed with 1001: 22 / 20, 2 in flight',
    ]);
    // No more than we began in the phase in which the server closed as well.
    expect(unbalanced(...books(6)).filter((line) => line.startsWith('closed'))).toEqual([
      'closed with 1000: 8 / 14, 5 in flight',
      'closed with 1001: 26 / 20, 5 in flight',
    ]);
  });

  test('a close frame that the cut overtook stands in the ledger alone, and the sum is the same', () => {
    const theirs = { ...counts, ...none, messagesOut: 16, closesByCode: { 1012: 2, none: 1 } };
    const books = [[{ counts: theirs, killed: false, phases: cutPhases }], cut, []] as const;
    expect(unbalanced(...books)).toEqual([]);
    expect(inFlight(...books)).toEqual([
      'closed with 1012: 2 / 0, 2 in flight',
      'closed with none: 1 / 3, 2 in flight',
    ]);
    const more = { ...theirs, closed: 4, closesByCode: { 1012: 3, none: 1 } };
    expect(unbalanced([{ counts: more, killed: false, phases: cutPhases }], cut, [])).toEqual([
      'connections closed: 4 / 3',
    ]);
  });
});
