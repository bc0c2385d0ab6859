import { expect, test } from 'vitest';
import { forkReady } from './processes.js';
import { openClient, patiently, statsOf } from './running.js';

/** Round-trip times of a message every 20 ms, in ms, until `stop` is called. */
async function probe(server: { port: number; scheme: 'ws' | 'wss'; ca: string | null }) {
  const client = await openClient(server);
  const roundTripsMs: number[] = [];
  client.on('message', (sentAt) => roundTripsMs.push(performance.now() - Number(sentAt)));
  const timer = setInterval(() => client.send(String(performance.now())), 20);
  return { roundTripsMs, stop: () => clearInterval(timer) };
}

test('a stall makes the clients of that time wait, once', async () => {
  const { child: _, ...server } = await forkReady('echo', { stall: { afterUs: 300_000, forUs: 800_000 } });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await statsOf(server)).toMatchObject({ stalls: 0 });

  const { roundTripsMs, stop } = await probe(server);
  await expect.poll(() => Math.max(...roundTripsMs), patiently).toBeGreaterThan(600);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  stop();
  expect(await statsOf(server)).toMatchObject({ stalls: 1 });
});

test('a stall with `every` comes again', async () => {
  const stall = { afterUs: 0, forUs: 50_000, everyUs: 100_000 };
  const { child: _, ...server } = await forkReady('heartbeat', { stall });
  await openClient(server);
  await expect.poll(async () => Number((await statsOf(server)).stalls), patiently).toBeGreaterThan(2);
});
