import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { GivenServerOptions } from '../../src/servers/options.js';
import { patiently, serve, statsOf, whenAllClosed } from './running.js';
import { settled, talk } from './talking.js';

const MESSAGES = 400;
const MESSAGE_BYTES = 100_000;
/** More than the kernel's socket buffers hold: the rest waits in the server. */
const ALL_BYTES = MESSAGES * MESSAGE_BYTES;
const ABOVE_BYTES = 1_000_000;

/** A speaker, a reader that keeps up with it, and a client that has stopped reading. */
async function oneStopsReading(options: GivenServerOptions) {
  const server = await serve('rooms', options);
  const [speaker, reader, slow] = [await talk(server), await talk(server), await talk(server)];
  slow.client.pause();
  const text = 'x'.repeat(MESSAGE_BYTES);
  for (let i = 0; i < MESSAGES; i++) {
    speaker.send({ type: 'message', room: 'lobby', text });
    // So that the reader does keep up.
    if (i % 10 === 9) await settled(reader);
  }
  await settled(speaker);
  await settled(reader);
  return { server, reader, slow };
}

async function queuesOf(server: { port: number }) {
  const { queues } = await statsOf(server);
  return queues as { sumBytes: number; largestBytes: number[]; longestBytes: number };
}

describe('a client that stops reading', () => {
  test('gets all of it in the end when nothing is done about it, and /stats shows its queue until then', async () => {
    const { server, reader, slow } = await oneStopsReading({});
    expect(server.ledger.delivery).toMatchObject({ delivered: 2 * MESSAGES, droppedSlow: 0 });
    expect(reader.texts.length).toBe(MESSAGES + 1);
    const { sumBytes, largestBytes, longestBytes } = await queuesOf(server);
    expect(largestBytes).toHaveLength(3);
    expect(largestBytes[0]).toBeGreaterThan(ABOVE_BYTES);
    expect(largestBytes.reduce((sum, bytes) => sum + bytes, 0)).toBe(sumBytes);
    expect(longestBytes).toBeGreaterThanOrEqual(largestBytes[0]!);
    expect(longestBytes).toBeLessThan(ALL_BYTES * 1.1);

    slow.client.resume();
    await expect.poll(() => slow.texts.length, patiently).toBe(MESSAGES + 1);
    expect(await queuesOf(server)).toEqual({ sumBytes: 0, largestBytes: [0, 0, 0], longestBytes });
  });

  test('gets no more copies than fit into its queue under drop-slow, and nobody else loses any', async () => {
    const slowOptions = { policy: 'drop-slow', aboveBytes: ABOVE_BYTES } as const;
    const { server, reader, slow } = await oneStopsReading({ slow: slowOptions });
    expect(reader.texts.length).toBe(MESSAGES + 1);
    const { delivered, droppedSlow } = server.ledger.delivery;
    expect(droppedSlow).toBeGreaterThan(MESSAGES / 4);
    expect(delivered + droppedSlow).toBe(2 * MESSAGES);
    expect((await queuesOf(server)).longestBytes).toBeLessThan(ABOVE_BYTES + 1.1 * MESSAGE_BYTES);

    slow.client.resume();
    await settled(slow);
    expect(slow.texts.length).toBe(1 + delivered - MESSAGES);
  });

  test('is closed with 1013 under disconnect-slow, and cut off when it does not read even that', async () => {
    const slowOptions = { policy: 'disconnect-slow', aboveBytes: ABOVE_BYTES } as const;
    const { server, reader, slow } = await oneStopsReading({ slow: slowOptions });
    expect(reader.texts.length).toBe(MESSAGES + 1);
    await expect.poll(() => server.ledger.closed, patiently).toBe(1);
    expect(server.ledger.closesByCode).toEqual({ 1013: 1 });
    expect(server.ledger.delivery.droppedSlow).toBe(1);
    const closed = once(slow.client, 'close');
    slow.client.resume();
    expect((await closed)[0]).toBe(1006);
    reader.client.close();
  });

  test('reads why it was disconnected if it goes on reading in time', async () => {
    const server = await serve('broadcast', { slow: { policy: 'disconnect-slow', aboveBytes: 0 } });
    const [speaker, slow] = [await talk(server), await talk(server)];
    slow.client.pause();
    const closed = once(slow.client, 'close');
    const payload = Buffer.alloc(MESSAGE_BYTES);
    while (server.ledger.delivery.droppedSlow === 0) {
      speaker.client.send(payload);
      await settled(speaker);
    }
    slow.client.resume();
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([1013, 'too slow']);
    for (const { client } of [speaker, slow]) client.close();
    await whenAllClosed(server);
  });
});
