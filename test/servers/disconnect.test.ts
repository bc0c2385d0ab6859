import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { Disconnection } from '../../src/servers/disconnect.js';
import { openClient, patiently, serve, whenAllClosed } from './running.js';

const every: Disconnection = { share: 1, how: 'server-close', code: 1012 };

/** How a client saw its connection end: by the code of a close frame, by the end of the stream, or by a reset. */
async function endingOf(client: WebSocket): Promise<string> {
  let error: unknown;
  client.on('error', () => {});
  const socket: unknown = Reflect.get(client, '_socket');
  if (!(socket instanceof Object) || !('on' in socket)) throw new Error('the client has no socket');
  (socket as NodeJS.EventEmitter).on('error', (raised: NodeJS.ErrnoException) => {
    error = raised.code;
  });
  const [code] = await once(client, 'close');
  return code === 1006 ? (error === undefined ? 'fin' : String(error)) : String(code);
}

describe.each([
  ['plain', {}],
  ['over TLS', { tls: true }],
])('connections ended by order, %s', (_, options) => {
  test.each([
    [{ ...every }, '1012', { 1012: 4 }],
    [{ ...every, code: 4321 }, '4321', { 4321: 4 }],
    [{ ...every, how: 'reset' }, 'ECONNRESET', { none: 4 }],
    [{ ...every, how: 'fin' }, 'fin', { none: 4 }],
  ] as const)('%j: the clients see what the ledger says', async (order, ending, closesByCode) => {
    const server = await serve('echo', options);
    const clients = await Promise.all(Array.from({ length: 4 }, () => openClient(server)));
    const endings = Promise.all(clients.map(endingOf));
    expect(server.disconnect(order)).toBe(4);
    expect(await endings).toEqual(Array.from({ length: 4 }, () => ending));
    await whenAllClosed(server);
    expect(server.ledger.closesByCode).toEqual(closesByCode);
  });
});

test('a share is spread evenly over the connections that are open, and the rest goes on', async () => {
  const server = await serve('echo');
  const clients: WebSocket[] = [];
  for (let i = 0; i < 12; i++) clients.push(await openClient(server));
  clients[0]?.close(1000);
  clients[6]?.close(1000);
  await expect.poll(() => server.ledger.closed, patiently).toBe(2);

  expect(server.disconnect({ ...every, share: 0.3 })).toBe(3);
  await expect.poll(() => server.ledger.closed, patiently).toBe(5);
  await expect
    .poll(() => clients.map(({ readyState, OPEN }) => readyState === OPEN), patiently)
    .toEqual(
      // Of the ten that were open the 4th, the 7th and the 10th.
      [false, true, true, true, false, true, false, true, false, true, true, false],
    );
  const survivor = clients[1]!;
  survivor.send('still here');
  expect(String((await once(survivor, 'message'))[0])).toBe('still here');
});

test('nobody is there to be ended', async () => {
  const server = await serve('echo');
  expect(server.disconnect(every)).toBe(0);
});
