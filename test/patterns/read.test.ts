import { expect, test } from 'vitest';
import { EventKind } from '../../src/dialects/dialect.js';
import { createRead, type ReadOptions } from '../../src/patterns/read.js';
import { HandDrivenShard } from './shard.js';

const MS = 1000;
const SECOND = 1_000_000;
const RATE = 100_000;

function slow(options: ReadOptions, connections = 1): HandDrivenShard {
  const shard = new HandDrivenShard(connections, (context) => createRead(options, context));
  shard.phase('ramp');
  for (let connection = 0; connection < connections; connection++) shard.open(connection);
  return shard;
}

const byBandwidth = (connections = 1): HandDrivenShard =>
  slow({ kind: 'bandwidth', bytesPerSecond: RATE }, connections);

function message(shard: HandDrivenShard, bytes: number, connection = 0): void {
  shard.event(connection, { kind: EventKind.message, start: 10, end: 10 + bytes });
}

/** A server with always more to send: whatever the connection reads, it reads `burst` messages of `bytes` at once. */
function readFor(shard: HandDrivenShard, us: number, bytes: number, burst: number, connection = 0): number {
  let read = 0;
  for (const endUs = shard.now + us; shard.now < endUs; shard.run(MS)) {
    if (shard.paused.has(connection)) continue;
    for (let i = 0; i < burst; i++) message(shard, bytes, connection);
    read += bytes * burst;
  }
  return read;
}

test.each([
  ['small messages', 100, 3],
  ['many at a time', 100, 160],
  ['a message that takes longer than a second', 150_000, 1],
])('bandwidth: over a minute a connection reads what it is said to, by %s', (_name, bytes, burst) => {
  const shard = byBandwidth();
  shard.phase('hold');
  const share = readFor(shard, 60 * SECOND, bytes, burst) / (60 * RATE);
  expect(share).toBeGreaterThan(0.98);
  expect(share).toBeLessThan(1.03);
  expect(shard.counter('reading.pauses')).toBeGreaterThan(30);
});

test('bandwidth: a connection that gets less is never paused', () => {
  const shard = byBandwidth();
  shard.phase('hold');
  for (let i = 0; i < 600; i++) {
    message(shard, 9_000);
    shard.run(100 * MS);
  }
  expect(shard.counter('reading.pauses')).toBe(0);
});

test('bandwidth: what it might have read and did not is no allowance for later', () => {
  const shard = byBandwidth();
  shard.phase('hold');
  shard.run(30 * SECOND);
  expect(readFor(shard, SECOND, 1000, 1)).toBeLessThan(1.15 * RATE);
});

test('bandwidth: a resumption that comes late is made up for', () => {
  const shard = byBandwidth();
  shard.phase('hold');
  let read = 0;
  for (const endUs = shard.now + 30 * SECOND; shard.now < endUs; shard.run(0)) {
    if (!shard.paused.has(0)) {
      message(shard, 5_000);
      read += 5_000;
    }
    shard.stall(20 * MS);
  }
  expect(read / (30 * RATE)).toBeGreaterThan(0.98);
});

test('bandwidth: only connections that are paused have something due, and one thing each', () => {
  const shard = byBandwidth(3);
  shard.phase('hold');
  message(shard, 100, 0);
  expect(shard.scheduled).toEqual([]);
  for (let i = 0; i < 50; i++) message(shard, 20_000, 1);
  expect(shard.scheduled.map(({ connection }) => connection)).toEqual([1]);
  // 1 MB less a tenth of a second's worth is to be paid for, of which the first 20 kB were known when it was paused.
  shard.run(9_899 * MS);
  expect([...shard.paused]).toEqual([1]);
  shard.run(2 * MS);
  expect([...shard.paused]).toEqual([]);
  expect(shard.scheduled).toHaveLength(2);
  expect(shard.counter('reading.pauses')).toBe(1);
});

test('bandwidth: messages count, other events do not', () => {
  const shard = byBandwidth();
  shard.phase('hold');
  shard.event(0, { kind: EventKind.other, start: 0, end: 5_000_000 });
  expect([...shard.paused]).toEqual([]);
});

test('bandwidth: a new connection begins with its full allowance, and nothing of the old one is left', () => {
  const shard = byBandwidth();
  shard.phase('hold');
  message(shard, 500_000);
  shard.close(0);
  shard.open(0);
  message(shard, 9_000);
  expect([...shard.paused]).toEqual([]);
  message(shard, 21_000);
  expect([...shard.paused]).toEqual([0]);
  shard.run(201 * MS);
  expect([...shard.paused]).toEqual([]);
  // The end of the first connection's pause comes now: it must not end a pause of the second.
  shard.run(4_000 * MS);
  message(shard, 100_000 + 100_000);
  shard.run(800 * MS);
  expect([...shard.paused]).toEqual([0]);
});

const EVERY_US = 1000 * MS;
const pausing = (connections = 1): HandDrivenShard =>
  slow({ kind: 'pause', forUs: 300 * MS, everyUs: EVERY_US }, connections);

test('pause: a connection reads nothing for a while in every period', () => {
  const shard = pausing();
  shard.phase('hold');
  let pausedMs = 0;
  for (let ms = 0; ms < 20_000; ms++) {
    shard.run(MS);
    if (shard.paused.has(0)) pausedMs++;
  }
  expect(Math.abs(pausedMs - 6_000)).toBeLessThanOrEqual(300);
  expect(shard.counter('reading.pauses')).toBe(20);
});

test('pause: connections do not all pause at the same time', () => {
  const shard = pausing(100);
  shard.phase('hold');
  shard.run(2 * EVERY_US);
  for (let i = 0; i < 10; i++) {
    shard.run(100 * MS);
    expect(shard.paused.size).toBeGreaterThan(15);
    expect(shard.paused.size).toBeLessThan(45);
  }
});

test('pause: a thread that was late for all of a pause leaves it out', () => {
  const shard = pausing();
  shard.phase('hold');
  shard.stall(10 * EVERY_US);
  shard.run(0);
  expect(shard.counter('reading.pauses')).toBeLessThanOrEqual(1);
});

test('pause: a connection that comes back reads until its next period', () => {
  const shard = pausing();
  shard.phase('hold');
  while (!shard.paused.has(0)) shard.run(MS);
  shard.close(0);
  shard.open(0);
  shard.run(999 * MS - MS);
  expect(shard.counter('reading.pauses')).toBe(1);
  shard.run(5 * MS);
  expect([...shard.paused]).toEqual([0]);
});

test.each([
  ['bandwidth', byBandwidth, 20_000],
  ['pause', pausing, 0],
] as const)(
  '%s: everybody reads at full speed in the ramp, and again in the drain',
  (_name, create, bytes) => {
    const shard = create(20);
    const live = (): void => {
      for (let i = 0; i < 20; i++) {
        shard.run(100 * MS);
        for (let connection = 0; connection < 20; connection++) message(shard, bytes, connection);
      }
    };
    live();
    expect(shard.counter('reading.pauses')).toBe(0);
    shard.phase('hold');
    live();
    expect(shard.counter('reading.pauses')).toBeGreaterThan(20);
    expect(shard.paused.size).toBeGreaterThan(0);
    shard.phase('drain');
    shard.pattern.stop(shard.now);
    expect([...shard.paused]).toEqual([]);
    const before = shard.counter('reading.pauses');
    live();
    expect([...shard.paused]).toEqual([]);
    expect(shard.counter('reading.pauses')).toBe(before);
  },
);
