import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { HttpLoop, type HttpLoopOptions } from '../../src/target/httpLoop.js';
import { patiently, serve } from '../servers/running.js';
import { unusedPort } from '../support/processes.js';

const loops: HttpLoop[] = [];
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(loops.splice(0).map((loop) => loop.stop(0)));
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return port;
}

function listenHttp(answer: RequestListener): Promise<number> {
  return listen(createServer(answer));
}

/** What the loop has told, until the end of the test. */
function loopOn(href: string, given: Partial<HttpLoopOptions> = {}) {
  const told = {
    requests: 0,
    statuses: [] as number[],
    latenciesUs: [] as number[],
    errors: 0,
    waitedUs: [] as number[],
  };
  const options = { path: '/healthz', connections: 2, pauseUs: 1000, deadlineUs: 10_000_000, ...given };
  const loop = new HttpLoop({ url: new URL(href), address: '127.0.0.1' }, options, {
    onRequest() {
      told.requests++;
    },
    onAnswer(status, latencyUs) {
      told.statuses.push(status);
      told.latenciesUs.push(latencyUs);
    },
    onError() {
      told.errors++;
    },
    onTimeout(waitedUs) {
      told.waitedUs.push(waitedUs);
    },
  });
  loops.push(loop);
  return { loop, told };
}

test('every request is told of once when it is sent and once when it is answered, and the server has seen each', async () => {
  const server = await serve('echo');
  const { loop, told } = loopOn(`ws://127.0.0.1:${server.port}/`);
  await expect.poll(() => told.requests, patiently).toBeGreaterThan(100);
  await loop.stop(5_000_000);
  expect(told.statuses).toEqual(told.statuses.map(() => 200));
  expect(told.statuses).toHaveLength(told.requests);
  expect({ errors: told.errors, waitedUs: told.waitedUs }).toEqual({ errors: 0, waitedUs: [] });
  expect(server.ledger).toMatchObject({ httpRequests: told.requests, tcpConnections: 2 });
  expect(told.latenciesUs.every((us) => Number.isInteger(us) && us > 0)).toBe(true);
});

test('the request is for the path as it is written, under the host that the URL names', async () => {
  const seen = new Set<string>();
  const port = await listenHttp((request, response) => {
    seen.add(`${request.method} ${request.url} ${request.headers.host}`);
    response.end();
  });
  const { told } = loopOn(`ws://localhost:${port}/socket`, { path: '//health?of=all' });
  await expect.poll(() => told.statuses.length, patiently).toBeGreaterThan(1);
  expect([...seen]).toEqual([`GET //health?of=all localhost:${port}`]);
});

test('a server with TLS is asked over TLS', async () => {
  const server = await serve('echo', { tls: true });
  const { loop, told } = loopOn(`wss://localhost:${server.port}/`);
  await expect.poll(() => told.statuses.length, patiently).toBeGreaterThan(10);
  await loop.stop(5_000_000);
  expect(server.ledger.httpRequests).toBe(told.requests);
  expect(told.errors).toBe(0);
});

test('on a port where nobody listens each connection fails ten times a second at most, and the loop stays idle', async () => {
  const { loop, told } = loopOn(`ws://127.0.0.1:${await unusedPort()}/`, { connections: 4 });
  const before = process.cpuUsage();
  await sleep(2000);
  await loop.stop(0);
  const { user, system } = process.cpuUsage(before);
  expect(told.errors).toBe(told.requests);
  expect(told.errors).toBeGreaterThanOrEqual(8);
  expect(told.errors).toBeLessThanOrEqual(4 * 21);
  expect(told.statuses).toEqual([]);
  // A loop that spins takes all of the 2 s.
  expect(user + system).toBeLessThan(1_000_000);
});

test('a server that ends every connection without an answer is asked ten times a second at most', async () => {
  let accepted = 0;
  const port = await listen(
    createTcpServer((socket) => {
      accepted++;
      socket.end();
      socket.on('error', () => {});
    }),
  );
  const { loop, told } = loopOn(`ws://127.0.0.1:${port}/`, { connections: 1 });
  await expect.poll(() => told.errors, patiently).toBeGreaterThanOrEqual(5);
  const before = { accepted, errors: told.errors };
  await sleep(1000);
  expect(told.errors - before.errors).toBeLessThanOrEqual(11);
  await loop.stop(0);
  expect(told).toMatchObject({ errors: told.requests, statuses: [] });
  // One connection for each request, and none beside.
  expect(accepted).toBe(told.requests);
});

test('a connection that the server ends with its answer is no error, and is opened again', async () => {
  let served = 0;
  const port = await listenHttp((_request, response) => {
    served++;
    response.setHeader('Connection', 'close');
    response.end('ok');
  });
  const { loop, told } = loopOn(`ws://127.0.0.1:${port}/`);
  await expect.poll(() => told.statuses.length, patiently).toBeGreaterThan(5);
  await loop.stop(5_000_000);
  expect(told.errors).toBe(0);
  expect([served, told.statuses.length]).toEqual([told.requests, told.requests]);
});

test.each([
  ['ended', (socket: Socket) => socket.destroy()],
  ['reset', (socket: Socket) => socket.resetAndDestroy()],
])(
  'a connection that is %s while its request is under way is one error, and the next request is measured by itself',
  async (_how, cut) => {
    let served = 0;
    const port = await listenHttp((request, response) => {
      served++;
      if (served === 3) setTimeout(() => cut(request.socket), 500);
      else response.end('ok');
    });
    const { loop, told } = loopOn(`ws://127.0.0.1:${port}/`, { connections: 1 });
    await expect.poll(() => told.statuses.length, patiently).toBeGreaterThan(10);
    await loop.stop(5_000_000);
    expect(told).toMatchObject({ requests: served, errors: 1 });
    expect(told.latenciesUs.filter((us) => us >= 500_000)).toEqual([]);
  },
);

test('a request without an answer times out once, on a connection that is then given up', async () => {
  let accepted = 0;
  const sockets = new Set<Socket>();
  const port = await listen(
    createTcpServer((socket) => {
      accepted++;
      sockets.add(socket);
      socket.resume().on('close', () => sockets.delete(socket));
    }),
  );
  const { loop, told } = loopOn(`ws://127.0.0.1:${port}/`, { connections: 1, deadlineUs: 300_000 });
  await expect.poll(() => told.waitedUs.length, patiently).toBe(3);
  await loop.stop(0);
  expect(told.errors).toBe(0);
  expect(told.waitedUs.every((us) => us >= 299_000)).toBe(true);
  expect(told.waitedUs).toHaveLength(told.requests);
  expect(accepted).toBe(told.requests);
  await expect.poll(() => sockets.size, patiently).toBe(0);
});

test('what is under way when the loop is stopped may be answered still, and else has timed out', async () => {
  const port = await listenHttp((_request, response) => setTimeout(() => response.end('late'), 400));
  const { loop: patient, told: answered } = loopOn(`ws://127.0.0.1:${port}/`);
  const { loop: hasty, told: cutOff } = loopOn(`ws://127.0.0.1:${port}/`);
  await sleep(100);
  await Promise.all([patient.stop(5_000_000), hasty.stop(50_000)]);
  expect(answered).toMatchObject({ requests: 2, statuses: [200, 200], waitedUs: [] });
  expect(cutOff).toMatchObject({ requests: 2, statuses: [], errors: 0 });
  expect(cutOff.waitedUs).toHaveLength(2);
  await sleep(300);
  expect([answered.requests, cutOff.requests]).toEqual([2, 2]);
});

test('a loop that is stopped between two requests sends no more', async () => {
  const server = await serve('echo');
  const { loop, told } = loopOn(`ws://127.0.0.1:${server.port}/`, { connections: 1, pauseUs: 500_000 });
  await expect.poll(() => told.statuses.length, patiently).toBe(1);
  await loop.stop(5_000_000);
  expect([told.requests, server.ledger.httpRequests]).toEqual([1, 1]);
});
