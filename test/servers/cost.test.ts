import { once } from 'node:events';
import { expect, test } from 'vitest';
import { connectClient, endOf, openClient, patiently, serve, statsOf } from './running.js';

/** What the process of this test, server and clients together, has had of the CPU since `before`. */
function cpuUsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

test('every message costs the CPU its time, and is echoed all the same', async () => {
  const messages = 100;
  const server = await serve('echo', { cost: { messageUs: 3000 } });
  const client = await openClient(server);
  const before = process.cpuUsage();
  const startMs = performance.now();
  let echoed = 0;
  client.on('message', () => echoed++);
  for (let i = 0; i < messages; i++) client.send('x');
  await expect.poll(() => echoed, patiently).toBe(messages);
  // While others have the core the time runs on, so the bound of the CPU is loose and that of the clock is not.
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(messages * 2.99);
  expect(cpuUsSince(before)).toBeGreaterThan(messages * 3000 * 0.3);
});

test('every connection costs the CPU its time once', async () => {
  const server = await serve('echo', { cost: { connectUs: 20_000 } });
  const before = process.cpuUsage();
  const startMs = performance.now();
  const clients = await Promise.all(Array.from({ length: 15 }, () => openClient(server)));
  // The last one is open before its own cost is paid.
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(14 * 19.99);
  expect(cpuUsSince(before)).toBeGreaterThan(14 * 20_000 * 0.3);

  const [client] = clients;
  const messagesStartMs = performance.now();
  client?.send('x');
  if (client !== undefined) await once(client, 'message');
  expect(performance.now() - messagesStartMs).toBeLessThan(1000);
});

test('the cost of what comes in goes with the work on what goes out', async () => {
  const server = await serve('broadcast', { cost: { messageUs: 100_000 }, workUs: 100_000 });
  const client = await openClient(server);
  const startMs = performance.now();
  client.send('"x"');
  await once(client, 'message');
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(199.9);
});

test('who is turned away costs nothing', async () => {
  const limit = { connections: { most: 1, how: 'close' } } as const;
  const server = await serve('echo', { limit, cost: { connectUs: 300_000 } });
  await openClient(server);
  await statsOf(server);
  const before = process.cpuUsage();
  for (let i = 0; i < 10; i++) await endOf(connectClient(server));
  await expect.poll(() => server.ledger.closed, patiently).toBe(10);
  expect(server.ledger.closesByCode).toEqual({ 1013: 10 });
  expect(cpuUsSince(before)).toBeLessThan(10 * 300_000);
});
