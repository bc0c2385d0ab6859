import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { engineNames, Line } from './line.js';
import { encode, Opcode, serverFrame } from './serverFrames.js';
import { answering, switching, wsServer } from './servers.js';

const extensions = 'Sec-WebSocket-Extensions: permessage-deflate\r\n';
const large = Buffer.alloc(300_000, 'wsherd');

/** A message as a server compresses it (RFC 7692 section 7.2.1), without a window shared with the one before. */
function compressedMessage(message: Buffer): Buffer {
  const block = deflateRawSync(message, { finishFlush: 2 });
  return encode(serverFrame(Opcode.text, block.subarray(0, -4), { rsv: 4 }));
}

describe.each(engineNames)('engine %s', (engine) => {
  async function openTo(bytes: Buffer[], settings = {}): Promise<Line> {
    const { port } = await answering(
      (key) => switching(key, extensions),
      (socket) => socket.end(Buffer.concat(bytes)),
    );
    const line = new Line(engine, port, { settings: { compression: {}, ...settings } });
    await line.until('open');
    return line;
  }

  test('what came before the end of the stream is heard before it', async () => {
    const plain = encode(serverFrame(Opcode.text, Buffer.from('after')));
    const pieces = [compressedMessage(large), plain, compressedMessage(large), plain];
    const line = await openTo(pieces);
    expect(await line.until('closed')).toMatchObject({ initiator: 'network', cause: 'fin' });
    const lengths = line.events.map(({ value }) =>
      value && 'payload' in value ? value.payload.length : null,
    );
    expect(lengths).toEqual([null, large.length, 5, large.length, 5, null]);
  });

  test('more than a mebibyte behind a compressed message arrives whole', async () => {
    const chunk = encode(serverFrame(Opcode.binary, Buffer.alloc(60_000)));
    const close = encode(serverFrame(Opcode.close, Buffer.from([0x03, 0xe8])));
    const line = await openTo([compressedMessage(large), ...Array.from({ length: 80 }, () => chunk), close]);
    expect(await line.until('closed')).toMatchObject({ initiator: 'server', code: 1000 });
    expect(line.events.filter(({ kind }) => kind === 'message')).toHaveLength(81);
  });

  test('a bomb is stopped at the limit and closed with 1009', async () => {
    const line = await openTo([compressedMessage(Buffer.alloc(50_000_000))], { maxMessageBytes: 100_000 });
    expect(await line.until('closed')).toMatchObject({
      initiator: 'client',
      code: 1009,
      cause: 'message-too-big',
    });
    expect(line.events.map(({ kind }) => kind)).toEqual(['open', 'closed']);
  });

  test('what does not decompress is closed with 1007', async () => {
    const line = await openTo([encode(serverFrame(Opcode.text, Buffer.alloc(50, 0xff), { rsv: 4 }))]);
    expect(await line.until('closed')).toMatchObject({
      initiator: 'client',
      code: 1007,
      cause: 'protocol-error',
    });
  });

  test('text that is not UTF-8 once decompressed is closed with 1007', async () => {
    const line = await openTo([compressedMessage(Buffer.from([0xff, 0xfe]))]);
    expect(await line.until('closed')).toMatchObject({
      initiator: 'client',
      code: 1007,
      cause: 'invalid-utf8',
    });
  });

  test('nothing is heard after an abort, whatever was being decompressed', async () => {
    const line = await openTo(Array.from({ length: 20 }, () => compressedMessage(large)));
    await line.until('message');
    line.connection.abort('fault');
    const heard = line.events.length;
    // Every connection shares the queue to zlib: another exchange that works shows that no place in it is lost.
    const { port } = await wsServer((peer) => peer.on('message', (message) => peer.send(message)), {
      perMessageDeflate: true,
    });
    const other = new Line(engine, port, { settings: { compression: {} } });
    await other.until('open');
    other.connection.send(large, true);
    expect((await other.until('message')).payload.equals(large)).toBe(true);
    expect(line.events).toHaveLength(heard);
  });

  test('a server that does not compress is spoken to in plain', async () => {
    const { port } = await wsServer((peer) => peer.on('message', (message) => peer.send(message)));
    const line = new Line(engine, port, { settings: { compression: { thresholdBytes: 0 } } });
    await line.until('open');
    line.connection.send(large, true);
    expect((await line.until('message')).payload.equals(large)).toBe(true);
  });
});

test('messages under the threshold go as they are, longer ones compressed', async () => {
  const { port } = await wsServer((peer) => peer.on('message', () => peer.send('')), {
    perMessageDeflate: true,
  });
  for (const engine of engineNames) {
    const line = new Line(engine, port, { settings: { compression: { thresholdBytes: 1_000 } } });
    await line.until('open');
    line.connection.send(Buffer.alloc(999), true);
    await line.until('message');
    expect(line.client.bytesSent).toBe(999 + 8);
    line.connection.send(Buffer.alloc(1_000), true);
    await line.until('message');
    expect(line.client.bytesSent).toBeLessThan(999 + 8 + 100);
  }
});
