import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { GivenServerOptions } from '../../src/servers/options.js';
import { forkReady } from './processes.js';
import {
  type Address,
  connectClient,
  endOf,
  openClient,
  patiently,
  serve,
  statsOf,
  whenAllClosed,
} from './running.js';

const CONNECTIONS = 200;
/** So much that what a connection takes anyway, and what the server itself takes while it starts, is small beside it. */
const EACH_BYTES = 256 * 1024;
const ALL_BYTES = CONNECTIONS * EACH_BYTES;

interface Memory {
  readonly rssBytes: number;
  readonly externalBytes: number;
}

async function memoryOf(server: Address): Promise<Memory> {
  const { memory } = await statsOf(server);
  if (typeof memory !== 'object' || memory === null) throw new Error('stats has no memory');
  return {
    rssBytes: Number(Reflect.get(memory, 'rssBytes')),
    externalBytes: Number(Reflect.get(memory, 'externalBytes')),
  };
}

async function openAll(server: Address): Promise<WebSocket[]> {
  const clients: WebSocket[] = [];
  for (let i = 0; i < CONNECTIONS; i += 50) {
    clients.push(...(await Promise.all(Array.from({ length: 50 }, () => openClient(server)))));
  }
  return clients;
}

async function closeAll(server: Address, clients: readonly WebSocket[]): Promise<void> {
  await Promise.all(
    clients.map((client) => {
      const closed = once(client, 'close');
      client.close();
      return closed;
    }),
  );
  await expect.poll(async () => (await statsOf(server)).openNow, patiently).toBe(0);
}

/** By how much the memory of a server has grown, as a share of what all its connections are to hold together. */
async function growth(options: GivenServerOptions) {
  const { child: _, ...server } = await forkReady('echo', options);
  const before = await memoryOf(server);
  const share = (name: keyof Memory, after: Memory) => (after[name] - before[name]) / ALL_BYTES;

  const clients = await openAll(server);
  const open = await memoryOf(server);
  const openStats = await statsOf(server);
  await closeAll(server, clients);
  const closed = await memoryOf(server);
  return {
    open: { rss: share('rssBytes', open), external: share('externalBytes', open) },
    closed: { rss: share('rssBytes', closed), external: share('externalBytes', closed) },
    openStats,
    closedStats: await statsOf(server),
  };
}

/** More or less: the server takes some for itself, and gives some back. */
function expectAll(share: number): void {
  expect(share).toBeGreaterThan(0.75);
  expect(share).toBeLessThan(1.5);
}

test('state is in RSS and in external memory while a connection is open, and no longer in RSS after it', async () => {
  const { open, closed, openStats, closedStats } = await growth({ stateBytes: EACH_BYTES });
  expectAll(open.rss);
  expectAll(open.external);
  expect(closed.rss).toBeLessThan(0.4);
  expect([openStats.stateBytes, closedStats.stateBytes]).toEqual([ALL_BYTES, 0]);
});

test('a leak is in RSS and in external memory, and stays there', async () => {
  const { open, closed, openStats, closedStats } = await growth({ leakBytes: EACH_BYTES });
  for (const { rss, external } of [open, closed]) {
    expectAll(rss);
    expectAll(external);
  }
  expect([openStats.leakedBytes, closedStats.leakedBytes]).toEqual([ALL_BYTES, ALL_BYTES]);
});

test('a server that holds nothing shows that these are not the connections themselves', async () => {
  const { open, closed, openStats } = await growth({});
  expect(open.rss).toBeLessThan(0.4);
  expect(closed.rss).toBeLessThan(0.4);
  expect(openStats).not.toHaveProperty('stateBytes');
});

test('who is turned away holds nothing', async () => {
  const limit = { connections: { most: 1, how: 'close' } } as const;
  const server = await serve('echo', { limit, stateBytes: 8192, leakBytes: 100 });
  const stays = await openClient(server);
  const late = connectClient(server);
  expect((await endOf(late)).code).toBe(1013);
  expect(await statsOf(server)).toMatchObject({ stateBytes: 8192, leakedBytes: 100 });
  stays.close();
  await whenAllClosed(server);
  expect(await statsOf(server)).toMatchObject({ stateBytes: 0, leakedBytes: 100 });
});
