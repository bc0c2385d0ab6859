import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { connectClient, endOf, openClient, patiently, serve, whenAllClosed } from './running.js';
import { settled, talk, talkersIn } from './talking.js';

/** RFC 6455 section 1.3 gives this key and the answer to it. */
const sound: Readonly<Record<string, string>> = {
  Host: 'localhost',
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
};

/** What the server answers, until it ends the connection or `until` is among it. */
async function answerTo(
  port: number,
  headers: Readonly<Record<string, string>>,
  { requestLine = 'GET / HTTP/1.1', behind = Buffer.alloc(0), until = 'never' } = {},
): Promise<string> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (text) => {
    received += text;
    if (received.includes(until)) socket.destroy();
  });
  socket.write(Buffer.concat([Buffer.from(`${requestLine}\r\n${lines.join('')}\r\n`), behind]));
  await once(socket, 'close');
  return received;
}

describe('an upgrade that is done by hand', () => {
  test('is answered as the example in RFC 6455, and by nothing else', async () => {
    const { port } = await serve('handshake');
    expect((await answerTo(port, sound, { until: '\r\n\r\n' })).split('\r\n\r\n')[0]?.split('\r\n')).toEqual([
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    ]);
  });

  test.each([
    ['plain', {}],
    ['over TLS', { tls: true }],
  ])('lets clients in who then do all that those of ws do, %s', async (_, options) => {
    const server = await serve('handshake', { ...options, announce: false, maxPayloadBytes: 1000 });
    const [speaker, listener] = await talkersIn(server, 'room', 2);
    speaker!.send({ type: 'message', room: 'room', text: 'hello' });
    await expect
      .poll(() => listener!.said().at(-1), patiently)
      .toMatchObject({ from: 'guest-1', text: 'hello' });
    await settled(listener!);
    const tooBig = await openClient(server);
    tooBig.send('x'.repeat(1001));
    expect((await endOf(tooBig)).code).toBe(1009);
    speaker!.client.close(4321);
    listener!.client.terminate();
    await whenAllClosed(server);
    expect(server.ledger).toMatchObject({
      opened: 3,
      closesByCode: { 1009: 1, 4321: 1, none: 1 },
      pingsIn: 1,
      pongsOut: 1,
      delivery: { published: 1, delivered: 1 },
    });
  });

  test('loses nothing that a client sends right behind its request', async () => {
    const server = await serve('handshake');
    const text = Buffer.from('{"type":"ping","ts":5}');
    // Masked with zeros, which leaves the text as it is.
    const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]);
    const answer = await answerTo(server.port, sound, { behind: frame, until: '"ts":5' });
    expect(answer).toContain('{"type":"pong","ts":5}');
  });

  test('takes the first subprotocol that is offered, and none that is not', async () => {
    const server = await serve('handshake');
    const offering = connectClient(server, '/', {}, ['chat.v2', 'chat.v1']);
    await once(offering, 'open');
    expect(offering.protocol).toBe('chat.v2');
    expect((await openClient(server)).protocol).toBe('');
  });

  test('takes no compression, whatever a client offers', async () => {
    const client = await openClient(await serve('handshake'), '/', { perMessageDeflate: true });
    expect(client.extensions).toBe('');
  });

  const without = (name: string) => Object.fromEntries(Object.entries(sound).filter(([key]) => key !== name));

  test.each([
    ['another method', sound, { requestLine: 'POST / HTTP/1.1' }, 405, 'The method must be GET.'],
    ['HTTP/1.0', sound, { requestLine: 'GET / HTTP/1.0' }, 400, 'The request must be HTTP/1.1 at least.'],
    ['another protocol', { ...sound, Upgrade: 'h2c' }, {}, 400, 'The Upgrade header must be websocket.'],
    ['no key', without('Sec-WebSocket-Key'), {}, 400, 'Sec-WebSocket-Key must be 16 bytes in base64.'],
    [
      'a short key',
      { ...sound, 'Sec-WebSocket-Key': 'c2hvcnQ=' },
      {},
      400,
      'Sec-WebSocket-Key must be 16 bytes in base64.',
    ],
    ['no version', without('Sec-WebSocket-Version'), {}, 426, 'Sec-WebSocket-Version must be 13.'],
    [
      'an old version',
      { ...sound, 'Sec-WebSocket-Version': '8' },
      {},
      426,
      'Sec-WebSocket-Version must be 13.',
    ],
    [
      'a subprotocol that is no name',
      { ...sound, 'Sec-WebSocket-Protocol': 'a b' },
      {},
      400,
      'Sec-WebSocket-Protocol must be a list of names.',
    ],
    [
      'an empty subprotocol',
      { ...sound, 'Sec-WebSocket-Protocol': 'a,,b' },
      {},
      400,
      'Sec-WebSocket-Protocol must be a list of names.',
    ],
  ])('is refused to a request with %s', async (_, headers, request, status, why) => {
    const server = await serve('handshake');
    const answer = await answerTo(server.port, headers, request);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer.endsWith(`\r\n\r\n${why}\n`)).toBe(true);
    if (status === 426) expect(answer).toContain('\r\nSec-WebSocket-Version: 13\r\n');
    expect(server.ledger).toMatchObject({ opened: 0, refused: { [status]: 1 } });
  });

  test('does not keep the server from stopping, nor from ending connections by order', async () => {
    const server = await serve('handshake');
    const [ended, polite] = [await talk(server), await talk(server)];
    expect(server.disconnect({ share: 0.5, how: 'server-close', code: 1012 })).toBe(1);
    const ends = Promise.race([endOf(ended.client), endOf(polite.client)]);
    expect((await ends).code).toBe(1012);
    await expect.poll(() => server.ledger.closed, patiently).toBe(1);
    const before = performance.now();
    await server.stop();
    expect(performance.now() - before).toBeLessThan(900);
    expect(server.ledger.closesByCode).toEqual({ 1001: 1, 1012: 1 });
  });
});
