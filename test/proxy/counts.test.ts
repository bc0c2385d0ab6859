import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openClient, serve } from '../servers/running.js';
import {
  answer,
  answersHttp,
  attempt,
  aWhile,
  call,
  dial,
  endedBy,
  type Peer,
  patiently,
  proxyBefore,
  Upstream,
} from './peers.js';

describe('the ledger of the proxy', () => {
  test('agrees with what the clients have met, over hundreds of attempts of every fate', async () => {
    const upstream = await Upstream.start(answersHttp);
    const proxy = await proxyBefore(upstream.port);
    function come(n: number, request: string): Peer[] {
      return Array.from({ length: n }, () => {
        const client = call(proxy);
        client.send(request);
        return client;
      });
    }
    const opened = come(120, 'GET /101');
    const refused = come(40, 'GET /503');
    const limited = come(10, 'GET /429');
    const unanswered = come(30, 'nothing that is ever answered');
    for (const client of opened) await client.hears(answer(101));
    for (const client of refused) await client.hears(answer(503));
    for (const client of limited) await client.hears(answer(429));
    await expect.poll(() => upstream.peers.filter(({ text }) => text !== '').length, patiently).toBe(200);

    for (const client of [...refused, ...limited]) client.socket.end();
    for (const target of upstream.peers.filter(({ seen }) => seen === 'fin')) target.socket.end();
    await expect.poll(() => endedBy(upstream.peers, 'fin'), patiently).toBe(50);
    for (const target of upstream.peers.filter(({ seen }) => seen === 'fin')) target.socket.end();
    await expect.poll(() => endedBy([...refused, ...limited], 'fin'), patiently).toBe(50);

    const reset = { kind: 'reset', share: 0.5, forUs: 60_000_000 } as const;
    await proxy.apply(reset);
    const during = come(20, 'GET /101');
    await expect.poll(() => endedBy(during, 'reset'), patiently).toBe(10);
    await proxy.lift(reset);
    const cut = { opened: endedBy(opened, 'reset'), unanswered: endedBy(unanswered, 'reset') };
    expect(cut.opened + cut.unanswered).toBe(75);

    const refuse = { kind: 'refuse', forUs: 60_000_000 } as const;
    await proxy.apply(refuse);
    const outcomes = await Promise.all(Array.from({ length: 25 }, () => attempt(proxy)));
    expect(new Set(outcomes)).toEqual(new Set(['ECONNREFUSED']));
    await proxy.lift(refuse);

    await expect
      .poll(() => proxy.counts(), patiently)
      .toEqual({
        accepted: 120 + 40 + 10 + 30 + 20,
        opened: 120 + 10,
        refused: { 429: 10, 503: 40 },
        cutOff: cut.unanswered + 10,
        dropped: cut.opened,
        upstreamUnreachable: 0,
        failedLocally: 0,
        blackholed: 0,
        noticedByTargetUs: [],
      });
  });

  test("agrees with a reference server's own, which clients of ws reach through it", async () => {
    const server = await serve('echo');
    const proxy = await proxyBefore(server.port);
    const through = { port: proxy.port, scheme: 'ws', ca: null } as const;
    const clients = await Promise.all(Array.from({ length: 100 }, () => openClient(through)));
    expect(await proxy.disconnect({ share: 0.3, how: 'reset' })).toBe(30);
    await expect.poll(() => server.ledger.closed, patiently).toBe(30);
    for (const client of clients) client.close(1000);
    await expect.poll(() => server.ledger.closed, patiently).toBe(100);
    expect(clients.filter(({ readyState }) => readyState === WebSocket.OPEN)).toEqual([]);
    const counts = await proxy.counts();
    expect(counts).toMatchObject({ accepted: 100, opened: server.ledger.opened, dropped: 30, cutOff: 0 });
  });

  test('an answer that comes byte by byte is read all the same', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    const client = await dial(proxy);
    const target = await upstream.peer(0);
    for (const byte of 'HTTP/1.1 101 Switching') {
      target.send(byte);
      await aWhile(1);
    }
    await client.hears('HTTP/1.1 101 Switching');
    expect(await proxy.counts()).toMatchObject({ opened: 1, refused: {} });
  });

  test('under TLS it says nothing about upgrades, but knows who was answered', async () => {
    const upstream = await Upstream.start(answersHttp);
    const proxy = await proxyBefore(upstream.port, { secure: true });
    const [answered, waiting] = [await dial(proxy), await dial(proxy)];
    answered.send('GET /101');
    await answered.hears(answer(101));
    expect(await proxy.disconnect({ share: 1, how: 'fin' })).toBe(2);
    await waiting.sees('fin');
    expect(await proxy.counts()).toMatchObject({ opened: null, refused: {}, dropped: 1, cutOff: 1 });
  });

  test('a connection that ends without a byte is one that was accepted, and no more', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    const client = await dial(proxy);

    client.socket.destroy();
    await (await upstream.peer(0)).sees('fin');
    expect(await proxy.counts()).toMatchObject({ accepted: 1, opened: 0, refused: {}, cutOff: 0 });
  });
});
