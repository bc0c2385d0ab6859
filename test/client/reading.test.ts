import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { ClientSettings } from '../../src/client/types.js';
import { engineNames, Line, type LineOptions } from './line.js';
import { encode, Opcode, serverFrame } from './serverFrames.js';
import { answering, makeCertificate, switching, wsServer } from './servers.js';

const MIB = 1024 * 1024;
/** More than the kernel holds for the two ends of a loopback connection. */
const MESSAGES = 320;
const noise = randomBytes(64 * 1024);
const certificate = makeCertificate();

interface Transport {
  readonly name: string;
  readonly secure: boolean;
  readonly settings: Partial<ClientSettings>;
}
const plain: Transport = { name: 'plain', secure: false, settings: {} };
const transports: Transport[] = [
  plain,
  { name: 'tls', secure: true, settings: { tls: { ca: certificate.cert, verify: true, resume: false } } },
  { name: 'deflate', secure: false, settings: { compression: { thresholdBytes: 0 } } },
];

/** 20 MiB that do not compress, in numbered messages. */
function sendMuch(peer: WebSocket): void {
  for (let i = 0; i < MESSAGES; i++) {
    const message = Buffer.from(noise);
    message.writeUInt32BE(i);
    peer.send(message);
  }
}

function heard(line: Line): number[] {
  return line.events.flatMap(({ value }) =>
    value !== null && 'payload' in value ? [value.payload.readUInt32BE()] : [],
  );
}

const everything = Array.from({ length: MESSAGES }, (_, i) => i);

/** Waits until `read` gives the same twice, and returns it. */
async function settled(read: () => number): Promise<number> {
  for (let last = -1; ; ) {
    const now = read();
    if (now === last) return now;
    last = now;
    await wait(100);
  }
}

describe.each(engineNames)('engine %s', (engine) => {
  async function open(
    { secure, settings }: Transport,
    options: LineOptions = {},
  ): Promise<{ line: Line; peer: WebSocket }> {
    const peers: WebSocket[] = [];
    const compressed = settings.compression !== undefined;
    const { port } = await wsServer(
      (peer) => peers.push(peer),
      { perMessageDeflate: compressed && { threshold: 0 } },
      secure ? certificate : null,
    );
    const line = new Line(engine, port, { ...options, settings: { ...settings, ...options.settings } });
    await line.until('open');
    return { line, peer: peers[0]! };
  }

  describe.each(transports)('over $name', (transport) => {
    test('what a paused connection does not read waits with the server, and comes in order when it reads on', async () => {
      const { line, peer } = await open(transport);
      line.connection.pauseReading();
      sendMuch(peer);
      expect(await settled(() => peer.bufferedAmount)).toBeGreaterThan(2 * MIB);
      expect(heard(line)).toEqual([]);
      line.connection.resumeReading();
      await expect.poll(() => heard(line).length, { timeout: 20_000 }).toBe(MESSAGES);
      expect(heard(line)).toEqual(everything);
      await expect.poll(() => peer.bufferedAmount).toBe(0);
    });

    test('again and again, in the middle of everything', async () => {
      const { line, peer } = await open(transport, {
        onEvent: ({ connection }, kind) => {
          if (kind !== 'message') return;
          connection.pauseReading();
          setTimeout(() => connection.resumeReading(), 1);
        },
      });
      sendMuch(peer);
      await expect.poll(() => heard(line).length, { timeout: 20_000 }).toBe(MESSAGES);
      expect(heard(line)).toEqual(everything);
    });

    test('a close while paused completes, after all that the server had sent', async () => {
      const { line, peer } = await open(transport);
      const codes: number[] = [];
      peer.on('close', (code) => codes.push(code));
      line.connection.pauseReading();
      sendMuch(peer);
      await settled(() => peer.bufferedAmount);
      line.connection.close(1000, 'enough', 'local-close');
      line.connection.pauseReading();
      expect(await line.until('closed')).toEqual({
        initiator: 'client',
        code: 1000,
        cause: 'local-close',
        example: 'enough',
      });
      expect(heard(line)).toEqual(everything);
      await expect.poll(() => codes).toEqual([1000]);
    });
  });

  test('the last word counts, also within one turn', async () => {
    const { line, peer } = await open(plain);
    for (let i = 0; i < 3; i++) {
      line.connection.resumeReading();
      line.connection.pauseReading();
    }
    sendMuch(peer);
    expect(await settled(() => peer.bufferedAmount)).toBeGreaterThan(2 * MIB);
    line.connection.resumeReading();
    line.connection.pauseReading();
    const read = await settled(() => line.client.bytesReceived);
    expect(read).toBeLessThan(MIB);
    line.connection.pauseReading();
    line.connection.resumeReading();
    await expect.poll(() => heard(line).length, { timeout: 20_000 }).toBe(MESSAGES);
  });

  test('a server that closes is heard when the connection reads on', async () => {
    const { line, peer } = await open(plain);
    line.connection.pauseReading();
    sendMuch(peer);
    peer.close(1012, 'restart');
    await settled(() => peer.bufferedAmount);
    expect(line.events).toHaveLength(1);
    line.connection.resumeReading();
    expect(await line.until('closed')).toMatchObject({ initiator: 'server', code: 1012 });
    expect(heard(line)).toEqual(everything);
  });

  test('an abort while paused ends the connection at once', async () => {
    const { line, peer } = await open(plain);
    line.connection.pauseReading();
    sendMuch(peer);
    await settled(() => peer.bufferedAmount);
    line.connection.abort('fault');
    expect(line.events.map(({ kind }) => kind)).toEqual(['open', 'closed']);
    line.connection.resumeReading();
    line.connection.pauseReading();
    await wait(50);
    expect(line.events).toHaveLength(2);
  });

  /** Opens to a bare socket that says `bytes` with its answer. */
  async function openToBare(bytes: Buffer, then: (socket: Socket) => void, options: LineOptions = {}) {
    const head = options.settings?.compression
      ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n'
      : undefined;
    const { port } = await answering((key) => switching(key, head) + bytes.toString('latin1'), then);
    const line = new Line(engine, port, options);
    await line.until('open');
    return line;
  }

  const numbered = (count: number): Buffer =>
    Buffer.concat(
      Array.from({ length: count }, (_, i) => encode(serverFrame(Opcode.binary, Buffer.of(0, 0, 0, i)))),
    );

  test('what was read together with the message that made the owner pause is still handed on, and no more', async () => {
    const sockets: Socket[] = [];
    const line = await openToBare(numbered(100), (socket) => sockets.push(socket), {
      onEvent: ({ connection }, kind) => {
        if (kind === 'message') connection.pauseReading();
      },
    });
    await expect.poll(() => heard(line).length).toBe(100);
    sockets[0]!.write(numbered(1));
    await wait(100);
    expect(heard(line)).toHaveLength(100);
    line.connection.resumeReading();
    await expect.poll(() => heard(line).length).toBe(101);
  });

  test('a server that ends the stream is noticed when the connection reads on', async () => {
    const sockets: Socket[] = [];
    const line = await openToBare(Buffer.alloc(0), (socket) => sockets.push(socket));
    line.connection.pauseReading();
    sockets[0]!.end(numbered(20));
    await wait(100);
    line.connection.resumeReading();
    expect(await line.until('closed')).toMatchObject({ initiator: 'network', cause: 'fin' });
    expect(heard(line)).toHaveLength(20);
  });

  test('a close while paused that the server never answers is cut off when the time is up', async () => {
    const line = await openToBare(Buffer.alloc(0), () => {}, { settings: { closeTimeoutUs: 200_000 } });
    line.connection.pauseReading();
    line.connection.close(1000, '', 'local-close');
    expect(await line.until('closed')).toMatchObject({ initiator: 'client', cause: 'local-abort' });
  });

  describe('beside the back-pressure of decompression', () => {
    const compressed = (message: Buffer): Buffer => {
      const block = deflateRawSync(message, { finishFlush: 2 });
      return encode(serverFrame(Opcode.binary, block.subarray(0, -4), { rsv: 4 }));
    };
    // Long to decompress, short on the wire; what follows it is more than is kept meanwhile.
    const slow = compressed(Buffer.alloc(60 * MIB));
    const rest = new Array<Buffer>(200).fill(compressed(noise));
    const settings = { compression: {}, maxMessageBytes: 64 * MIB };

    test('catching up does not end a pause of the owner', async () => {
      let paused = false;
      const line = await openToBare(slow, (socket) => void socket.write(Buffer.concat(rest)), {
        settings,
        onEvent: ({ connection }, kind) => {
          if (kind !== 'message' || paused) return;
          paused = true;
          connection.pauseReading();
        },
      });
      await line.until('message');
      expect(await settled(() => line.client.bytesReceived)).toBeLessThan(4 * MIB);
      line.connection.resumeReading();
      await expect.poll(() => line.events.length, { timeout: 20_000 }).toBe(2 + rest.length);
    });

    test('the owner who reads on does not end a pause of the decompression', async () => {
      let readBefore = 0;
      const line = await openToBare(slow, (socket) => void socket.write(Buffer.concat(rest)), {
        settings,
        onEvent: ({ client }, kind) => {
          if (kind === 'message' && readBefore === 0) readBefore = client.bytesReceived;
        },
      });
      const flicker = setInterval(() => {
        line.connection.pauseReading();
        line.connection.resumeReading();
      }, 1);
      await line.until('message');
      clearInterval(flicker);
      expect(readBefore).toBeLessThan(4 * MIB);
      await expect.poll(() => line.events.length, { timeout: 20_000 }).toBe(2 + rest.length);
    });
  });
});
