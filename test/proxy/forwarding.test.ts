import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endSocket } from '../../src/proxy/endings.js';
import { aWhile, dial, dialThrough, echoes, type Peer, patiently, proxyBefore, Upstream } from './peers.js';

const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 100_000 }), { minLength: 1, maxLength: 8 });

async function sendAll(peer: Peer, parts: readonly Uint8Array[]): Promise<Buffer> {
  for (const part of parts) {
    peer.send(Buffer.from(part));
    // Most chunks on their own, some joined with the next.
    if (part.length % 4 !== 0) await new Promise(setImmediate);
  }
  peer.socket.end();
  return Buffer.concat(parts);
}

describe('without a fault', () => {
  test('both directions carry any bytes in any chunks unchanged, and end when their sender ends them', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    await fc.assert(
      fc.asyncProperty(chunks, chunks, async (up, down) => {
        const [client, target] = await dialThrough(proxy, upstream);
        const [sentUp, sentDown] = await Promise.all([sendAll(client, up), sendAll(target, down)]);
        await Promise.all([client.sees('fin'), target.sees('fin')]);
        expect(target.received.equals(sentUp)).toBe(true);
        expect(client.received.equals(sentDown)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  test('a stream that its client has ended can still be answered', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    const [client, target] = await dialThrough(proxy, upstream);
    client.socket.end('question');
    await target.sees('fin');
    expect(target.text).toBe('question');
    target.socket.end('answer');
    await client.sees('fin');
    expect(client.text).toBe('answer');
  });

  test('what a client sends and ends before the target is connected arrives', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    // Written before it is connected itself, so that bytes and FIN follow the handshake without a gap.
    connect({ port: proxy.port, host: '127.0.0.1' }).end('at once');
    const target = await upstream.peer(0);
    await target.sees('fin');
    expect(target.text).toBe('at once');
  });

  test.each(['client', 'target'])('a reset by the %s arrives as a reset', async (who) => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    const [client, target] = await dialThrough(proxy, upstream);
    const [from, to] = who === 'client' ? [client, target] : [target, client];
    from.socket.resetAndDestroy();
    await to.sees('reset');
  });

  test('a connection that its target has accepted and we have not heard of is reset like any other', async () => {
    const upstream = await Upstream.start();
    const socket = connect({ port: upstream.port, host: '127.0.0.1' });
    // The kernel is asked for it in the next tick, and tells of it when the event loop comes round.
    await new Promise((resolve) => process.nextTick(() => process.nextTick(resolve)));
    expect(socket.connecting).toBe(true);
    endSocket(socket, 'reset');
    const target = await upstream.peer(0);
    await target.sees('reset');
  });

  test('a reset after the end of a stream is passed on too', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    const [client, target] = await dialThrough(proxy, upstream);
    client.socket.end();
    await target.sees('fin');
    client.socket.resetAndDestroy();
    await expect
      .poll(() => {
        target.send('are you there?');
        return target.seen;
      }, patiently)
      .toBe('reset');
  });

  test('a receiver that does not read holds its sender up, and loses nothing', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    const [client, target] = await dialThrough(proxy, upstream);
    target.socket.pause();
    const part = Buffer.alloc(1024 * 1024, 'x');
    let written = 0;
    while (written < 64 && client.socket.writableLength < 4 * part.length) {
      client.send(part);
      written++;
      await aWhile(10);
    }
    expect(written).toBeLessThan(64);
    target.socket.resume();
    client.socket.end();
    await target.sees('fin');
    expect(target.received.length).toBe(written * part.length);
  });

  test('hundreds of connections at once each get their own bytes', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    const clients = await Promise.all(
      Array.from({ length: 300 }, async (_, i) => {
        const client = await dial(proxy);
        client.send(`I am ${i}`);
        return client;
      }),
    );
    for (const [i, client] of clients.entries()) await client.hears(`I am ${i}`);
    expect(await proxy.counts()).toMatchObject({ accepted: 300, opened: 0, refused: {}, cutOff: 0 });
  });
});
