import { describe, expect, test } from 'vitest';
import {
  answersHttp,
  attempt,
  aWhile,
  call,
  dial,
  dialOpened,
  dialThrough,
  echoes,
  patiently,
  proxyBefore,
  Upstream,
} from './peers.js';

const REFUSE = { kind: 'refuse', forUs: 60_000_000 } as const;

describe('refuse', () => {
  test('refuses whoever connects, keeps the open connections alive, and lets in again when lifted', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    const [client] = await dialThrough(proxy, upstream);
    await proxy.apply(REFUSE);
    expect(await Promise.all([attempt(proxy), attempt(proxy)])).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
    client.send('still here');
    await client.hears('still here');
    await proxy.lift(REFUSE);
    expect(await attempt(proxy)).toBe('connected');
    // The kernel completes a handshake before the proxy hears of it.
    await expect.poll(() => proxy.counts()).toMatchObject({ accepted: 2, cutOff: 0, dropped: 0 });
  });

  test('whoever was accepted before it is served, however many came at once', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    const clients = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const client = await dial(proxy);
        client.send('?');
        return client;
      }),
    );
    await proxy.apply(REFUSE);
    for (const client of clients) await client.hears('?');
    expect(await proxy.counts()).toMatchObject({ accepted: 200 });
  });
});

describe('a target that is down', () => {
  test('attempts are refused while the proxy is told so, and open connections end as their sockets do', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    const [kept] = await dialThrough(proxy, upstream);
    const [lost, target] = await dialThrough(proxy, upstream);
    await proxy.setUpstream(false);
    expect(await attempt(proxy)).toBe('ECONNREFUSED');
    target.socket.resetAndDestroy();
    await lost.sees('reset');
    kept.send('?');
    await kept.hears('?');
    await proxy.setUpstream(true);
    await dialThrough(proxy, upstream);
    expect(await proxy.counts()).toMatchObject({ accepted: 3, upstreamUnreachable: 0, dropped: 0 });
  });

  test('refused stays refused when the target is up again', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    await proxy.apply(REFUSE);
    await proxy.setUpstream(false);
    await proxy.setUpstream(true);
    expect(await attempt(proxy)).toBe('ECONNREFUSED');
    await proxy.setUpstream(false);
    await proxy.lift(REFUSE);
    expect(await attempt(proxy)).toBe('ECONNREFUSED');
    await proxy.setUpstream(true);
    expect(await attempt(proxy)).toBe('connected');
  });

  test('found out by the proxy itself: one is reset and counted, the next are refused, until it accepts again', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    upstream.stop();
    await call(proxy).sees('reset');
    await expect.poll(() => attempt(proxy), patiently).toBe('ECONNREFUSED');
    const { accepted, upstreamUnreachable } = (await proxy.counts())!;
    expect(upstreamUnreachable).toBe(accepted);
    const again = await Upstream.start(answersHttp, upstream.port);
    await expect.poll(() => attempt(proxy), patiently).toBe('connected');
    await dialOpened(proxy);
    expect(await proxy.counts()).toMatchObject({ upstreamUnreachable, opened: 1 });
    // What the proxy has tried the target with has ended without a byte.
    expect(again.peers.filter(({ text }) => text !== '')).toHaveLength(1);
  });
});

describe('slow-accept', () => {
  const PACE = { kind: 'slow-accept', forUs: 60_000_000, perSecond: 20 } as const;

  test('accepts no faster than told; the others wait in the queue and are served when it is lifted', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    await proxy.apply(PACE);
    const before = performance.now();
    const clients = await Promise.all(Array.from({ length: 100 }, () => dial(proxy)));
    for (const client of clients) client.send('?');
    const served = () => clients.filter(({ text }) => text === '?').length;
    await aWhile(1000);
    const { accepted } = (await proxy.counts())!;
    const seconds = (performance.now() - before) / 1000;
    expect(accepted).toBeLessThanOrEqual(Math.ceil(seconds * PACE.perSecond) + 2);
    expect(accepted).toBeGreaterThanOrEqual(5);
    await expect.poll(served, patiently).toBeGreaterThanOrEqual(accepted);
    await proxy.lift(PACE);
    await expect.poll(served, patiently).toBe(100);
    expect(clients.filter(({ seen }) => seen !== null)).toEqual([]);
    expect(await proxy.counts()).toMatchObject({ accepted: 100, upstreamUnreachable: 0 });
  });

  test('nobody is refused while it begins or ends', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    const fast = { ...PACE, perSecond: 1000 };
    const outcomes: string[] = [];
    let over = false;
    async function keepTrying(): Promise<void> {
      while (!over) {
        outcomes.push(await attempt(proxy));
        // Slower than the pace, so that the queue does not fill.
        await aWhile(4);
      }
    }
    const trying = keepTrying();
    for (let i = 0; i < 3; i++) {
      await proxy.apply(fast);
      await aWhile(50);
      await proxy.lift(fast);
    }
    over = true;
    await trying;
    expect(new Set(outcomes)).toEqual(new Set(['connected']));
    await expect.poll(async () => (await proxy.counts())?.accepted, patiently).toBe(outcomes.length);
  });

  test('a connection that was accepted slowly ends as any other, and carries every byte', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    await proxy.apply(PACE);
    const [client, target] = await dialThrough(proxy, upstream);
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
    client.socket.end(bytes);
    await target.sees('fin');
    expect(target.received.equals(bytes)).toBe(true);
    target.send('half-open still');
    await client.hears('half-open still');
  });

  test('its queue overflows for real: a connection past it is not made before there is room', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    const crawl = { ...PACE, perSecond: 2 };
    await proxy.apply(crawl);
    let connected = 0;
    const dialling = Array.from({ length: 300 }, async () => {
      await dial(proxy);
      connected++;
    });
    await aWhile(500);
    expect(connected).toBeGreaterThan(100);
    expect(connected).toBeLessThan(200);
    await proxy.lift(crawl);
    await Promise.all(dialling);
  });

  test('with refuse over it everybody is refused, and when that is lifted it is slow again', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    const crawl = { ...PACE, perSecond: 2 };
    await proxy.apply(crawl);
    await proxy.apply(REFUSE);
    expect(await attempt(proxy)).toBe('ECONNREFUSED');
    await proxy.lift(REFUSE);
    await Promise.all(Array.from({ length: 30 }, () => dial(proxy)));
    expect((await proxy.counts())?.accepted).toBeLessThan(20);
  });
});
