import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startServer } from '../../src/servers/start.js';
import { connectClient, openClient, patiently, requestUpgrade, serve, statsOf } from './running.js';

test('every handshake takes that much longer, all of them side by side, and none of it is CPU', async () => {
  const delayUs = 600_000;
  const server = await serve('echo', { handshake: { delayUs } });
  const before = process.cpuUsage();
  const startMs = performance.now();
  const tookMs = await Promise.all(
    Array.from({ length: 30 }, async () => {
      await openClient(server);
      return performance.now() - startMs;
    }),
  );
  const { user, system } = process.cpuUsage(before);
  expect(Math.min(...tookMs)).toBeGreaterThanOrEqual(delayUs / 1000);
  expect(Math.max(...tookMs)).toBeLessThan((30 * delayUs) / 1000 / 3);
  expect(user + system).toBeLessThan((30 * delayUs) / 3);
  expect(server.ledger).toMatchObject({ opened: 30, refused: {} });
});

test('what is open already is served meanwhile', async () => {
  const server = await serve('echo', { handshake: { delayUs: 1_500_000 } });
  const client = await openClient(server);
  const late = connectClient(server);
  await expect.poll(() => server.ledger.tcpConnections, patiently).toBe(2);
  client.send('x');
  await once(client, 'message');
  expect(late.readyState).toBe(late.CONNECTING);
  await once(late, 'open');
});

test('who has gone before the answer is no client', async () => {
  const server = await serve('echo', { handshake: { delayUs: 300_000 } });
  const socket = requestUpgrade(server.port, '/');
  await expect.poll(() => server.ledger.tcpConnections, patiently).toBe(1);
  socket.resetAndDestroy();
  await openClient(server);
  expect(server.ledger).toMatchObject({ opened: 1, refused: {} });
});

test('limits are asked when the wait is over', async () => {
  const server = await serve('echo', {
    handshake: { delayUs: 100_000 },
    limit: { connections: { most: 2 } },
  });
  for (let i = 0; i < 6; i++) connectClient(server);
  await expect.poll(() => server.ledger.refused, patiently).toEqual({ 503: 4 });
  expect(server.ledger.opened).toBe(2);
  expect(await statsOf(server)).toMatchObject({ turnedAway: 4 });
});

test('a server that stops leaves nobody waiting', async () => {
  const server = await startServer('echo', { handshake: { delayUs: 60_000_000 } });
  const client = connectClient(server);
  const refused = once(client, 'unexpected-response');
  await expect.poll(() => server.ledger.tcpConnections, patiently).toBe(1);
  // The request may come right behind its connection.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await server.stop();
  const [, response] = await refused;
  expect(response.statusCode).toBe(503);
});
