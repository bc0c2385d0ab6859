import { expect, test } from 'vitest';
import {
  capacityVerdict,
  isInvalid,
  limitWords,
  loadWords,
  tryWords,
} from '../../src/report/capacityWords.js';
import { bracketedRecord, everyLimit, invalidAt, otherRecords, refusedAt, tryAt } from './records.js';

test('a capacity is said with the two numbers that decided it', () => {
  expect(capacityVerdict(bracketedRecord())).toEqual({
    outcome: 'found',
    sentence:
      'The server holds 12,375 connections; at 12,500 it refused 100 with HTTP 503 (service unavailable).',
  });
  expect(capacityVerdict(bracketedRecord({ vary: 'publish-rate' })).sentence).toMatch(
    /^The server carries 12,375 messages a second; at 12,500 /,
  );
  expect(capacityVerdict(bracketedRecord({ vary: 'rooms', lastPass: 1 })).sentence).toMatch(
    /^The server serves 1 room; /,
  );
});

test('every other outcome says what is known, and none of them is called a capacity', () => {
  const others = otherRecords();
  const sentences = Object.fromEntries(
    Object.entries(others).map(([outcome, record]) => [outcome, capacityVerdict(record).sentence]),
  );
  expect(sentences).toEqual({
    'at-least': 'The server holds at least 8,000 connections; nothing gave out.',
    generator: 'At least 8,000 connections: at 16,000 the generator, not the server, was the limit.',
    'never-passed':
      'No capacity: at 16,000 connections, the first level, it refused 3,600 with HTTP 503 (service unavailable).',
    'target-broken':
      'The target stayed broken after 16,000 connections, so the search ended there: 8,000 connections passed, 16,000 did not.',
    interrupted: 'Interrupted: 8,000 connections passed.',
  });
  expect(capacityVerdict({ ...others.generator, lastPass: null }).sentence).toBe(
    'No capacity: already at 16,000 the generator, not the server, was the limit.',
  );
});

test('every limit has words of its own, with its evidence', () => {
  expect(everyLimit.map(limitWords)).toEqual([
    'one of its threads used a whole core (99.2 %)',
    'its processes used all the CPU there is for them (193 % of 200 %)',
    'its memory was used up (3.8 GiB of 4.0 GiB)',
    'the kernel ended 1 of its processes for want of memory',
    'it ran out of file descriptors (1,024 of 1,024)',
    'its accept queue was full 312 times, and 298 connects had to ask a second time',
    'it refused 124 with HTTP 503 (service unavailable)',
    '12 attempts failed: nothing listened on the port',
    '40 handshakes were not answered in time (upgrade)',
    'it closed 7 connections (1013 try again later)',
    '9 connections were lost: the connection was reset (RST)',
    'it died: the target ended by SIGKILL',
    'heartbeat.response p99 < 250ms did not hold: it was 412 ms',
    'broadcast.lost == 0 did not hold: it was 12',
    'the generator, not the server, was the limit (The generator sent late in 9 of 24 seconds, first at 6 s)',
  ]);
});

test('a try is a line', () => {
  expect(tryWords(tryAt(1, 1000))).toBe('passed (heartbeat.response p99 3.1 ms)');
  expect(tryWords(refusedAt(2, 12_401))).toBe('failed: it refused 1 with HTTP 503 (service unavailable)');
  expect(tryWords(invalidAt(3, 16_000))).toMatch(/^not valid: the generator, not the server, was the limit/);
  expect([tryAt(1, 1), refusedAt(2, 12_401), invalidAt(3, 1)].map(isInvalid)).toEqual([false, false, true]);
  expect(loadWords(1, 'connect-rate')).toBe('1 connect a second');
});
