import { describe, expect, test } from 'vitest';
import {
  answersHttp,
  aWhile,
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

const ALL = { kind: 'blackhole', share: 1, forUs: 60_000_000 } as const;

describe('blackhole', () => {
  test('nothing comes through in either direction; when it is lifted everything does, in order', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    const [client, target] = await dialThrough(proxy, upstream);
    await proxy.apply(ALL);
    for (const word of ['one ', 'two ', 'three']) {
      client.send(`up ${word}`);
      target.send(`down ${word}`);
      await aWhile(30);
    }
    expect([client.text, target.text]).toEqual(['', '']);
    await proxy.lift(ALL);
    await target.hears('up one up two up three');
    await client.hears('down one down two down three');
    expect(await proxy.counts()).toMatchObject({ blackholed: 1, noticedByTargetUs: [], dropped: 0 });
  });

  test('the end of one side is not passed on, and the other is reset when it is lifted', async () => {
    const upstream = await Upstream.start(answersHttp);
    const proxy = await proxyBefore(upstream.port);
    const clients = [await dialOpened(proxy), await dialOpened(proxy), await dialOpened(proxy)];
    await proxy.apply(ALL);
    clients[0]!.socket.end();
    clients[1]!.socket.resetAndDestroy();
    await aWhile();
    expect(upstream.peers.map(({ seen }) => seen)).toEqual([null, null, null]);
    await proxy.lift(ALL);
    await expect
      .poll(() => upstream.peers.map(({ seen }) => seen), patiently)
      .toEqual(['reset', 'reset', null]);
    expect(clients[2]!.seen).toBe(null);
    // They have left by themselves.
    expect(await proxy.counts()).toMatchObject({ blackholed: 3, dropped: 0, cutOff: 0 });
  });

  test('says how long it took the target to notice, and drops the client of that connection when it is lifted', async () => {
    const upstream = await Upstream.start(answersHttp);
    const proxy = await proxyBefore(upstream.port);
    const clients = [await dialOpened(proxy), await dialOpened(proxy)];
    await proxy.apply(ALL);
    await aWhile(200);
    upstream.peers[1]!.socket.end();
    await aWhile(100);
    upstream.peers[0]!.socket.resetAndDestroy();
    await expect.poll(async () => (await proxy.counts())?.noticedByTargetUs.length, patiently).toBe(2);
    expect(clients.map(({ seen }) => seen)).toEqual([null, null]);
    const [first = 0, second = 0] = (await proxy.counts())?.noticedByTargetUs ?? [];
    expect(first).toBeGreaterThanOrEqual(190_000);
    expect(second - first).toBeGreaterThanOrEqual(90_000);
    await proxy.lift(ALL);
    await expect.poll(() => endedBy(clients, 'reset'), patiently).toBe(2);
    expect(await proxy.counts()).toMatchObject({ blackholed: 2, dropped: 2 });
  });

  test('a target that is taken down has noticed nothing', async () => {
    const upstream = await Upstream.start(answersHttp);
    const proxy = await proxyBefore(upstream.port);
    await dialOpened(proxy);
    await proxy.apply(ALL);
    await proxy.setUpstream(false);
    upstream.peers[0]!.socket.resetAndDestroy();
    await aWhile();
    expect(await proxy.counts()).toMatchObject({ blackholed: 1, noticedByTargetUs: [] });
  });

  test('a new connection is accepted and meets silence; the target sees it when it is lifted', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    await proxy.apply(ALL);
    const [patient, impatient] = [await dial(proxy), await dial(proxy)];
    patient.send('hello?');
    impatient.socket.end('hello?');
    await aWhile();
    expect([upstream.peers.length, patient.text, patient.seen]).toEqual([0, '', null]);
    await proxy.lift(ALL);
    await patient.hears('hello?');
    expect(upstream.peers).toHaveLength(1);
  });

  test('falls on exactly its share of the open connections, and of those that come', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    const old: Peer[] = [];
    for (let i = 0; i < 10; i++) old.push((await dialThrough(proxy, upstream))[0]);
    await proxy.apply({ ...ALL, share: 0.4 });
    const fresh: Peer[] = [];
    for (let i = 0; i < 5; i++) fresh.push(await dial(proxy));
    for (const client of [...old, ...fresh]) client.send('?');
    const answered = (clients: readonly Peer[]) => clients.filter(({ text }) => text === '?').length;
    await expect.poll(() => [answered(old), answered(fresh)], patiently).toEqual([6, 3]);
    await aWhile();
    expect([answered(old), answered(fresh)]).toEqual([6, 3]);
    expect(await proxy.counts()).toMatchObject({ accepted: 15, blackholed: 6 });
  });

  test('a sender that writes on and on is held up, not remembered without end', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    const [client, target] = await dialThrough(proxy, upstream);
    await proxy.apply(ALL);
    const size = 64 * 1024 * 1024;
    client.socket.end(Buffer.alloc(size, 'x'));
    await aWhile(300);
    // The kernel's buffers of both ends and ours hold some of it.
    expect(client.socket.writableLength).toBeGreaterThan(size / 2);
    await proxy.lift(ALL);
    await target.sees('fin');
    expect(target.received.length).toBe(size);
  });
});
