import { describe, expect, test } from 'vitest';
import { MARKER_BYTES, Marker } from '../../src/dialects/marker.js';
import { World } from './world.js';

const LISTENERS = { connections: 4, rooms: 2, perConnection: 1, publishes: null, readsSlowly: false };
const SPEAKERS = {
  connections: 2,
  rooms: 2,
  perConnection: 1,
  publishes: { room: null, ownCopy: 'excluded' as const },
  readsSlowly: false,
};

function listening() {
  const world = new World([LISTENERS, SPEAKERS], 1);
  for (let i = 0; i < 4; i++) world.arrive(0, i, -1);
  for (let i = 0; i < 2; i++) world.arrive(1, i, -1);
  world.begin();
  const counts = () => ({
    received: world.counter('broadcast.received'),
    foreign: world.counter('broadcast.foreign'),
    damaged: world.counter('broadcast.damaged'),
    stray: world.counter('broadcast.stray'),
  });
  return { world, counts };
}

describe('what is no delivery is foreign', () => {
  test('a message without a marker, of any length', () => {
    const { world, counts } = listening();
    for (const text of ['', '~', '~w', 'hello', 'x'.repeat(100_000)])
      world.receive(0, 0, Buffer.from(text), 10);
    expect(counts()).toEqual({ received: 0, foreign: 5, damaged: 0, stray: 0 });
  });

  test('a marker that was cut short or changed', () => {
    const { world, counts } = listening();
    const { bytes } = world.publish(1, 0, 0, 5, 6);
    world.receive(0, 0, bytes.subarray(0, 13), 10);
    const changed = Buffer.from(bytes);
    changed[20] = changed[20] === 65 ? 66 : 65;
    world.receive(0, 0, changed, 10);
    expect(counts()).toEqual({ received: 0, foreign: 2, damaged: 2, stray: 0 });
  });

  test('a message of another run', () => {
    const { world, counts } = listening();
    const { bytes } = world.publish(1, 0, 0, 5, 6);
    const marker = new Marker();
    marker.read(bytes, 0, bytes.length);
    marker.run = (marker.run + 1) % 4096;
    const other = Buffer.alloc(MARKER_BYTES);
    marker.write(other, 0);
    world.receive(0, 0, other, 10);
    expect(counts()).toEqual({ received: 0, foreign: 1, damaged: 0, stray: 0 });
  });

  test('a message of a room that its receiver is not in, or that does not exist, or of a publisher that does not', () => {
    const { world, counts } = listening();
    const { bytes } = world.publish(1, 0, 0, 5, 6);
    world.receive(0, 1, bytes, 10);
    const marker = new Marker();
    marker.read(bytes, 0, bytes.length);
    for (const change of [{ room: 7 }, { publisher: 99 }, { publisher: 1 }]) {
      Object.assign(marker, { room: 0, publisher: 0 }, change);
      const strange = Buffer.alloc(MARKER_BYTES);
      marker.write(strange, 0);
      world.receive(0, 0, strange, 10);
    }
    expect(counts()).toEqual({ received: 0, foreign: 4, damaged: 0, stray: 4 });
  });

  test('the copy of its own message to a publisher that is to get none', () => {
    const { world, counts } = listening();
    const { bytes } = world.publish(1, 0, 0, 5, 6);
    world.receive(1, 0, bytes, 10);
    world.receive(0, 0, bytes, 10);
    expect(counts()).toEqual({ received: 1, foreign: 1, damaged: 0, stray: 1 });
  });
});

test('whether own copies are owed is known when one has come, in whichever worker', () => {
  const everybody = {
    connections: 6,
    rooms: null,
    perConnection: 1,
    publishes: { room: null, ownCopy: 'auto' as const },
    readsSlowly: false,
  };
  for (const comes of [true, false]) {
    const world = new World([everybody], 3);
    for (let i = 0; i < 6; i++) world.arrive(0, i, -1);
    world.begin();
    for (let from = 0; from < 6; from++) {
      const { bytes } = world.publish(0, from, 0, 1000 * from, 1000 * from);
      for (let to = 0; to < 6; to++) {
        // Only one of the six copies to themselves comes: the other five are then lost.
        if (to !== from || (comes && from === 4)) world.receive(0, to, bytes, 1000 * from + 50);
      }
    }
    world.finish(10_000_000);
    expect(world.counter('broadcast.expected')).toBe(comes ? 36 : 30);
    expect(world.counter('broadcast.lost')).toBe(comes ? 5 : 0);
  }
});

test('a member that is not in the ledger is owed nothing, and its latencies count all the same', () => {
  const world = new World([LISTENERS, SPEAKERS], 2, (population) => population === 0);
  for (let i = 0; i < 4; i++) world.arrive(0, i, -1);
  for (let i = 0; i < 2; i++) world.arrive(1, i, -1);
  world.begin();
  const { bytes } = world.publish(1, 0, 0, 100, 100);
  for (const identity of [0, 2]) world.receive(0, identity, bytes, 300);
  world.finish(10_000_000);
  expect(world.counter('broadcast.expected')).toBe(2);
  expect(world.latencies('broadcast.delivery')).toEqual([200, 200]);
});

test('several messages in one frame all count', () => {
  const { world, counts } = listening();
  const sent = [0, 1, 2].map((k) => world.publish(1, 0, 0, 10 * k, 10 * k).bytes);
  const frame = Buffer.concat([
    Buffer.from('['),
    sent[0]!,
    Buffer.from(','),
    sent[1]!,
    Buffer.from(','),
    sent[2]!,
  ]);
  world.receive(0, 0, frame, 100);
  world.receive(0, 2, sent[0]!, 100);
  world.receive(0, 2, frame, 120);
  expect(counts()).toMatchObject({ received: 7, foreign: 0 });
  expect(world.counter('broadcast.duplicated')).toBe(1);
});

test('a forged marker hides no loss, and one from the future is damaged', () => {
  const { world, counts } = listening();
  const { bytes } = world.publish(1, 0, 0, 5, 6);
  const marker = new Marker();
  for (const sequence of [1, 2, 3, 4]) {
    marker.read(bytes, 0, bytes.length);
    marker.sequence = sequence;
    const forged = Buffer.alloc(MARKER_BYTES);
    marker.write(forged, 0);
    world.receive(0, 0, forged, 10);
  }
  marker.sequence = 5;
  marker.dueUs = 40e6;
  marker.sentUs = 40e6;
  const future = Buffer.alloc(MARKER_BYTES);
  marker.write(future, 0);
  world.receive(0, 0, future, 20);
  expect(counts()).toMatchObject({ received: 4, foreign: 1, damaged: 1 });
  world.finish(1_000_000);
  expect(world.counter('broadcast.lost')).toBe(0);
  // Two members were owed one message each, which neither got; four came that nobody had sent.
  expect(world.counter('broadcast.unowed')).toBe(2);
  expect(world.counter('broadcast.expected')).toBe(4);
});

test('an own copy that comes first in the drain is owed all the same', () => {
  const alone = {
    ...SPEAKERS,
    rooms: null,
    connections: 2,
    publishes: { room: null, ownCopy: 'auto' as const },
  };
  const world = new World([alone], 1);
  for (let i = 0; i < 2; i++) world.arrive(0, i, -1);
  world.begin();
  const { bytes } = world.publish(0, 0, 0, 5, 6);
  world.receive(0, 1, bytes, 10);
  world.tell();
  world.receive(0, 0, bytes, 20);
  world.settle(1_000_000);
  expect(world.counter('broadcast.expected')).toBe(2);
  expect(world.counter('broadcast.lost')).toBe(0);
});

test('no marker of a frame is overlooked because an earlier message had its own further back', () => {
  const { world, counts } = listening();
  const sent = [0, 1, 2].map((k) => world.publish(1, 0, 0, 10 * k, 10 * k).bytes);
  const padding = Buffer.alloc(MARKER_BYTES + 1, 'x');
  world.receive(0, 0, Buffer.concat([padding, sent[0]!]), 100);
  world.receive(0, 0, Buffer.concat([sent[1]!, Buffer.from(','), sent[2]!, Buffer.from(']')]), 120);
  expect(counts()).toMatchObject({ received: 3, foreign: 0 });
});
