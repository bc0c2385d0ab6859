import { describe, expect, test } from 'vitest';
import {
  answersHttp,
  call,
  dial,
  dialOpened,
  dialThrough,
  echoes,
  endedBy,
  type Peer,
  patiently,
  proxyBefore,
  Upstream,
} from './peers.js';

const FOR = { forUs: 60_000_000 };

describe('reset', () => {
  test('resets exactly its share of the open connections, on both sides, and leaves the others alone', async () => {
    const upstream = await Upstream.start(answersHttp);
    const proxy = await proxyBefore(upstream.port);
    const clients = await Promise.all(Array.from({ length: 50 }, () => dialOpened(proxy)));
    await proxy.apply({ kind: 'reset', share: 0.3, ...FOR });
    await expect.poll(() => endedBy(clients, 'reset'), patiently).toBe(15);
    await expect.poll(() => endedBy(upstream.peers, 'reset'), patiently).toBe(15);
    for (const client of clients.filter(({ seen }) => seen === null)) {
      client.send('.');
      await client.hears('HTTP/1.1 101 Whatever\r\n\r\n.');
    }
    expect(endedBy(clients, 'reset')).toBe(15);
    expect(await proxy.counts()).toMatchObject({ accepted: 50, opened: 50, dropped: 15, cutOff: 0 });
  });

  test('resets exactly its share of the connections that come, before the target sees them, until it is lifted', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    const fault = { kind: 'reset', share: 0.5, ...FOR } as const;
    await proxy.apply(fault);
    const clients: Peer[] = [];
    for (let i = 0; i < 20; i++) clients.push(call(proxy));
    await expect.poll(() => endedBy(clients, 'reset'), patiently).toBe(10);
    await expect.poll(() => upstream.peers.length, patiently).toBe(10);
    await proxy.lift(fault);
    for (let i = 0; i < 10; i++) {
      const [client, target] = await dialThrough(proxy, upstream);
      client.send('?');
      await client.hears('?');
      expect(target.seen).toBe(null);
    }
    expect(await proxy.counts()).toMatchObject({ accepted: 30, cutOff: 10, dropped: 0 });
  });

  test('a later one takes the place of the first, whose lifting does nothing to it', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    const first = { kind: 'reset', share: 0.01, ...FOR } as const;
    const second = { kind: 'reset', share: 1, ...FOR } as const;
    await proxy.apply(first);
    await proxy.apply(second);
    await proxy.lift(first);
    await call(proxy).sees('reset');
    await proxy.lift(second);
    const client = await dial(proxy);
    client.send('?');
    await client.hears('?');
  });
});

describe('disconnect', () => {
  test.each(['reset', 'fin'] as const)(
    'ends its share by %s, on both sides, and says how many',
    async (how) => {
      const upstream = await Upstream.start(answersHttp);
      const proxy = await proxyBefore(upstream.port);
      const clients = await Promise.all(Array.from({ length: 20 }, () => dialOpened(proxy)));
      expect(await proxy.disconnect({ share: 0.25, how })).toBe(5);
      await expect.poll(() => endedBy(clients, how), patiently).toBe(5);
      await expect.poll(() => endedBy(upstream.peers, how), patiently).toBe(5);
      expect(endedBy(clients, how === 'fin' ? 'reset' : 'fin')).toBe(0);
      expect(await proxy.counts()).toMatchObject({ opened: 20, dropped: 5, cutOff: 0 });
    },
  );

  test('a client that writes on after the FIN still sees a FIN, and no reset', async () => {
    const upstream = await Upstream.start(answersHttp);
    const proxy = await proxyBefore(upstream.port);
    const client = await dialOpened(proxy);
    await proxy.disconnect({ share: 1, how: 'fin' });
    await client.sees('fin');
    for (let i = 0; i < 5; i++) {
      client.send('a close frame, say');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    client.socket.end();
    await expect.poll(() => client.socket.closed, patiently).toBe(true);
    expect(client.seen).toBe('fin');
  });

  test('what was ended is not ended again: half of what is left is less than half of all', async () => {
    const upstream = await Upstream.start(answersHttp);
    const proxy = await proxyBefore(upstream.port);
    await Promise.all(Array.from({ length: 40 }, () => dialOpened(proxy)));
    const ended = [];
    for (let i = 0; i < 3; i++) ended.push(await proxy.disconnect({ share: 0.5, how: 'reset' }));
    expect(ended).toEqual([20, 10, 5]);
  });
});
