import { describe, expect, test } from 'vitest';
import type { DeliveryPopulation } from '../../src/delivery/topology.js';
import { Marker } from '../../src/dialects/marker.js';
import { createPublish, type PublishOptions } from '../../src/patterns/publish.js';
import { accounts, START_US } from './rooms.js';
import { HandDrivenShard } from './shard.js';

const SECOND_US = 1_000_000;

const OPTIONS: PublishOptions = {
  everyUs: 100_000,
  spacing: 'uniform',
  offset: 'uniform',
  burst: 1,
  room: null,
  ownCopy: 'auto',
  payload: { sizes: [{ sizeBytes: 100, weight: 1 }], content: 'text', file: null, binary: false },
  acknowledge: null,
};

function publishing(
  connections: number,
  options: Partial<PublishOptions> = {},
  spec: Partial<DeliveryPopulation> = {},
) {
  const { population, counter } = accounts({ connections, ...spec });
  const shard = new HandDrivenShard(
    connections,
    (context) => createPublish({ ...OPTIONS, ...options }, context),
    { delivery: population, startUs: START_US },
  );
  function open(connection: number): void {
    shard.open(connection);
    population.arrived(connection, shard.now);
  }
  return { shard, population, open, published: () => counter('broadcast.published') };
}

function markerOf(message: Buffer): Marker {
  const marker = new Marker();
  expect(marker.read(message, 0, message.length)).toBe(true);
  return marker;
}

describe('publish', () => {
  test('begins at the end of the ramp, at every connection in its own place of the period', () => {
    const { shard, open } = publishing(50);
    for (let connection = 0; connection < 50; connection++) open(connection);
    shard.phase('ramp');
    shard.run(SECOND_US);
    expect(shard.messages).toEqual([]);
    shard.phase('hold');
    shard.run(100_000);
    expect(new Set(shard.messages.map(({ connection }) => connection)).size).toBe(50);
    expect(new Set(shard.messages.map(({ atUs }) => atUs)).size).toBeGreaterThan(45);
    shard.run(SECOND_US);
    expect(shard.messages.length).toBe(50 * 11);
  });

  test('each message says who sent it, which one it is, when it was due and when it was sent', () => {
    const { shard, open } = publishing(3, { offset: 'aligned' });
    open(2);
    shard.phase('hold');
    shard.run(50_000);
    shard.stall(70_000);
    shard.run(0);
    const markers = shard.messages.map(({ message }) => markerOf(message));
    expect(
      markers.map(({ publisher, sequence, dueUs, sentUs }) => [publisher, sequence, dueUs, sentUs]),
    ).toEqual([
      [2, 0, 0, 0],
      [2, 1, 100_000, 120_000],
    ]);
    expect(shard.samples('broadcast.sendLag').us.map((us) => Math.round(us / 1000))).toEqual([0, 20]);
  });

  test('what falls due is published, skipped for back-pressure, or unsent because its publisher is away', () => {
    const { shard, open, population, published } = publishing(1, { offset: 'aligned' });
    open(0);
    shard.phase('hold');
    shard.run(250_000);
    shard.writable = false;
    shard.run(200_000);
    shard.writable = true;
    shard.close(0);
    population.left(0, shard.now);
    shard.run(300_000);
    open(0);
    shard.run(100_000);
    expect(published()).toBe(4);
    expect(shard.counter('broadcast.skipped')).toBe(2);
    expect(shard.counter('broadcast.unsentWhileDisconnected')).toBe(3);
    expect(shard.counter('broadcast.planned')).toBe(9);
    // Without gaps: what was not sent has no number.
    expect(shard.messages.map(({ message }) => markerOf(message).sequence)).toEqual([0, 1, 2, 3]);
  });

  test('a connection publishes to its rooms in turn, or always to one', () => {
    const rooms = { rooms: 5, perConnection: 3 };
    const own = publishing(5, { offset: 'aligned' }, rooms);
    own.open(4);
    own.shard.phase('hold');
    own.shard.run(450_000);
    expect(own.shard.messages.map(({ message }) => markerOf(message).room)).toEqual([4, 0, 1, 4, 0]);
    const one = publishing(
      5,
      { offset: 'aligned', room: 2 },
      { ...rooms, publishes: { room: 2, ownCopy: 'auto' } },
    );
    one.open(4);
    one.shard.phase('hold');
    one.shard.run(150_000);
    expect(one.shard.messages.map(({ message }) => markerOf(message).room)).toEqual([2, 2]);
  });

  test('a burst is so many messages at once', () => {
    const { shard, open } = publishing(1, { burst: 4, offset: 'aligned' });
    open(0);
    shard.phase('hold');
    shard.run(150_000);
    expect(shard.messages.map(({ atUs }) => atUs - START_US)).toEqual([
      0,
      0,
      0,
      0,
      ...Array(4).fill(100_000),
    ]);
  });

  test('poisson spacing has the period as its mean, and distances that vary as an exponential distribution does', () => {
    const { shard, open } = publishing(1, { spacing: 'poisson', everyUs: 10_000 });
    open(0);
    shard.phase('hold');
    shard.run(40 * SECOND_US);
    const gaps = shard.messages.slice(1).map(({ atUs }, i) => atUs - shard.messages[i]!.atUs);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    // 4,000 draws: the mean's own deviation is 1.6 %.
    expect(mean / 10_000).toBeGreaterThan(0.93);
    expect(mean / 10_000).toBeLessThan(1.07);
    expect(deviation / mean).toBeGreaterThan(0.9);
    expect(deviation / mean).toBeLessThan(1.1);
  });

  test('sizes come as often as their weights say, and the fillings of two messages differ', () => {
    const sizes = [
      { sizeBytes: 50, weight: 3 },
      { sizeBytes: 500, weight: 1 },
    ];
    const { shard, open } = publishing(1, { everyUs: 1000, payload: { ...OPTIONS.payload, sizes } });
    open(0);
    shard.phase('hold');
    shard.run(2 * SECOND_US);
    const long = shard.messages.filter(({ message }) => message.length === 500);
    expect(shard.messages.length).toBe(2000);
    expect(long.length / 2000).toBeGreaterThan(0.2);
    expect(long.length / 2000).toBeLessThan(0.3);
    expect(long[0]!.message.subarray(32).equals(long[1]!.message.subarray(32))).toBe(false);
  });

  test('nothing is published after stop', () => {
    const { shard, open } = publishing(2);
    open(0);
    open(1);
    shard.phase('hold');
    shard.run(SECOND_US);
    shard.pattern.stop(shard.now);
    const before = shard.messages.length;
    shard.run(SECOND_US);
    expect(shard.messages.length).toBe(before);
  });
});
