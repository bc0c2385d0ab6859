import { expect, test } from 'vitest';
import { balanceBooks } from '../../src/result/books.js';
import type { TargetCounts } from '../../src/result/targetRecord.js';
import type { CloseCount, FailureCount, Metrics } from '../../src/result/types.js';

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

const counters: Readonly<Record<string, number>> = {
  'connections.opened': 10,
  'messages.sent': 100,
  'messages.received': 90,
  'pings.sent': 5,
  'pings.received': 4,
  'pongs.received': 5,
};

const metrics: Metrics = Object.fromEntries(
  Object.entries(counters).map(([name, value]) => [name, { kind: 'counter', value }]),
);

function closed(count: number, code: number | null, cause: CloseCount['cause'], phase = 'hold'): CloseCount {
  return { phase, population: 'all', initiator: 'server', code, cause, count, example: '' };
}

const closes = [
  closed(4, 1000, 'local-close', 'drain'),
  closed(2, 1000, 'close-frame'),
  closed(1, 4001, 'close-frame'),
  closed(1, null, 'close-frame'),
  closed(1, null, 'fin'),
  closed(1, null, 'reset'),
];

const refusal = (stage: FailureCount['stage'], cause: string, count: number): FailureCount => ({
  phase: 'ramp',
  population: 'all',
  stage,
  cause,
  count,
  example: '',
});
const failures = [
  refusal('upgrade', 'http-503', 2),
  refusal('tcp', 'refused', 7),
  refusal('upgrade', 'timeout', 1),
];

const unbalanced = (...given: Parameters<typeof balanceBooks>): string[] =>
  balanceBooks(...given)
    .filter(({ balanced }) => !balanced)
    .map(({ what, server: theirs, ours }) => `${what}: ${theirs} / ${ours}`);

test('books balance when both sides counted the same, whatever the phase or the wording', () => {
  const books = balanceBooks(server, metrics, closes, failures);
  expect(books.every(({ balanced }) => balanced)).toBe(true);
  expect(books.map(({ what, ours }) => `${what} ${ours}`)).toEqual([
    'connections opened 10',
    'connections closed 10',
    'messages to the server 100',
    'messages from the server 90',
    'pings to the server 5',
    'pongs from the server 5',
    'pings from the server 4',
    'closed with 1000 6',
    'closed with 4001 1',
    'closed with empty 1',
    'closed with none 2',
    'refused with HTTP 503 2',
  ]);
});

test.each([
  ['opened', { opened: 11 }, 'connections opened: 11 / 10'],
  ['closed', { closed: 9 }, 'connections closed: 9 / 10'],
  ['messages in', { messagesIn: 101 }, 'messages to the server: 101 / 100'],
  ['messages out', { messagesOut: 91 }, 'messages from the server: 91 / 90'],
  ['pings in', { pingsIn: 4 }, 'pings to the server: 4 / 5'],
  ['pongs out', { pongsOut: 6 }, 'pongs from the server: 6 / 5'],
  ['pings out', { pingsOut: 5 }, 'pings from the server: 5 / 4'],
] as const)('a difference in %s shows in its line alone', (_what, different, line) => {
  expect(unbalanced({ ...server, ...different }, metrics, closes, failures)).toEqual([line]);
});

test('a code or a refusal that one side alone has counted is a line of its own', () => {
  const theirs = { ...server, closesByCode: { ...server.closesByCode, 1011: 3 } };
  expect(unbalanced(theirs, metrics, closes, failures)).toEqual(['closed with 1011: 3 / 0']);
  expect(unbalanced(server, metrics, closes, [...failures, refusal('upgrade', 'http-401', 1)])).toEqual([
    'refused with HTTP 401: 0 / 1',
  ]);
});

test('what we never counted is 0', () => {
  const idle = { ...server, messagesIn: 0 };
  const { 'messages.sent': _gone, ...rest } = metrics;
  expect(unbalanced(idle, rest, closes, failures)).toEqual([]);
});
