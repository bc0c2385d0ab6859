import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openClient, patiently, serve } from './running.js';

test.each([
  ['plain', {}, {}, ''],
  ['over TLS', { tls: true }, {}, ''],
  ['compressed', { perMessageDeflate: true }, { perMessageDeflate: true }, 'permessage-deflate'],
  ['uncompressed unless it was told to', {}, { perMessageDeflate: true }, ''],
])('echo sends everything back as it came, %s', async (_, serverOptions, clientOptions, extensions) => {
  const server = await serve('echo', serverOptions);
  const client = await openClient(server, '/', clientOptions);
  expect(client.extensions).toBe(extensions);
  for (const sent of ['', 'grüße', 'x'.repeat(100_000), Buffer.from([0, 255, 128]), Buffer.alloc(0)]) {
    client.send(sent);
    const [received, binary] = await once(client, 'message');
    expect(binary).toBe(typeof sent !== 'string');
    expect(Buffer.from(received)).toEqual(Buffer.from(sent));
  }
});

test('echo answers a client whose pings piled up instead of cutting it off', async () => {
  const server = await serve('echo');
  const client = await openClient(server);
  let pongs = 0;
  client.on('pong', () => pongs++);
  for (let i = 0; i < 500; i++) client.ping();
  await expect.poll(() => pongs, patiently).toBe(500);
  expect(server.ledger).toMatchObject({ pingsIn: 500, pongsOut: 500, closed: 0 });
});
