import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balanceBooks, type ServedInstance, sumCounts } from '../../src/result/books.js';
import type { Broadcasting } from '../../src/result/deliveryBooks.js';
import type { BookEntry, DeliveryCounts, TargetCounts } from '../../src/result/targetRecord.js';
import type { CloseCount } from '../../src/result/types.js';
import { createDeliveryLedger } from '../../src/servers/deliveryLedger.js';

const nothing: DeliveryCounts = createDeliveryLedger();

/** Ten members, a hundred messages. */
const whole: DeliveryCounts = { ...nothing, published: 100, delivered: 1000 };
const wholeOurs = { 'broadcast.published': 100, 'broadcast.received': 1000 };

const ours: Broadcasting = { sampled: false, lost: 0, missed: 0, unheard: 0, members: 10, rooms: 1 };

const phase = (name: string, counters: Readonly<Record<string, number>> = {}) => ({
  name,
  counter: (counter: string) => counters[counter] ?? 0,
});

interface Given {
  readonly server?: Partial<DeliveryCounts>;
  readonly counters?: Readonly<Record<string, number>>;
  readonly broadcasting?: Partial<Broadcasting> | null;
  /** Connections cut off. */
  readonly cut?: number;
  readonly killed?: boolean;
  /** Messages of any kind, by the server's count. */
  readonly messagesIn?: number;
  readonly messagesOut?: number;
}

function countsOf({ server = {}, cut = 0, messagesIn = 0, messagesOut = 0 }: Given): TargetCounts {
  const plain = { opened: 0, pingsIn: 0, pingsOut: 0, pongsIn: 0, pongsOut: 0, refused: {} };
  const closesByCode: Record<string, number> = cut === 0 ? {} : { none: cut };
  const delivery = { ...whole, ...server };
  return { ...plain, closed: cut, closesByCode, messagesIn, messagesOut, delivery };
}

function closesOf({ cut = 0 }: Given): CloseCount[] {
  const close = { phase: 'hold', population: 'all', code: null, cause: 'reset', example: '' } as const;
  return cut === 0 ? [] : [{ ...close, initiator: 'network', count: cut }];
}

function books(given: Given): BookEntry[] {
  const { counters = wholeOurs, broadcasting = {}, killed = false } = given;
  const instance: ServedInstance = {
    counts: countsOf(given),
    killed,
    phases: [phase('ramp'), phase('hold', counters)],
  };
  return balanceBooks(
    [instance],
    closesOf(given),
    [],
    broadcasting === null ? null : { ...ours, ...broadcasting },
  );
}

const inWords = ({ what, server, ours: own, inFlight, balanced }: BookEntry): string =>
  `${balanced ? '' : '! '}${what}: ${server} / ${own}${inFlight === 0 ? '' : `, ${inFlight} in flight`}`;

const OWN_LINES = /^(! )?(messages published|deliveries|copies|second copies)/;
const lines = (given: Given): string[] =>
  books(given)
    .map(inWords)
    .filter((line) => OWN_LINES.test(line));

describe('the books of a server that passes messages on', () => {
  test('balance when it took all that was published, and all that it passed on came', () => {
    expect(lines({})).toEqual(['messages published: 100 / 100', 'deliveries: 1000 / 1000']);
    const counters = {
      ...wholeOurs,
      'broadcast.published': 90,
      'acknowledge.resent': 14,
      'broadcast.received': 993,
      'broadcast.foreign': 7,
    };
    expect(lines({ server: { rejected: 3, repeated: 1 }, counters })).toEqual([
      'messages published: 104 / 104',
      'deliveries: 1000 / 1000',
    ]);
  });

  test('have no lines of it when nobody publishes, or the server passes nothing on', () => {
    expect(lines({ broadcasting: null })).toEqual([]);
    expect(lines({ server: nothing })).toEqual([]);
  });

  test('show whatever differs while no connection was lost', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('published', 'delivered'),
        fc.integer({ min: -50, max: 50 }).filter((difference) => difference !== 0),
        fc.record({ lost: fc.nat(), unheard: fc.nat() }),
        (name, difference, broadcasting) => {
          const wrong = lines({ server: { [name]: whole[name] + difference }, broadcasting });
          expect(wrong.filter((line) => line.startsWith('!'))).toHaveLength(1);
          expect(wrong.join()).not.toContain('in flight');
        },
      ),
    );
  });

  test('have one line only when the ledger is a sample: what was published is counted of all', () => {
    const counters = { 'broadcast.published': 100, 'broadcast.received': 30 };
    expect(lines({ counters, broadcasting: { sampled: true }, server: { lost: 5, duplicated: 5 } })).toEqual([
      'messages published: 100 / 100',
    ]);
  });

  test('hold what was done to copies on purpose against what we noticed of it', () => {
    const server = {
      delivered: 975,
      lost: 30,
      droppedSlow: 5,
      duplicated: 10,
      truncated: 4,
      corrupted: 2,
      reordered: 3,
    };
    const counters = {
      ...wholeOurs,
      'broadcast.received': 969,
      'broadcast.foreign': 6,
      'broadcast.damaged': 6,
      'broadcast.duplicated': 10,
      'broadcast.outOfOrder': 3,
    };
    expect(lines({ server, counters, broadcasting: { lost: 41 } })).toEqual([
      'messages published: 100 / 100',
      'deliveries: 975 / 975',
      'copies lost or damaged on purpose: 41 / 41',
      'second copies: 10 / 10',
      'copies damaged on purpose: 6 / 6',
      'copies overtaken on purpose: 3 / 3',
    ]);
    const noticed = {
      ...counters,
      'broadcast.duplicated': 11,
      'broadcast.damaged': 5,
      'broadcast.outOfOrder': 4,
    };
    expect(lines({ server, counters: noticed, broadcasting: { lost: 42 } }).slice(2)).toEqual([
      '! copies lost or damaged on purpose: 41 / 42',
      '! second copies: 10 / 11',
      '! copies damaged on purpose: 6 / 5',
      '! copies overtaken on purpose: 3 / 4',
    ]);
  });

  test('know that a copy sent again is no duplicate where the first was lost, nor lost where it came', () => {
    const server = { lost: 8, resent: 12 };
    const counters = { ...wholeOurs, 'broadcast.duplicated': 4 };
    expect(lines({ server, counters, broadcasting: { lost: 1 } }).slice(2)).toEqual([
      'copies lost or damaged on purpose: 8 / 1, 7 in flight',
      'second copies: 12 / 4, 8 in flight',
    ]);
    const fewer = { ...counters, 'broadcast.duplicated': 3 };
    expect(lines({ server, counters: fewer }).at(-1)).toBe('! second copies: 12 / 3, 8 in flight');
  });

  test('let heartbeats and joins be among the messages refused', () => {
    const counters = { ...wholeOurs, 'messages.sent': 103 };
    const published = (rejected: number): string => lines({ server: { rejected }, counters })[0]!;
    expect(published(3)).toBe('messages published: 103 / 100, 3 in flight');
    expect(published(4)).toBe('! messages published: 104 / 100, 3 in flight');
  });

  test('do not compare losses when messages were refused: nobody knows how many copies there would have been', () => {
    const counters = { ...wholeOurs, 'broadcast.published': 101 };
    expect(lines({ server: { rejected: 1, lost: 5 }, counters, broadcasting: { lost: 15 } })).toHaveLength(2);
  });

  test('of several instances are added up', () => {
    const { delivery: _, ...without } = countsOf({});
    expect(sumCounts([countsOf({}), countsOf({ server: { lost: 3 } })]).delivery).toEqual({
      ...nothing,
      published: 200,
      delivered: 2000,
      lost: 3,
    });
    expect(sumCounts([without])).not.toHaveProperty('delivery');
  });

  test('have no line of what was lost when the server ran twice: that is known of the whole run only', () => {
    const instance = {
      counts: countsOf({ server: { lost: 5 } }),
      killed: false,
      phases: [phase('hold', wholeOurs)],
    };
    const entries = balanceBooks([instance, instance], [], [], { ...ours, lost: 10 }).map(inWords);
    expect(entries.some((line) => line.includes('copies lost'))).toBe(false);
    expect(entries).toContain('second instance: deliveries: 1000 / 1000');
  });
});

describe('what was under way when connections were lost', () => {
  test('is at most what members missed, and where they were cut off what was lost', () => {
    const delivered = (server: number, given: Given): string =>
      lines({ ...given, server: { delivered: server } })[1]!;
    const missed = { missed: 5, lost: 3 };
    expect(delivered(1005, { broadcasting: missed })).toBe('deliveries: 1005 / 1000, 5 in flight');
    expect(delivered(1006, { broadcasting: missed })).toBe('! deliveries: 1006 / 1000, 5 in flight');
    expect(delivered(1008, { broadcasting: missed, cut: 1 })).toBe('deliveries: 1008 / 1000, 8 in flight');
    expect(delivered(1009, { broadcasting: missed, cut: 1 })).toMatch(/^!/);
    expect(delivered(999, { broadcasting: missed, cut: 1 })).toBe('! deliveries: 999 / 1000');
  });

  test('is at most what nobody heard, and what was sent again', () => {
    const counters = { ...wholeOurs, 'broadcast.published': 107, 'acknowledge.resent': 3 };
    const published = (given: Given): string => lines({ counters, ...given })[0]!;
    expect(published({ broadcasting: { unheard: 7 }, cut: 1 })).toBe(
      'messages published: 100 / 110, 10 in flight',
    );
    expect(published({ broadcasting: { unheard: 6 }, cut: 1 })).toMatch(/^!/);
    expect(published({ broadcasting: { unheard: 7 } })).toMatch(/^!/);
    expect(published({ broadcasting: { unheard: 7 }, cut: 1, server: { published: 111 } })).toMatch(/^!/);
  });

  test('was sent again when a member was back, and is no duplicate then', () => {
    const server = { delivered: 1004, resent: 4 };
    const back = { ...wholeOurs, 'connections.reconnected': 1 };
    expect(lines({ server, counters: back })).toEqual([
      'messages published: 100 / 100',
      'deliveries: 1004 / 1000, 4 in flight',
      'second copies: 4 / 0, 4 in flight',
    ]);
    expect(lines({ server })[1]).toBe('! deliveries: 1004 / 1000');
    expect(lines({ server: { ...server, delivered: 1005 }, counters: back })[1]).toMatch(/^!/);
  });

  test('stands in the books of all messages too, with what lets a connection in and with acknowledgements', () => {
    const counters = {
      ...wholeOurs,
      'messages.sent': 120,
      'messages.received': 1010,
      'acknowledge.receipts': 4,
      'acknowledge.unacknowledged': 2,
    };
    const ofAll = (messagesIn: number, messagesOut: number): string[] =>
      books({ counters, messagesIn, messagesOut, cut: 1, broadcasting: { missed: 5, unheard: 7 } })
        .map(inWords)
        .filter((line) => /messages (to|from)/.test(line));
    // 7 unheard, 4 receipts, a greeting and a join; 5 missed, 2 acknowledgements, a greeting and the answer to a join.
    expect(ofAll(120 - 13, 1010 + 9)).toEqual([
      'messages to the server: 107 / 120, 13 in flight',
      'messages from the server: 1019 / 1010, 9 in flight',
    ]);
    expect(ofAll(120 - 14, 1010 + 10).every((line) => line.startsWith('!'))).toBe(true);
  });

  test('is younger than the phase in which the server was killed, where it had not been written down', () => {
    const server = { published: 95, delivered: 940 };
    expect(lines({ server, killed: true, cut: 1 })).toEqual([
      'messages published: 95 / 100, 5 in flight',
      'deliveries: 940 / 1000, 60 in flight',
    ]);
    expect(lines({ server, cut: 1 }).every((line) => line.startsWith('!'))).toBe(true);
  });

  test('may be what we count as lost beside what the server kept back', () => {
    const server = { delivered: 990, lost: 10 };
    const counters = { ...wholeOurs, 'broadcast.received': 970 };
    const lost = (count: number, cut: number): string =>
      lines({ server, counters, cut, broadcasting: { lost: count, unheard: 1 } })[2]!;
    expect(lost(40, 1)).toBe('copies lost or damaged on purpose: 10 / 40, 30 in flight');
    expect(lost(41, 1)).toMatch(/^!/);
    expect(lost(11, 0)).toMatch(/^!/);
  });
});
