import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Failure } from '../../src/client/types.js';
import { engineNames, Line, type LineOptions } from './line.js';
import { answering, fullAcceptQueue, switching, tcpServer, wsServer } from './servers.js';

const soon = { handshakeTimeoutUs: 200_000 };
const http = (head: string) => `HTTP/1.1 ${head}\r\n\r\n`;

describe.each(engineNames)('engine %s', (engine) => {
  async function failed(port: number, options?: LineOptions): Promise<Failure> {
    const line = new Line(engine, port, options);
    const failure = await line.until('failed');
    line.connection.send(Buffer.from('late'), true);
    line.connection.close(1000, '', 'local-close');
    line.connection.abort('fault');
    expect(line.events).toHaveLength(1);
    return failure;
  }

  async function failedBy(answer: (key: string) => string | Buffer, options?: LineOptions): Promise<Failure> {
    const { port } = await answering(answer, (socket) => socket.end());
    return failed(port, options);
  }

  test('a port where nobody listens is tcp refused', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await failed(port)).toMatchObject({ stage: 'tcp', cause: 'refused', retryAfterUs: null });
  });

  test('a source address that this machine does not have is local', async () => {
    const request = { localAddress: '192.0.2.1' };
    expect(await failed(9, { request })).toMatchObject({ stage: 'local', cause: 'address-exhausted' });
  });

  test.each([400, 401, 403, 404, 429, 500, 503])('an answer of %i is its own cause', async (status) => {
    const failure = await failedBy(() => http(`${status} Not Today\r\nContent-Length: 0`));
    expect(failure).toEqual({
      stage: 'upgrade',
      cause: `http-${status}`,
      example: `HTTP/1.1 ${status} Not Today`,
      retryAfterUs: null,
    });
  });

  test('Retry-After in seconds is kept', async () => {
    const failure = await failedBy(() => http('503 Busy\r\nRetry-After: 120\r\nContent-Length: 0'));
    expect(failure).toMatchObject({ cause: 'http-503', retryAfterUs: 120_000_000 });
  });

  test('Retry-After as a date is kept as the time until then', async () => {
    const date = new Date(Date.now() + 600_000).toUTCString();
    const { retryAfterUs } = await failedBy(() =>
      http(`503 Busy\r\nRetry-After: ${date}\r\nContent-Length: 0`),
    );
    expect(retryAfterUs).toBeGreaterThan(500_000_000);
    expect(retryAfterUs).toBeLessThan(601_000_000);
  });

  test('a Retry-After that makes no sense is null', async () => {
    const failure = await failedBy(() => http('503 Busy\r\nRetry-After: later\r\nContent-Length: 0'));
    expect(failure).toMatchObject({ cause: 'http-503', retryAfterUs: null });
  });

  test('a redirect is not followed, and says where to', async () => {
    const failure = await failedBy(() => http('302 Found\r\nLocation: ws://elsewhere/\r\nContent-Length: 0'));
    expect(failure).toMatchObject({
      cause: 'http-302',
      example: 'HTTP/1.1 302 Found, Location: ws://elsewhere/',
    });
  });

  test('a web page is its status', async () => {
    const page = '<html><body>Welcome</body></html>';
    const failure = await failedBy(() => `${http(`200 OK\r\nContent-Length: ${page.length}`)}${page}`);
    expect(failure).toMatchObject({ stage: 'upgrade', cause: 'http-200' });
  });

  test.each([
    ['a banner', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a page without a head', '<html>hello</html>'],
    ['bytes', Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46])],
    ['lines without carriage returns', 'HTTP/1.1 101 Fine\nUpgrade: websocket\n\n'],
    ['a header line without a colon', 'HTTP/1.1 101 Fine\r\nnonsense\r\n\r\n'],
    ['a head too long', `HTTP/1.1 101 Fine\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['a head without end', `HTTP/1.1 101 Fine\r\nX: ${'x'.repeat(20_000)}`],
  ])('%s instead of an answer is not-http', async (_kind, answer) => {
    const { port } = await answering(() => answer);
    expect(await failed(port)).toMatchObject({ stage: 'upgrade', cause: 'not-http' });
  });

  test.each<[string, string, (key: string) => string]>([
    ['bad-accept', 'the accept value of another key', () => switching('AAAAAAAAAAAAAAAAAAAAAA==')],
    ['bad-accept', 'no accept value', (key) => switching(key).replace(/Sec-WebSocket-Accept.*\r\n/, '')],
    ['bad-accept', 'another protocol', (key) => switching(key).replace('Upgrade: websocket', 'Upgrade: h2c')],
    ['bad-subprotocol', 'one not offered', (key) => switching(key, 'Sec-WebSocket-Protocol: z\r\n')],
    ['bad-subprotocol', 'none though one was offered', (key) => switching(key)],
    [
      'bad-extension',
      'one not offered',
      (key) => switching(key, `${chosen}Sec-WebSocket-Extensions: foo\r\n`),
    ],
  ])('%s: %s', async (cause, _what, answer) => {
    const request = { subprotocols: ['a', 'b'] };
    expect(await failedBy(answer, { request })).toMatchObject({ stage: 'upgrade', cause });
  });
  const chosen = 'Sec-WebSocket-Protocol: a\r\n';

  test('compression on terms that were not offered is bad-extension', async () => {
    const terms = 'permessage-deflate; server_max_window_bits=99';
    const failure = await failedBy((key) => switching(key, `Sec-WebSocket-Extensions: ${terms}\r\n`), {
      settings: { compression: {} },
    });
    expect(failure).toMatchObject({ stage: 'upgrade', cause: 'bad-extension' });
  });

  test('a server that ends the stream instead of answering is fin', async () => {
    expect(await failedBy(() => '')).toMatchObject({ stage: 'upgrade', cause: 'fin' });
  });

  test('a server that resets instead of answering is reset', async () => {
    const { port } = await answering(
      () => '',
      (socket) => setTimeout(() => socket.resetAndDestroy(), 20),
    );
    expect(await failed(port)).toMatchObject({ stage: 'upgrade', cause: 'reset' });
  });

  test('a server that says nothing is a timeout of the upgrade', async () => {
    const { port } = await tcpServer((socket) => socket.resume());
    expect(await failed(port, { settings: soon })).toMatchObject({ stage: 'upgrade', cause: 'timeout' });
  });

  test('a server that drips its answer does not put the deadline off', async () => {
    const { port } = await tcpServer((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nX: ');
      const drip = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await failed(port, { settings: soon })).toMatchObject({ stage: 'upgrade', cause: 'timeout' });
  });

  test('a server that is silent in TLS is a timeout of tls', async () => {
    const { port } = await tcpServer((socket) => socket.resume());
    const tls = { verify: false, resume: false };
    expect(await failed(port, { settings: { ...soon, tls } })).toMatchObject({
      stage: 'tls',
      cause: 'timeout',
    });
  });

  test.skipIf(process.platform !== 'linux')('a full accept queue is a timeout of tcp', async () => {
    const port = await fullAcceptQueue();
    expect(await failed(port, { settings: soon })).toMatchObject({ stage: 'tcp', cause: 'timeout' });
  });

  test.each(['close', 'abort'] as const)('%s while opening fails as cut off', async (how) => {
    const { port } = await tcpServer((socket) => socket.resume());
    const line = new Line(engine, port);
    if (how === 'close') line.connection.close(1000, '', 'local-close');
    else line.connection.abort('local-abort');
    expect(line.events.at(-1)).toMatchObject({
      kind: 'failed',
      value: { stage: 'local', cause: 'local-abort' },
    });
  });

  test('an answer that comes byte by byte, with frames in its last packet, opens', async () => {
    const { port } = await tcpServer((socket) => {
      socket.once('data', async (request) => {
        const key = /sec-websocket-key: (.*)\r/i.exec(request.toString('latin1'))?.[1] ?? '';
        const answer = Buffer.concat([Buffer.from(switching(key)), Buffer.from([0x81, 0x02, 0x68, 0x69])]);
        socket.setNoDelay(true);
        for (let i = 0; i < answer.length - 20; i++) {
          socket.write(answer.subarray(i, i + 1));
          await new Promise((resolve) => setImmediate(resolve));
        }
        socket.write(answer.subarray(answer.length - 20));
      });
    });
    const line = new Line(engine, port);
    await line.until('open');
    expect((await line.until('message')).payload.toString()).toBe('hi');
  });
});

test('what wsherd offers is what a server of ws accepts, and its answer is checked as ws checks it', async () => {
  const { port } = await wsServer((peer) => peer.send(peer.extensions), { perMessageDeflate: true });
  const line = new Line('fast', port, { settings: { compression: { clientMaxWindowBits: 12 } } });
  expect((await line.until('message')).payload.toString()).toBe('permessage-deflate');
  const other = new WebSocket(`ws://127.0.0.1:${port}`);
  await new Promise((resolve) => other.once('open', resolve));
  expect(other.extensions).toBe('permessage-deflate');
  other.terminate();
});
