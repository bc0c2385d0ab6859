import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from '../../src/client/frameReader.js';
import { RecordingSink, readByUs, readByWs } from './frameEvents.js';
import {
  byteStream,
  encode,
  MAX_MESSAGE_BYTES,
  Opcode,
  type ServerFrame,
  serverFrame,
} from './serverFrames.js';

test('any byte stream, cut anywhere, gives the events that the receiver of ws gives', async () => {
  const seen = new Map<string, number>();
  const property = fc.asyncProperty(byteStream, async (pieces) => {
    const events = readByUs(pieces, MAX_MESSAGE_BYTES);
    expect(events).toEqual(await readByWs(pieces, { maxPayload: MAX_MESSAGE_BYTES }));
    for (const [kind, detail] of events) {
      const key = kind === 'broken' ? `${kind} ${detail}` : kind;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  });
  await fc.assert(property, { numRuns: 12_000 });
  // The generator must reach everything, or the property says little.
  const kinds = ['message', 'ping', 'pong', 'close', 'broken 1002', 'broken 1007', 'broken 1009'];
  for (const kind of kinds) expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(50);
});

test('a whole message is handed on where it lies in the read buffer', () => {
  const stream = Buffer.concat([
    encode(serverFrame(Opcode.text, Buffer.from('one'))),
    encode(serverFrame(Opcode.binary, Buffer.from('two'))),
  ]);
  const places: unknown[] = [];
  class Sink extends RecordingSink {
    override onMessage(
      buffer: Buffer,
      start: number,
      end: number,
      binary: boolean,
      receivedUs?: number,
    ): void {
      places.push([buffer === stream, start, end, binary, receivedUs]);
    }
  }
  const reader = new FrameReader(new Sink(), { maxMessageBytes: 100 }, false);
  expect(reader.read(stream, 0, stream.length, 42)).toBe(stream.length);
  expect(places).toEqual([
    [true, 2, 5, false, 42],
    [true, 7, 10, true, 42],
  ]);
});

test('a message gets the time of the read that completed it', () => {
  const frame = encode(serverFrame(Opcode.text, Buffer.from('cut')));
  const times: unknown[] = [];
  class Sink extends RecordingSink {
    override onMessage(
      _buffer: Buffer,
      _start: number,
      _end: number,
      _binary: boolean,
      receivedUs?: number,
    ): void {
      times.push(receivedUs);
    }
  }
  const reader = new FrameReader(new Sink(), { maxMessageBytes: 100 }, false);
  reader.read(frame, 0, 3, 1);
  reader.read(frame, 3, frame.length, 2);
  expect(times).toEqual([2]);
});

const text = (body: string, changes: Partial<ServerFrame> = {}) =>
  serverFrame(Opcode.text, Buffer.from(body), changes);
const close = (...bytes: number[]) => serverFrame(Opcode.close, Buffer.from(bytes));
const more = (body: string) => serverFrame(Opcode.continuation, Buffer.from(body));

test.each<[string, number, ServerFrame[]]>([
  ['RSV1 without compression', 1002, [text('x', { rsv: 4 })]],
  ['RSV2', 1002, [text('x', { rsv: 2 })]],
  ['RSV3', 1002, [text('x', { rsv: 1 })]],
  ['a reserved data opcode', 1002, [serverFrame(3, Buffer.alloc(0))]],
  ['a reserved control opcode', 1002, [serverFrame(11, Buffer.alloc(0))]],
  ['a masked frame', 1002, [text('x', { masked: true })]],
  ['a continuation of nothing', 1002, [more('x')]],
  ['a new message inside a message', 1002, [text('x', { fin: false }), text('y')]],
  ['a fragmented ping', 1002, [serverFrame(Opcode.ping, Buffer.alloc(0), { fin: false })]],
  ['a ping of 126 bytes', 1002, [serverFrame(Opcode.ping, Buffer.alloc(126))]],
  ['a close frame of one byte', 1002, [close(3)]],
  ['close code 1005', 1002, [close(0x03, 0xed)]],
  ['close code 999', 1002, [close(0x03, 0xe7)]],
  ['a close reason that is not UTF-8', 1007, [close(0x03, 0xe8, 0xff)]],
  ['text that is not UTF-8', 1007, [serverFrame(Opcode.text, Buffer.from([0xc3, 0x28]))]],
  [
    'a character that the end of the message cuts',
    1007,
    [serverFrame(Opcode.text, Buffer.from([0xe2, 0x82]))],
  ],
  ['a message over the limit', 1009, [text('x'.repeat(101))]],
  ['fragments over the limit together', 1009, [text('x'.repeat(60), { fin: false }), more('y'.repeat(41))]],
  ['a claim of 2^60 bytes', 1009, [text('', { claimedBytes: 2 ** 60 })]],
])('%s is closed with %i', (_rule, code, frames) => {
  const events = readByUs([Buffer.concat(frames.map(encode))], 100);
  expect(events.at(-1)).toEqual(['broken', code]);
});

const codes = [0, 999, 1000, 1003, 1004, 1005, 1006, 1007, 1014, 1015, 1016, 2999, 3000, 4999, 5000, 65_535];
test.each(codes)('close code %i is taken or refused as ws does', async (code) => {
  const pieces = [encode(close(code >> 8, code & 0xff))];
  expect(readByUs(pieces, 100)).toEqual(await readByWs(pieces, {}));
});

test('a character that a fragment boundary cuts is good text', () => {
  const [head, tail] = [Buffer.from([0xe2, 0x82]), Buffer.from([0xac])];
  const frames = [
    serverFrame(Opcode.text, head, { fin: false }),
    serverFrame(Opcode.ping, Buffer.from('!')),
    serverFrame(Opcode.continuation, tail),
  ];
  const hex = Buffer.from('€').toString('hex');
  expect(readByUs([Buffer.concat(frames.map(encode))], 100)).toEqual([
    ['ping', '21'],
    ['message', false, hex],
  ]);
});

test('nothing is read after a close frame', () => {
  const stream = Buffer.concat([encode(close(0x03, 0xe8)), encode(text('late'))]);
  expect(readByUs([stream], 100)).toEqual([['close', 1000, '']]);
});
