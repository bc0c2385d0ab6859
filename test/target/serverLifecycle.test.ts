import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { TargetError } from '../../dist/errors.js';
import type { TargetSpec } from '../../src/scenario/scenario.js';
import { connectClient, endOf, openClient, patiently } from '../servers/running.js';
import { isListening } from '../support/processes.js';
import { addressOf, lifecycleOf, startForTest } from './targets.js';

const SECOND_US = 1_000_000;
/** What a server writes down only every few milliseconds is on file after this. */
const SETTLED_MS = 300;

const echo = (options: object = {}): TargetSpec => ({
  kind: 'server',
  server: 'echo',
  options: { ...options },
  instances: 1,
});

const settled = () => new Promise((resolve) => setTimeout(resolve, SETTLED_MS));

async function openMany(address: ReturnType<typeof addressOf>, count: number): Promise<WebSocket[]> {
  const clients: WebSocket[] = [];
  for (let i = 0; i < count; i += 100) {
    const some = Array.from({ length: Math.min(100, count - i) }, () => openClient(address));
    clients.push(...(await Promise.all(some)));
  }
  return clients;
}

async function echoed(client: WebSocket, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    client.send(`message ${i}`);
    await once(client, 'message');
  }
}

describe('a killed reference server', () => {
  test('comes again on the same port, and its ledger is what its clients had counted', async () => {
    const { target, exits } = await startForTest(echo());
    const lifecycle = lifecycleOf(target);
    const address = addressOf(target);
    expect(lifecycle.startedInUs).toBeGreaterThan(1000);
    const clients = await openMany(address, 200);
    await Promise.all(clients.map((client) => echoed(client, 3)));
    clients[0]?.close(4001);
    await endOf(clients[0]!);
    await settled();

    const pid = target.processes()[0]?.pid;
    const ends = Promise.all(clients.slice(1).map(endOf));
    await lifecycle.end('SIGKILL', 0);
    expect(target.processes()).toEqual([]);
    expect(await isListening(address.port)).toBe(false);
    expect(new Set((await ends).map(({ code }) => code))).toEqual(new Set([1006]));

    await lifecycle.startAgain();
    expect(target.processes()).toHaveLength(1);
    expect(target.processes()[0]?.pid).not.toBe(pid);
    const again = await openMany(address, 7);
    await echoed(again[0]!, 1);
    for (const client of again) client.close(1000);
    await Promise.all(again.map(endOf));

    expect(await target.ledgers()).toMatchObject([
      {
        killed: true,
        counts: { opened: 200, closed: 1, closesByCode: { 4001: 1 }, messagesIn: 600, messagesOut: 600 },
      },
      { killed: false, counts: { opened: 7, closed: 7, closesByCode: { 1000: 7 }, messagesIn: 1 } },
    ]);
    expect(exits).toEqual([]);
  });

  test('that had blocked its event loop has written down what it counted before', async () => {
    const stall = { afterUs: 300_000, forUs: 60 * SECOND_US };
    const { target } = await startForTest(echo({ stall }));
    const client = await openClient(addressOf(target));
    let answers = 0;
    client.on('message', () => {
      answers++;
      client.send('again');
    });
    client.send('once');
    // A closed loop: the server has answered all but the last message.
    for (let before = -1; before !== answers; await settled()) before = answers;
    await lifecycleOf(target).end('SIGKILL', 0);
    expect(answers).toBeGreaterThan(0);
    const [ledger] = await target.ledgers();
    expect(ledger?.counts).toMatchObject({ messagesIn: answers, messagesOut: answers });
  });

  test('over TLS serves with the certificate that its clients trust already', async () => {
    const { target } = await startForTest(echo({ tls: true }));
    const address = addressOf(target);
    const before = await openClient(address);
    const end = endOf(before);
    await lifecycleOf(target).end('SIGKILL', 0);
    await end;
    await lifecycleOf(target).startAgain();
    await echoed(await openClient(address), 1);
    expect(target.ca).toBe(address.ca);
    expect(target.ca).toContain('BEGIN CERTIFICATE');
    const [distrust] = await once(connectClient({ ...address, ca: null }), 'error');
    expect(distrust).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  test('leaves no ledger unless it was to keep one', async () => {
    const { target } = await startForTest(echo(), { keepsLedger: false });
    await openClient(addressOf(target));
    await lifecycleOf(target).end('SIGKILL', 0);
    expect(await target.ledgers()).toEqual([]);
  });

  test('cannot come again on a port that somebody else has taken meanwhile', async () => {
    const { target, exits } = await startForTest(echo());
    const { port } = addressOf(target);
    await lifecycleOf(target).end('SIGKILL', 0);
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    const again = lifecycleOf(target).startAgain();
    await expect(again).rejects.toThrow(TargetError);
    await expect(again).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
    squatter.close();
    await lifecycleOf(target).startAgain();
    await openClient(addressOf(target));
    expect(exits).toEqual([]);
    expect(await target.ledgers()).toMatchObject([
      { killed: true },
      { killed: false, counts: { opened: 1 } },
    ]);
  });

  test('does not come again when the run is over', async () => {
    const { target } = await startForTest(echo());
    await lifecycleOf(target).end('SIGKILL', 0);
    await target.stop();
    await expect(lifecycleOf(target).startAgain()).rejects.toThrow(TargetError);
  });

  test('that is stopped while it comes again ends all the same', async () => {
    const { target, exits } = await startForTest(echo());
    await lifecycleOf(target).end('SIGKILL', 0);
    const again = lifecycleOf(target).startAgain();
    const failed = expect(again).rejects.toThrow(TargetError);
    await target.stop();
    await failed;
    expect(exits).toEqual([]);
  });
});

describe('a reference server that is ended by SIGTERM', () => {
  test('says goodbye with 1001, and its last ledger is exact without a wait', async () => {
    const { target } = await startForTest(echo());
    const address = addressOf(target);
    const clients = await openMany(address, 100);
    await Promise.all(clients.map((client) => echoed(client, 2)));
    const ends = Promise.all(clients.map(endOf));
    await lifecycleOf(target).end('SIGTERM', 10 * SECOND_US);
    expect((await ends).every(({ code }) => code === 1001)).toBe(true);
    expect(await target.ledgers()).toMatchObject([
      { killed: false, counts: { opened: 100, closed: 100, closesByCode: { 1001: 100 }, messagesIn: 200 } },
    ]);
  });

  test('is killed when it takes longer than it has', async () => {
    const { target } = await startForTest({ kind: 'server', server: 'closer', options: {}, instances: 1 });
    // It does not read the answer to its close frame, and so waits for it.
    await openClient(addressOf(target), '/silence?after=0');
    await settled();
    await lifecycleOf(target).end('SIGTERM', 100_000);
    expect(await target.ledgers()).toMatchObject([{ killed: true, counts: { opened: 1, closed: 0 } }]);
  });
});

test('an exit that nobody asked for is told, of a server that was started again too', async () => {
  const { target, exits } = await startForTest(echo());
  await lifecycleOf(target).end('SIGKILL', 0);
  await lifecycleOf(target).startAgain();
  expect(exits).toEqual([]);
  process.kill(target.processes()[0]!.pid, 'SIGKILL');
  await expect.poll(() => exits, patiently).toEqual(['by SIGKILL']);
  expect(await target.ledgers()).toMatchObject([{ killed: true }, { killed: true }]);
});

describe('connections ended by the server', () => {
  test.each([
    ['server-close', { 1012: 290 }],
    ['reset', { none: 290 }],
    ['fin', { none: 290 }],
  ] as const)('are exactly the share that was asked for: %s', async (how, closesByCode) => {
    const { target } = await startForTest(echo());
    const clients = await openMany(addressOf(target), 1000);
    const codes: number[] = [];
    for (const client of clients) client.on('close', (code) => codes.push(code));
    expect(await target.disconnect?.({ share: 0.29, how, code: 1012 })).toBe(290);
    await expect.poll(() => codes.length, patiently).toBe(290);
    expect(new Set(codes)).toEqual(new Set([how === 'server-close' ? 1012 : 1006]));
    await settled();
    expect(codes).toHaveLength(290);
    const [ledger] = await target.ledgers();
    expect(ledger?.counts).toMatchObject({ opened: 1000, closed: 290, closesByCode });
  });

  test('cannot be ended when it is down', async () => {
    const { target } = await startForTest(echo());
    await lifecycleOf(target).end('SIGKILL', 0);
    await expect(target.disconnect?.({ share: 1, how: 'fin', code: 1000 })).rejects.toThrow(TargetError);
  });
});
