import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { ClientSettings } from '../../src/client/types.js';
import { engineNames, Line, type LineOptions } from './line.js';
import { makeCertificate, wsServer } from './servers.js';

const certificate = makeCertificate();
const trust = { ca: certificate.cert, verify: true, resume: false };

interface Transport {
  readonly name: string;
  readonly secure: boolean;
  readonly settings: Partial<ClientSettings>;
}
const transports: Transport[] = [
  { name: 'plain', secure: false, settings: {} },
  { name: 'tls', secure: true, settings: { tls: trust } },
  { name: 'deflate', secure: false, settings: { compression: { thresholdBytes: 0 } } },
  { name: 'deflate without takeover', secure: false, settings: { compression: noTakeover() } },
  { name: 'tls and deflate', secure: true, settings: { tls: trust, compression: {} } },
];

function noTakeover() {
  return { serverNoContextTakeover: true, clientNoContextTakeover: true, serverMaxWindowBits: 10 };
}

function echo(peer: WebSocket): void {
  peer.on('message', (message, binary) => peer.send(message, { binary }));
}

const sizes = [0, 1, 125, 126, 65_535, 65_536, 1024 * 1024];

describe.each(engineNames)('engine %s', (engine) => {
  describe.each(transports)('over $name', ({ secure, settings }) => {
    async function open(onPeer: (peer: WebSocket) => void, options: LineOptions = {}) {
      const compressed = settings.compression != null;
      const { port } = await wsServer(onPeer, { perMessageDeflate: compressed }, secure ? certificate : null);
      const line = new Line(engine, port, { ...options, settings: { ...settings, ...options.settings } });
      return { line, handshake: await line.until('open') };
    }

    test.each(sizes)('%i bytes come back as they went', async (size) => {
      const { line } = await open(echo);
      const text = Buffer.alloc(size, 'wsherd ');
      const binary = randomBytes(size);
      line.connection.send(text, false);
      line.connection.send(binary, true);
      const [first, second] = [await line.until('message'), await line.until('message')];
      expect([first.binary, first.payload.equals(text)]).toEqual([false, true]);
      expect([second.binary, second.payload.equals(binary)]).toEqual([true, true]);
    });

    test('the stages add up to the whole handshake', async () => {
      const { handshake } = await open(echo);
      const { tcpUs, tlsUs, upgradeUs, totalUs } = handshake;
      expect(tlsUs !== null).toBe(secure);
      expect(tcpUs + (tlsUs ?? 0) + upgradeUs).toBe(totalUs);
      for (const stageUs of [tcpUs, tlsUs ?? 1, upgradeUs]) expect(stageUs).toBeGreaterThan(0);
    });

    test('messages of mixed sizes and pings keep their order', async () => {
      const order: string[] = [];
      const { line } = await open((peer) => {
        peer.on('ping', (payload) => order.push(payload.toString()));
        peer.on('message', (message) => order.push(`message of ${message.toString().length}`));
        echo(peer);
      });
      const said: string[] = [];
      for (let i = 0; i < 40; i++) {
        const length = i % 3 === 0 ? 20_000 + i : i;
        line.connection.send(Buffer.alloc(length, 'x'), false);
        line.connection.ping(Buffer.from(`ping ${i}`));
        said.push(`message of ${length}`, `ping ${i}`);
      }
      line.connection.close(1000, 'done', 'local-close');
      expect(await line.until('closed')).toMatchObject({ code: 1000 });
      expect(order).toEqual(said);
      const echoed = line.events.filter(({ kind }) => kind === 'message').length;
      const pongs = line.events.filter(({ kind }) => kind === 'pong').length;
      expect([echoed, pongs]).toEqual([40, 40]);
    });

    test('the sender may reuse its buffer at once', async () => {
      const { line } = await open(echo);
      const reused = Buffer.alloc(5_000);
      for (const letter of ['a', 'b', 'c']) line.connection.send(reused.fill(letter), false);
      for (const letter of ['a', 'b', 'c']) {
        const { payload } = await line.until('message');
        expect(payload.equals(Buffer.alloc(5_000, letter)), letter).toBe(true);
      }
    });

    test('pings of the server are answered', async () => {
      const pongs: string[] = [];
      const { line } = await open((peer) => {
        peer.on('pong', (payload) => {
          pongs.push(payload.toString());
          peer.send('thanks');
        });
        peer.ping('are you there?');
      });
      await line.until('ping');
      await line.until('message');
      expect(pongs).toEqual(['are you there?']);
    });

    test('a message over the limit closes with 1009', async () => {
      const codes: number[] = [];
      const { line } = await open(
        (peer) => {
          peer.on('close', (code) => codes.push(code));
          peer.send('x'.repeat(100_001));
        },
        { settings: { maxMessageBytes: 100_000 } },
      );
      expect(await line.until('closed')).toMatchObject({
        initiator: 'client',
        code: 1009,
        cause: 'message-too-big',
      });
      await expect.poll(() => codes).toEqual([1009]);
    });
  });

  test('bytes on the wire are counted, in frames, without the HTTP head', async () => {
    const { port } = await wsServer(echo);
    const line = new Line(engine, port);
    await line.until('open');
    line.connection.send(Buffer.alloc(20), true);
    line.connection.send(Buffer.alloc(200), true);
    await line.until('message');
    await line.until('message');
    expect([line.client.bytesSent, line.client.bytesReceived]).toEqual([26 + 208, 22 + 204]);
    line.connection.close(1000, '', 'local-close');
    await line.until('closed');
    expect([line.client.bytesSent, line.client.bytesReceived]).toEqual([234 + 8, 226 + 4]);
  });

  test('path, headers and subprotocols reach the server, and its choice comes back', async () => {
    const heads: unknown[] = [];
    const handleProtocols = () => 'second';
    const { port, server } = await wsServer(echo, { handleProtocols });
    server.on('headers', (_lines, { url, headers }) => {
      heads.push([url, headers.host, headers['x-token'], headers['sec-websocket-protocol']]);
    });
    const request = { path: '/a/b?c=d', headers: { 'X-Token': 'é1' }, subprotocols: ['first', 'second'] };
    const line = new Line(engine, port, { request });
    expect((await line.until('open')).subprotocol).toBe('second');
    expect(heads).toEqual([['/a/b?c=d', `localhost:${port}`, 'é1', 'first,second']]);
  });

  test('the source address is the one asked for', async () => {
    const addresses: (string | undefined)[] = [];
    const { port, server } = await wsServer(echo);
    server.on('connection', (_peer, { socket }) => addresses.push(socket.remoteAddress));
    const line = new Line(engine, port, { request: { localAddress: '127.0.0.5' } });
    await line.until('open');
    expect(addresses).toEqual(['127.0.0.5']);
  });

  test('bytes that the kernel has not taken are reported', async () => {
    const { port } = await wsServer((peer) => peer.pause());
    const line = new Line(engine, port);
    await line.until('open');
    expect(line.connection.bufferedBytes).toBe(0);
    const chunk = Buffer.alloc(1024 * 1024);
    for (let i = 0; i < 16; i++) line.connection.send(chunk, true);
    expect(line.connection.bufferedBytes).toBeGreaterThan(1024 * 1024);
  });

  test('messages that had to wait for the kernel arrive as they were', async () => {
    const numbers: number[] = [];
    const { port } = await wsServer((peer) => {
      peer.pause();
      setTimeout(() => peer.resume(), 100);
      peer.on('message', (message: Buffer) => {
        numbers.push(
          message.equals(Buffer.alloc(1_000, message.subarray(0, 4))) ? message.readUInt32BE() : -1,
        );
      });
    });
    const line = new Line(engine, port);
    await line.until('open');
    const count = 12_000;
    const number = Buffer.alloc(4);
    for (let i = 0; i < count; i++) {
      number.writeUInt32BE(i);
      line.connection.send(Buffer.alloc(1_000, number), true);
    }
    expect(line.connection.bufferedBytes).toBeGreaterThan(0);
    await expect.poll(() => numbers.length, { timeout: 20_000 }).toBe(count);
    expect(numbers.every((value, i) => value === i)).toBe(true);
  });

  test('the owner may send, close and abort inside the calls it gets', async () => {
    const { port } = await wsServer(echo);
    const talk = new Line(engine, port, {
      onEvent: ({ connection }, kind) => {
        if (kind === 'open') connection.send(Buffer.from('hello'), false);
        if (kind === 'message') connection.close(1000, '', 'local-close');
      },
    });
    expect((await talk.until('closed')).cause).toBe('local-close');
    const cut = new Line(engine, port, {
      onEvent: ({ connection }, kind) => {
        if (kind === 'open') connection.abort('fault');
      },
    });
    expect((await cut.until('closed')).cause).toBe('fault');
  });

  test.each([
    ['a line break in a header', { headers: { a: 'b\r\nc: d' } }],
    ['a header of our own', { headers: { 'Sec-WebSocket-Key': 'x' } }],
    ['a name that is no header name', { headers: { 'a b': 'c' } }],
    ['a blank in the path', { path: '/a b' }],
    ['a relative path', { path: 'a' }],
    ['a subprotocol twice', { subprotocols: ['a', 'a'] }],
  ])('%s is refused before anything is sent', (_mistake, request) => {
    expect(() => new Line(engine, 9, { request })).toThrow(/^connect\./);
  });
});
