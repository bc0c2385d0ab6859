import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort, waitForRefusal } from '../../src/target/accepting.js';

test('a free port is none that the kernel might give to a client meanwhile', async () => {
  const [firstOutgoing = ''] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1').split('\t');
  for (let i = 0; i < 20; i++) {
    const port = await freePort();
    // Where the whole range is for outgoing connections there is no such port.
    if (Number(firstOutgoing) > 10_000) expect(port).toBeLessThan(Number(firstOutgoing));
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
  }
});

test('a port that still takes connections is not taken for free', async () => {
  const server = createServer().listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  expect(await waitForRefusal(address.port, 200_000)).toBe(false);
  setTimeout(() => server.close(), 200);
  expect(await waitForRefusal(address.port, 20_000_000)).toBe(true);
});
