import { describe, expect, test } from 'vitest';
import { aWhile, dialThrough, echoes, type Peer, proxyBefore, Upstream } from './peers.js';

const FOR = { forUs: 60_000_000, share: 1 };
const LATENCY = { kind: 'latency', delayUs: 100_000, jitterUs: 0, ...FOR } as const;

/** In ms; a timer may come a fraction of one early. */
async function timeTo(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before + 1;
}

/** One line of 20 words, each in a chunk of its own. */
const WORDS = Array.from({ length: 20 }, (_, i) => `word ${i}, `);

async function say(peer: Peer, words: readonly string[]): Promise<void> {
  for (const word of words) {
    peer.send(word);
    await aWhile(2);
  }
}

describe('latency', () => {
  test('an answer takes the delay twice', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    const [client] = await dialThrough(proxy, upstream);
    await proxy.apply(LATENCY);
    client.send('?');
    expect(await timeTo(() => client.hears('?'))).toBeGreaterThanOrEqual(200);
  });

  test('jitter changes neither the bytes nor their order', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    const [client, target] = await dialThrough(proxy, upstream);
    await proxy.apply({ ...LATENCY, delayUs: 1000, jitterUs: 50_000 });
    await say(client, WORDS);
    await target.hears(WORDS.join(''));
  });

  test.each(['fin', 'reset'] as const)(
    'the end of a stream by %s comes late too, after the bytes before it',
    async (end) => {
      const upstream = await Upstream.start();
      const proxy = await proxyBefore(upstream.port);
      const [client, target] = await dialThrough(proxy, upstream);
      await proxy.apply(LATENCY);
      client.send('last words');
      await aWhile(20);
      if (end === 'fin') client.socket.end();
      else client.socket.resetAndDestroy();
      expect(await timeTo(() => target.sees(end))).toBeGreaterThanOrEqual(100);
      expect(target.text).toBe('last words');
    },
  );

  test('connections that are not of the share are not delayed, and after lifting nobody is', async () => {
    const upstream = await Upstream.start(echoes);
    const proxy = await proxyBefore(upstream.port);
    const [spared] = await dialThrough(proxy, upstream);
    const [delayed] = await dialThrough(proxy, upstream);
    const hour = { ...LATENCY, share: 0.5, delayUs: 3_600_000_000 };
    await proxy.apply(hour);
    spared.send('?');
    await spared.hears('?');
    await proxy.lift(hour);
    delayed.send('?');
    await delayed.hears('?');
  });
});

describe('bandwidth', () => {
  const size = 20_000;
  const RATE = { kind: 'bandwidth', bytesPerSecond: 50_000, ...FOR } as const;

  test('bytes take at least bytes / rate each way, and arrive unchanged', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    const [client, target] = await dialThrough(proxy, upstream);
    await proxy.apply(RATE);
    const bytes = Buffer.from(Array.from({ length: size }, (_, i) => i % 251));
    const took = await timeTo(async () => {
      client.socket.end(bytes);
      target.socket.end(bytes);
      await Promise.all([client.sees('fin'), target.sees('fin')]);
    });
    expect(took).toBeGreaterThanOrEqual((1000 * size) / RATE.bytesPerSecond);
    expect(took).toBeLessThan((5 * 1000 * size) / RATE.bytesPerSecond);
    expect([client.received.equals(bytes), target.received.equals(bytes)]).toEqual([true, true]);
  });

  test('the sender is held up', async () => {
    const upstream = await Upstream.start();
    const proxy = await proxyBefore(upstream.port);
    const [client, target] = await dialThrough(proxy, upstream);
    await proxy.apply(RATE);
    const bytes = Buffer.alloc(64 * 1024 * 1024, 'x');
    client.socket.end(bytes);
    await aWhile(300);
    expect(client.socket.writableLength).toBeGreaterThan(0);
    await proxy.lift(RATE);
    await target.sees('fin');
    expect(target.received.length).toBe(bytes.length);
  });
});

test('several faults at once add up: late and slow, and neither undoes the other', async () => {
  const upstream = await Upstream.start();
  const proxy = await proxyBefore(upstream.port);
  const [client, target] = await dialThrough(proxy, upstream);
  const slow = { kind: 'bandwidth', bytesPerSecond: 20_000, ...FOR } as const;
  await proxy.apply(LATENCY);
  await proxy.apply(slow);
  client.send(Buffer.alloc(4000, 'x'));
  expect(await timeTo(() => target.hears('x'.repeat(4000)))).toBeGreaterThanOrEqual(100 + 200);
  await proxy.lift(slow);
  client.send('y');
  expect(await timeTo(() => target.hears(`${'x'.repeat(4000)}y`))).toBeGreaterThanOrEqual(100);
});
