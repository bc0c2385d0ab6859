import { expect, test } from 'vitest';
import { EventKind } from '../../src/dialects/dialect.js';
import { createEcho, type EchoOptions } from '../../src/patterns/echo.js';
import { HandDrivenShard } from './shard.js';

const MS = 1000;
const PACED = { kind: 'every', everyUs: 100 * MS, offset: 'aligned' } as const;
const ANSWERED = { kind: 'answered' } as const;

function echo(pace: EchoOptions['pace'], connections = 1): HandDrivenShard {
  return new HandDrivenShard(connections, (context) =>
    createEcho({ sizeBytes: 20, timeoutUs: 30 * MS, pace }, context),
  );
}

test.each([
  ['paced', PACED],
  ['answered', ANSWERED],
] as const)(
  '%s: nothing is sent before the ramp has ended, and nothing begins with the drain',
  (_name, pace) => {
    const ramping = echo(pace);
    ramping.phase('ramp');
    ramping.open(0);
    ramping.run(500 * MS);
    expect(ramping.sent).toEqual([]);
    ramping.phase('drain');
    ramping.run(500 * MS);
    expect(ramping.sent).toEqual([]);
  },
);

test('paced: the schedule of every connection counts from the end of the ramp, of those that come later too', () => {
  const shard = echo(PACED, 2);
  shard.phase('ramp');
  shard.open(0);
  shard.run(37 * MS);
  const endUs = shard.now;
  shard.phase('hold');
  shard.run(150 * MS);
  shard.open(1);
  shard.run(149 * MS);
  const sentAt = (connection: number): number[] =>
    shard.sent.filter((sent) => sent.connection === connection).map(({ atUs }) => (atUs - endUs) / MS);
  expect(sentAt(0)).toEqual([0, 100, 200]);
  expect(sentAt(1)).toEqual([200]);
});

test('paced: a phase after the first hold does not begin the schedule anew', () => {
  const shard = echo(PACED);
  shard.phase('ramp');
  shard.open(0);
  shard.phase('hold');
  const startUs = shard.now;
  shard.run(130 * MS);
  shard.phase('ramp');
  shard.run(40 * MS);
  shard.phase('hold');
  shard.run(129 * MS);
  expect(shard.sent.map(({ atUs }) => (atUs - startUs) / MS)).toEqual([0, 100, 200]);
});

test('paced: a message is sent when it is due, whether the one before was answered or not', () => {
  const shard = echo({ ...PACED, everyUs: 10 * MS });
  shard.open(0);
  shard.phase('hold');
  shard.run(29 * MS);
  expect(shard.sent.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
  expect(shard.pattern.awaited).toBe(3);
});

test('answered: each connection has one message in flight, and sends the next when it is answered', () => {
  const shard = echo(ANSWERED, 3);
  for (let connection = 0; connection < 3; connection++) shard.open(connection);
  shard.phase('hold');
  shard.run(0);
  for (let round = 1; round <= 20; round++) {
    expect(shard.pattern.awaited).toBe(3);
    expect(shard.sent).toHaveLength(3 * round);
    shard.stall(MS);
    for (const sent of shard.sent.slice(-3)) shard.answer(sent);
  }
  expect(shard.counter('echo.answered')).toBe(60);
});

test('answered: what is not an answer sends nothing', () => {
  const shard = echo(ANSWERED);
  shard.open(0);
  shard.phase('hold');
  shard.run(0);
  shard.event(0, { kind: EventKind.other, sequence: 0 });
  shard.event(0, { kind: EventKind.message, sequence: 7 });
  expect(shard.sent).toHaveLength(1);
});

test('answered: a message that is never answered is given up at its deadline, and the next is sent', () => {
  const shard = echo(ANSWERED);
  shard.open(0);
  shard.phase('hold');
  shard.run(95 * MS);
  expect(shard.sent.map(({ atUs }) => (atUs - 1_000_000) / MS)).toEqual([0, 30, 60, 90]);
  expect(shard.counter('echo.unanswered')).toBe(3);
});

test('answered: a connection that comes back, or comes late, sends at once', () => {
  const shard = echo(ANSWERED, 2);
  shard.open(0);
  shard.phase('hold');
  shard.run(0);
  shard.close(0);
  shard.run(5 * MS);
  shard.open(0);
  shard.open(1);
  expect(shard.sent.map(({ connection }) => connection)).toEqual([0, 0, 1]);
});

test.each([
  ['paced', PACED],
  ['answered', ANSWERED],
] as const)('%s: after a stop nothing is sent, but answers still count', (_name, pace) => {
  const shard = echo(pace);
  shard.open(0);
  shard.phase('hold');
  shard.run(0);
  shard.pattern.stop(shard.now);
  shard.answer(shard.sent[0]!);
  shard.run(500 * MS);
  expect(shard.sent).toHaveLength(1);
  expect(shard.counter('echo.answered')).toBe(1);
});
