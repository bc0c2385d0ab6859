import { once } from 'node:events';
import { createConnection, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { RunningServer } from '../../dist/servers/reference.js';
import { startServer } from '../../dist/servers/start.js';
import { run } from '../support/cli.js';
import { counter, expectIdentities } from '../support/identities.js';
import { scenarioFile } from '../support/scratch.js';

const stops: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** So many servers that forward to each other. */
async function serveInstances(instances: number): Promise<readonly RunningServer[]> {
  const servers = await Promise.all(
    Array.from({ length: instances }, () => startServer('rooms', { bus: `instances-${instances}` })),
  );
  stops.push(...servers.map((server) => () => server.stop()));
  return servers;
}

/** One address for several servers: connections go to them in turn. */
async function frontOf(servers: readonly RunningServer[]): Promise<number> {
  let next = 0;
  const front: Server = createServer((socket) => {
    const behind = createConnection({ host: '127.0.0.1', port: servers[next++ % servers.length]!.port });
    socket.pipe(behind).pipe(socket);
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  stops.push(async () => front.close());
  const address = front.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

async function ledgerOf(port: number) {
  const file = scenarioFile({
    version: 1,
    target: { url: `ws://127.0.0.1:${port}/` },
    dialect: 'chat-b',
    populations: {
      listeners: { connections: 30, join: { rooms: 3 } },
      speakers: { connections: 6, join: { rooms: 3 }, publish: { every: '100ms', burst: 2 } },
    },
    timeline: [{ ramp: {} }, { hold: '2s' }, { drain: '5s' }],
  });
  const { result, stderr } = await run(['run', file, '--workers', '2', '--allow-saturated']);
  expect(result, stderr).toBeDefined();
  expectIdentities(result);
  const published = counter(result.metrics, 'broadcast.published');
  expect(published).toBeGreaterThan(100);
  return {
    owedPerMessage: counter(result.metrics, 'broadcast.expected') / published,
    receivedPerMessage: counter(result.metrics, 'broadcast.received') / published,
    lost: counter(result.metrics, 'broadcast.lost'),
    duplicated: counter(result.metrics, 'broadcast.duplicated'),
    outOfOrder: counter(result.metrics, 'broadcast.outOfOrder'),
    foreign: counter(result.metrics, 'broadcast.foreign'),
    complete: counter(result.metrics, 'broadcast.complete') / published,
    published,
  };
}

test('two servers that forward to each other show the same ledger as one', async () => {
  const [alone] = await serveInstances(1);
  const pair = await serveInstances(2);
  const [one, two] = await Promise.all([ledgerOf(alone!.port), ledgerOf(await frontOf(pair))]);
  const expected = { owedPerMessage: 11, receivedPerMessage: 11, lost: 0, duplicated: 0, outOfOrder: 0 };
  expect(one).toMatchObject({ ...expected, foreign: 0, complete: 1 });
  expect(two).toMatchObject({ ...expected, foreign: 0, complete: 1 });
  // Both served: what one of them took in, the other one's clients got too.
  for (const { ledger } of pair) expect(ledger.opened).toBe(18);
  expect(pair.reduce((sum, { ledger }) => sum + ledger.delivery.published, 0)).toBe(two.published);
  expect(pair.reduce((sum, { ledger }) => sum + ledger.delivery.delivered, 0)).toBe(two.published * 11);
});

test('between workers a message never takes less time than the server held it, whichever way it goes', async () => {
  const HELD_US = 30_000;
  const publish = { every: '50ms', size: '64B' };
  const file = scenarioFile({
    version: 1,
    target: { server: 'rooms', options: { delay: '30ms' } },
    // The first of each population goes to another worker.
    populations: {
      here: { connections: 1, join: { rooms: 1 }, publish },
      there: { connections: 1, join: { rooms: 1 }, publish },
    },
    timeline: [{ ramp: {} }, { hold: '2s' }, { drain: '2s' }],
  });
  const { result } = await run(['run', file, '--workers', '2', '--allow-saturated']);
  expect(result.plan.shards.map(({ connections }) => connections)).toEqual([
    { here: 1, there: 0 },
    { here: 0, there: 1 },
  ]);
  for (const name of ['here', 'there']) {
    const service = result.populations[name]?.metrics['broadcast.service'];
    if (service?.kind !== 'histogram') throw new Error('nothing was received');
    expect(service.count).toBeGreaterThan(20);
    // Were one thread's clock ahead of the other's, one of the two ways would seem shorter by as much.
    expect(service.min).toBeGreaterThanOrEqual(HELD_US * 0.999);
  }
});
