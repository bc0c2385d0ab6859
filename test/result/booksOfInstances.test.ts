import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balanceBooks, phasesByInstance, type ServedInstance, sumCounts } from '../../src/result/books.js';
import type { BookEntry, TargetCounts } from '../../src/result/targetRecord.js';
import type { CloseCount } from '../../src/result/types.js';

const nothing: TargetCounts = {
  opened: 0,
  closed: 0,
  closesByCode: {},
  refused: {},
  messagesIn: 0,
  messagesOut: 0,
  pingsIn: 0,
  pingsOut: 0,
  pongsIn: 0,
  pongsOut: 0,
};

const phase = (name: string, counters: Readonly<Record<string, number>> = {}) => ({
  name,
  counter: (counter: string) => counters[counter] ?? 0,
});

function closed(count: number, code: number | null, cause: CloseCount['cause'], during: string): CloseCount {
  return { phase: during, population: 'all', initiator: 'server', code, cause, count, example: '' };
}

const inWords = ({ what, server, ours, inFlight, balanced }: BookEntry): string =>
  `${balanced ? '' : '! '}${what}: ${server} / ${ours}${inFlight === 0 ? '' : `, ${inFlight} in flight`}`;

describe('books of a server that was killed and started again', () => {
  const first: ServedInstance = {
    counts: {
      ...nothing,
      opened: 100,
      closed: 4,
      closesByCode: { 1000: 4 },
      messagesIn: 995,
      messagesOut: 994,
    },
    killed: true,
    phases: [
      phase('hold', { 'connections.opened': 100, 'messages.sent': 990, 'messages.received': 988 }),
      phase('fault', { 'messages.sent': 10, 'messages.received': 6, 'echo.unanswered': 6 }),
    ],
  };
  const second: ServedInstance = {
    counts: { ...nothing, opened: 96, closed: 96, closesByCode: { 1000: 96 } },
    killed: false,
    phases: [phase('recover', { 'connections.opened': 96 }), phase('drain')],
  };
  const closes = [
    closed(4, 1000, 'close-frame', 'hold'),
    closed(96, null, 'target-exit', 'fault'),
    closed(96, 1000, 'local-close', 'drain'),
  ];

  test('hold each instance against its own phases, and expect no close that the kill made', () => {
    const books = balanceBooks([first, second], closes, []).map(inWords);
    expect(books.filter((line) => !line.includes(': 0 / 0'))).toEqual([
      'first instance: connections opened: 100 / 100',
      'first instance: connections closed: 4 / 4',
      'first instance: messages to the server: 995 / 1000, 5 in flight',
      'first instance: messages from the server: 994 / 994',
      'first instance: closed with 1000: 4 / 4',
      'second instance: connections opened: 96 / 96',
      'second instance: connections closed: 96 / 96',
      'second instance: closed with 1000: 96 / 96',
    ]);
    expect(books.some((line) => line.startsWith('!'))).toBe(false);
  });

  test.each([
    ['opened', 99, '! first instance: connections opened: 99 / 100'],
    ['opened', 101, '! first instance: connections opened: 101 / 100'],
    // More than was ever under way: 6 unanswered, and what was sent and answered in the fault's own phase.
    ['messagesIn', 1000 - 23, '! first instance: messages to the server: 977 / 1000, 22 in flight'],
    ['messagesOut', 994 - 7, '! first instance: messages from the server: 987 / 994, 6 in flight'],
    ['messagesOut', 994 + 7, '! first instance: messages from the server: 1001 / 994, 6 in flight'],
    ['closed', 3, '! first instance: connections closed: 3 / 4'],
    // As many as might have been closing at the kill, and one more.
    ['closed', 9, '! first instance: connections closed: 9 / 4, 4 in flight'],
  ] as const)('what nothing explains shows: %s %i', (name, count, line) => {
    const wrong = { ...first, counts: { ...first.counts, [name]: count } };
    expect(balanceBooks([wrong, second], closes, []).map(inWords)).toContain(line);
  });

  test('the second instance has nothing in flight', () => {
    const wrong = { ...second, counts: { ...second.counts, opened: 97 } };
    expect(balanceBooks([first, wrong], closes, []).map(inWords)).toContain(
      '! second instance: connections opened: 97 / 96',
    );
  });

  test('one that ended by SIGTERM is held to account for every close', () => {
    const closing = [closed(100, 1001, 'close-frame', 'fault')];
    const counts = { ...nothing, opened: 100, closed: 99, closesByCode: { 1001: 99 } };
    const phases = [phase('hold', { 'connections.opened': 100 }), phase('fault')];
    const books = balanceBooks([{ counts, killed: false, phases }], closing, []).map(inWords);
    expect(books).toContain('! connections closed: 99 / 100');
    expect(books).toContain('! closed with 1001: 99 / 100');
  });

  test('are numbered as far as there are words, and then by figures', () => {
    const books = balanceBooks(
      Array.from({ length: 6 }, () => ({ ...second, phases: [] })),
      [],
      [],
    );
    const names = books.map(({ what }) => what.slice(0, what.indexOf(':')));
    expect([...new Set(names)]).toEqual([
      ...['first', 'second', 'third', 'fourth', 'fifth'].map((ordinal) => `${ordinal} instance`),
      'instance 6',
    ]);
  });
});

/** An echo server that is killed, from the first message to the last that it could write down. */
const killedEcho = fc
  .record({
    sentBefore: fc.nat(1000),
    underWay: fc.nat(50),
    sentLate: fc.nat(50),
    answeredLate: fc.nat(),
    processed: fc.nat(),
    writtenIn: fc.nat(),
    writtenOut: fc.nat(),
    opened: fc.integer({ min: 1, max: 100 }),
    openedLate: fc.nat(20),
    writtenOpened: fc.nat(),
  })
  .map((drawn) => {
    const within = (number: number, least: number, most: number) => least + (number % (most - least + 1));
    const underWay = Math.min(drawn.underWay, drawn.sentBefore);
    const answeredBefore = drawn.sentBefore - underWay;
    const answeredLate = within(drawn.answeredLate, 0, underWay + drawn.sentLate);
    const sent = drawn.sentBefore + drawn.sentLate;
    const processed = within(drawn.processed, answeredBefore + answeredLate, sent);
    const writtenIn = within(drawn.writtenIn, answeredBefore, processed);
    const writtenOut = within(drawn.writtenOut, answeredBefore, writtenIn);
    const opened = drawn.opened + drawn.openedLate;
    return {
      counts: {
        ...nothing,
        opened: within(drawn.writtenOpened, drawn.opened, opened),
        messagesIn: writtenIn,
        messagesOut: writtenOut,
      },
      killed: true,
      phases: [
        phase('hold', {
          'connections.opened': drawn.opened,
          'messages.sent': drawn.sentBefore,
          'messages.received': answeredBefore,
        }),
        phase('fault', {
          'connections.opened': drawn.openedLate,
          'messages.sent': drawn.sentLate,
          'messages.received': answeredLate,
          'echo.unanswered': sent - answeredBefore - answeredLate,
        }),
      ],
      lost: [closed(opened, null, 'target-exit', 'fault')],
    };
  });

test('whenever a server is killed, and however late its ledger is, the books balance', () => {
  fc.assert(
    fc.property(killedEcho, ({ lost, ...instance }) => {
      const books = balanceBooks([instance], lost, []);
      expect(books.filter(({ balanced }) => !balanced)).toEqual([]);
      for (const { server, ours, inFlight } of books) expect(inFlight).toBe(Math.abs(server - ours));
    }),
  );
});

test('every phase belongs to one instance, and an instance ends with the phase in which it ended', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(names, fc.array(fc.boolean()), (all, chosen) => {
      const given = all.map((name) => ({ name }));
      const endedIn = all.filter((_, i) => chosen[i]);
      const served = phasesByInstance(given, endedIn);
      expect(served.flat()).toEqual(given);
      expect(served).toHaveLength(endedIn.length + 1);
      expect(served.slice(0, -1).map((each) => each.at(-1)?.name)).toEqual(endedIn);
    }),
  );
});

test('a phase that was never reached ended nobody', () => {
  expect(phasesByInstance([{ name: 'ramp' }, { name: 'drain' }], ['fault'])).toEqual([
    [{ name: 'ramp' }, { name: 'drain' }],
  ]);
});

test('the ledgers of all instances add up to that of the target', () => {
  const one = { ...nothing, opened: 3, pongsIn: 2, closesByCode: { 1000: 2, none: 1 }, refused: { 503: 1 } };
  const two = { ...nothing, opened: 4, pongsIn: 5, closesByCode: { 1000: 4 }, refused: { 503: 1, 401: 2 } };
  expect(sumCounts([one, two])).toEqual({
    ...nothing,
    opened: 7,
    pongsIn: 7,
    closesByCode: { 1000: 6, none: 1 },
    refused: { 503: 2, 401: 2 },
  });
  expect(sumCounts([])).toEqual(nothing);
});
