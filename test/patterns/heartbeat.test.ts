import { expect, test } from 'vitest';
import { EventKind, UNKNOWN_SEQUENCE } from '../../src/dialects/dialect.js';
import { createHeartbeat, type HeartbeatOptions } from '../../src/patterns/heartbeat.js';
import { HandDrivenShard } from './shard.js';

const MS = 1000;

function heartbeat(given: Partial<HeartbeatOptions> = {}): HandDrivenShard {
  const options: HeartbeatOptions = {
    by: 'ping',
    everyUs: 100 * MS,
    timeoutUs: 30 * MS,
    offset: 'aligned',
    onTimeout: 'close',
    ...given,
  };
  const shard = new HandDrivenShard(2, (context) => createHeartbeat(options, context));
  shard.open(0);
  return shard;
}

test('a connection beats from ready on, in the ramp too', () => {
  const shard = heartbeat();
  shard.phase('ramp');
  shard.run(0);
  shard.answer(shard.sent[0]!);
  shard.run(99 * MS);
  expect(shard.sent).toEqual([{ kind: 'ping', connection: 0, sequence: 0, atUs: 1_000_000 }]);
});

test('an unanswered heartbeat closes its connection at the deadline, and no other', () => {
  const shard = heartbeat();
  shard.open(1);
  shard.run(0);
  shard.answer(shard.sent.find(({ connection }) => connection === 1)!);
  shard.run(29 * MS);
  expect(shard.givenUp).toEqual([]);
  shard.run(2 * MS);
  expect(shard.givenUp).toEqual([0]);
  expect(shard.counter('heartbeat.unanswered')).toBe(1);
});

test('or is counted only, when that is what the scenario says', () => {
  const shard = heartbeat({ onTimeout: 'count' });
  shard.run(499 * MS);
  expect(shard.givenUp).toEqual([]);
  expect(shard.counter('heartbeat.unanswered')).toBe(5);
});

test('answered heartbeats never close a connection', () => {
  const shard = heartbeat();
  for (let beat = 0; beat < 20; beat++) {
    shard.run(0);
    shard.answer(shard.sent.at(-1)!);
    shard.run(100 * MS);
  }
  expect(shard.givenUp).toEqual([]);
  expect(shard.counter('heartbeat.answered')).toBe(20);
});

test('what falls due while a connection is down is missed, and it beats on when it comes back', () => {
  const shard = heartbeat();
  shard.run(50 * MS);
  expect(shard.givenUp).toEqual([0]);
  shard.run(200 * MS);
  expect(shard.counter('heartbeat.missedWhileDisconnected')).toBe(2);
  shard.open(0);
  shard.run(50 * MS);
  expect(shard.sent).toHaveLength(2);
});

test('by message: the answer is a pong of the dialect, and counts for the oldest if it does not say which', () => {
  const shard = heartbeat({ by: 'message', timeoutUs: 250 * MS });
  shard.run(101 * MS);
  expect(shard.sent.map(({ kind }) => kind)).toEqual(['heartbeat', 'heartbeat']);
  shard.event(0, { kind: EventKind.transportPong, sequence: 0 });
  shard.event(0, { kind: EventKind.other, sequence: UNKNOWN_SEQUENCE });
  expect(shard.pattern.awaited).toBe(2);
  shard.event(0, { kind: EventKind.pong, sequence: UNKNOWN_SEQUENCE });
  expect(shard.pattern.awaited).toBe(1);
  shard.run(199 * MS);
  expect(shard.givenUp).toEqual([]);
});

test('by ping: the answer is a pong frame, not a message', () => {
  const shard = heartbeat();
  shard.run(0);
  shard.event(0, { kind: EventKind.pong, sequence: 0 });
  expect(shard.counter('heartbeat.answered')).toBe(0);
  shard.event(0, { kind: EventKind.transportPong, sequence: 0 });
  expect(shard.counter('heartbeat.answered')).toBe(1);
});

test('after a stop no heartbeat is sent, but answers still count', () => {
  const shard = heartbeat();
  shard.run(0);
  shard.pattern.stop(shard.now);
  shard.answer(shard.sent[0]!);
  shard.run(500 * MS);
  expect(shard.sent).toHaveLength(1);
  expect(shard.counter('heartbeat.answered')).toBe(1);
});
