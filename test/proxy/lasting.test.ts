import { expect, test } from 'vitest';
import type { RunningProxy } from '../../dist/proxy/proxy.js';
import { nowUs } from '../../src/clock.js';
import type { FaultParts } from '../../src/faults/fault.js';
import { lasting } from '../../src/faults/lasting.js';
import type { ProxyFaultSpec } from '../../src/scenario/faultSpec.js';
import { attachUrl } from '../../src/target/url.js';
import { attempt, call, dialThrough, echoes, proxyBefore, Upstream } from './peers.js';

const FOR_US = 300_000;
const SHARED = { forUs: FOR_US, share: 0.3 };

/** What a run gives to a fault, and what the fault has told it. */
async function runWith(proxy: RunningProxy | null, port: number) {
  const told: string[] = [];
  const background: Array<Promise<void>> = [];
  const parts: FaultParts = {
    startUs: nowUs(),
    target: await attachUrl(
      { kind: 'url', url: `ws://127.0.0.1:${port}/`, pid: null },
      {
        logFile: '',
        waitUs: 0,
        measuresMemory: false,
        keepsLedger: false,
        allowTargets: [],
        onExit: () => {},
      },
    ),
    proxy,
    logFile: '',
    disconnectClients: () => {},
    until: (instantUs) => new Promise((resolve) => setTimeout(resolve, (instantUs - nowUs()) / 1000)),
    background: (rest) => background.push(rest),
    targetDown: () => {},
    targetUp: () => {},
    done: (detail) => told.push(detail),
    failed: (detail) => told.push(`failed: ${detail}`),
    notMended: (detail) => told.push(`not mended: ${detail}`),
  };
  return { parts, told, isOver: () => Promise.all(background) };
}

test('a fault of the proxy is in force when the timeline goes on, and is lifted when its time is over', async () => {
  const upstream = await Upstream.start(echoes);
  const proxy = await proxyBefore(upstream.port);
  const { parts, told, isOver } = await runWith(proxy, upstream.port);
  await lasting({ kind: 'refuse', forUs: FOR_US }, parts);
  expect(await attempt(proxy)).toBe('ECONNREFUSED');
  await isOver();
  expect(nowUs() - parts.startUs).toBeGreaterThanOrEqual(FOR_US - 1000);
  await dialThrough(proxy, upstream);
  expect(told).toEqual(['the proxy refuses new connections for 0.3 s', 'refuse is lifted']);
});

test('a fault that another of its kind has replaced does not end that one with its own time', async () => {
  const upstream = await Upstream.start(echoes);
  const proxy = await proxyBefore(upstream.port);
  const { parts, isOver } = await runWith(proxy, upstream.port);
  await lasting({ kind: 'reset', share: 1, forUs: 50_000 }, parts);
  const { parts: later } = await runWith(proxy, upstream.port);
  await lasting(
    { kind: 'reset', share: 1, forUs: 3_600_000_000 },
    { ...later, until: () => new Promise(() => {}) },
  );
  await isOver();
  await call(proxy).sees('reset');
});

test.each<[ProxyFaultSpec, string]>([
  [{ kind: 'reset', ...SHARED }, 'the proxy resets 30 % of the connections for 0.3 s'],
  [{ kind: 'blackhole', ...SHARED }, 'the proxy lets nothing through on 30 % of the connections for 0.3 s'],
  [
    { kind: 'latency', ...SHARED, delayUs: 20_000, jitterUs: 5000 },
    'the proxy delays 30 % of the connections for 0.3 s by 20 to 25 ms each way',
  ],
  [
    { kind: 'bandwidth', ...SHARED, bytesPerSecond: 1024 },
    'the proxy slows 30 % of the connections for 0.3 s to 1024 B/s each way',
  ],
  [
    { kind: 'slow-accept', forUs: FOR_US, perSecond: 50 },
    'the proxy accepts 50 connections a second for 0.3 s',
  ],
])('%o is done, said and lifted', async (spec, words) => {
  const upstream = await Upstream.start(echoes);
  const proxy = await proxyBefore(upstream.port);
  const { parts, told, isOver } = await runWith(proxy, upstream.port);
  await lasting(spec, parts);
  await isOver();
  expect(told).toEqual([words, `${spec.kind} is lifted`]);
  const [client] = await dialThrough(proxy, upstream);
  client.send('?');
  await client.hears('?');
});

test('without a proxy, and with one that has died, it fails with a reason and does not throw', async () => {
  const upstream = await Upstream.start();
  const proxy = await proxyBefore(upstream.port);
  const without = await runWith(null, upstream.port);
  await lasting({ kind: 'refuse', forUs: FOR_US }, without.parts);
  const dying = await runWith(proxy, upstream.port);
  await lasting({ kind: 'refuse', forUs: FOR_US }, dying.parts);
  await proxy.stop();
  await dying.isOver();
  const dead = await runWith(proxy, upstream.port);
  await lasting({ kind: 'refuse', forUs: FOR_US }, dead.parts);
  expect(without.told).toEqual(['failed: refuse needs the fault proxy before the target: through: proxy']);
  expect(dying.told[1]).toBe('not mended: refuse could not be lifted: the fault proxy has ended');
  expect(dead.told).toEqual(['failed: refuse could not be brought about: the fault proxy has ended']);
});
