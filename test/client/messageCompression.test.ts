import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extension, PerMessageDeflate } from 'ws';
import { FrameReader } from '../../src/client/frameReader.js';
import { MessageCompression } from '../../src/client/messageCompression.js';
import { type FrameEvent, RecordingSink, readByWs } from './frameEvents.js';
import { cut, encode, Opcode, serverFrame } from './serverFrames.js';

const MAX_MESSAGE_BYTES = 2_000;

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const message = fc.record({
  binary: fc.boolean(),
  compressed: fc.boolean(),
  // Repeated, so that it compresses well: a little over the limit is a small bomb.
  body: fc.tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: 60 })),
  cuts: fc.array(fraction, { maxLength: 3 }),
  pinged: fc.boolean(),
  /** Where a byte of the compressed payload is inverted. */
  brokenAt: fc.option(fraction, { freq: 20 }),
});
const stream = fc.record({
  answer: fc.constantFrom(
    'permessage-deflate',
    'permessage-deflate; server_no_context_takeover',
    'permessage-deflate; server_max_window_bits=9; client_no_context_takeover',
  ),
  messages: fc.array(message, { maxLength: 8 }),
  closed: fc.boolean(),
  cuts: fc.array(fraction, { maxLength: 10 }),
});

type Message = typeof message extends fc.Arbitrary<infer T> ? T : never;

test('a compressed byte stream, cut anywhere, gives the events that the receiver of ws gives', async () => {
  const seen = new Set<string>();
  const property = fc.asyncProperty(stream, async ({ answer, messages, closed, cuts }) => {
    const sender = negotiated(answer, { isServer: true });
    const parts: Buffer[] = [];
    for (const one of messages) parts.push(await frames(one, sender));
    if (closed) parts.push(encode(serverFrame(Opcode.close, Buffer.from([0x03, 0xe8]))));
    sender.cleanup();
    const pieces = cut(Buffer.concat(parts), cuts);
    const settings = { maxPayload: MAX_MESSAGE_BYTES };
    const theirs = negotiated(answer, settings);
    const expected = await readByWs(pieces, {
      ...settings,
      extensions: { [PerMessageDeflate.extensionName]: theirs },
    });
    theirs.cleanup();
    expect(await readByUs(pieces, negotiated(answer, settings))).toEqual(expected);
    for (const [kind, detail] of expected) seen.add(kind === 'broken' ? `broken ${detail}` : kind);
  });
  await fc.assert(property, { numRuns: 500 });
  expect([...seen].sort()).toEqual(['broken 1007', 'broken 1009', 'close', 'message', 'ping']);
});

function negotiated(
  answer: string,
  settings: { isServer?: boolean; maxPayload?: number },
): PerMessageDeflate {
  const deflate = new PerMessageDeflate(settings);
  deflate.accept(extension.parse(answer)[PerMessageDeflate.extensionName] ?? []);
  return deflate;
}

async function frames(shape: Message, sender: PerMessageDeflate): Promise<Buffer> {
  const opcode = shape.binary ? Opcode.binary : Opcode.text;
  const whole = Buffer.from(shape.body[0].repeat(shape.body[1]));
  const payload = shape.compressed ? await compress(sender, whole) : whole;
  // `ws` decompresses each fragment as it comes: of a broken one it may say so before the message is whole.
  const broken = shape.compressed && shape.brokenAt !== null;
  if (broken) {
    const at = Math.min(payload.length - 1, Math.floor((shape.brokenAt ?? 0) * payload.length));
    payload[at] = ~(payload[at] ?? 0) & 0xff;
  }
  const fragments = cut(payload, broken ? [] : shape.cuts);
  const encoded = fragments.flatMap((part, i) => {
    const rsv = shape.compressed && i === 0 ? 4 : 0;
    const fin = i === fragments.length - 1;
    const frame = encode(serverFrame(i === 0 ? opcode : Opcode.continuation, part, { rsv, fin }));
    return shape.pinged ? [encode(serverFrame(Opcode.ping, Buffer.from('?'))), frame] : [frame];
  });
  return Buffer.concat(encoded);
}

function compress(deflate: PerMessageDeflate, payload: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    deflate.compress(payload, true, (error, compressed) => {
      if (error) reject(error);
      else resolve(Buffer.from(compressed));
    });
  });
}

async function readByUs(pieces: readonly Buffer[], deflate: PerMessageDeflate): Promise<FrameEvent[]> {
  let caughtUp = () => {};
  class Sink extends RecordingSink {
    override onCompressed(buffer: Buffer, start: number, end: number, binary: boolean, receivedUs: number) {
      compression.inflate(buffer, start, end, binary, receivedUs);
    }
    onCaughtUp(): void {
      caughtUp();
    }
  }
  const sink = new Sink();
  const reader = new FrameReader(sink, { maxMessageBytes: MAX_MESSAGE_BYTES }, true);
  const compression = new MessageCompression(deflate, {}, reader, sink);
  for (const piece of pieces) {
    const shared = Buffer.from(piece);
    compression.receive(shared, 0, shared.length, 0);
    shared.fill(0xee);
  }
  while (compression.busy) await new Promise<void>((resolve) => (caughtUp = resolve));
  compression.close();
  return sink.events;
}
