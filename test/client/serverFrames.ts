import fc from 'fast-check';

/** A frame as a server may or may not send it: every field can be wrong. */
export interface ServerFrame {
  readonly fin: boolean;
  /** RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  readonly rsv: number;
  readonly opcode: number;
  readonly masked: boolean;
  /** The shortest length form to use: longer ones than needed are legal to parse. */
  readonly form: 7 | 16 | 64;
  readonly payload: Buffer;
  /** What the length field says, where that is not the payload's length. */
  readonly claimedBytes?: number;
}

export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export function serverFrame(
  opcode: number,
  payload: Uint8Array,
  changes: Partial<ServerFrame> = {},
): ServerFrame {
  return { fin: true, rsv: 0, opcode, masked: false, form: 7, payload: Buffer.from(payload), ...changes };
}

export function encode(frame: ServerFrame): Buffer {
  const length = frame.claimedBytes ?? frame.payload.length;
  const first = (frame.fin ? 0x80 : 0) | (frame.rsv << 4) | frame.opcode;
  const masked = frame.masked ? 0x80 : 0;
  const key = frame.masked ? Buffer.from([0, 0, 0, 0]) : Buffer.alloc(0);
  let header: Buffer;
  if (length < 126 && frame.form === 7) {
    header = Buffer.from([first, masked | length]);
  } else if (length < 65_536 && frame.form !== 64) {
    header = Buffer.from([first, masked | 126, length >> 8, length & 0xff]);
  } else {
    header = Buffer.alloc(10);
    header[0] = first;
    header[1] = masked | 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, key, frame.payload]);
}

const form = fc.oneof(
  { weight: 6, arbitrary: fc.constant(7 as const) },
  { weight: 1, arbitrary: fc.constant(16 as const) },
  { weight: 1, arbitrary: fc.constant(64 as const) },
);

/** Lengths on both sides of each length form, and of the limit of `MAX_MESSAGE_BYTES`. */
export const MAX_MESSAGE_BYTES = 70_000;
const edgeBytes = fc.constantFrom(125, 126, 127, 65_535, 65_536, MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES + 1);

const text = fc.string({ unit: 'binary', maxLength: 40 }).map((characters) => Buffer.from(characters));
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const payload = fc.oneof(
  { weight: 30, arbitrary: text },
  { weight: 20, arbitrary: bytes },
  { weight: 1, arbitrary: edgeBytes.map((length) => Buffer.alloc(length, 'a')) },
);
const controlPayload = fc.uint8Array({ maxLength: 125 }).map((array) => Buffer.from(array));

const control = fc
  .tuple(fc.constantFrom(Opcode.ping, Opcode.pong), controlPayload)
  .map(([opcode, body]) => serverFrame(opcode, body));

/** One message in one or more fragments, with control frames between them. */
const message = fc
  .record({
    opcode: fc.constantFrom(Opcode.text, Opcode.binary),
    payload,
    cuts: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }) },
    ),
    between: fc.array(control, { maxLength: 2 }),
    form,
  })
  .map((shape) => {
    const parts = cut(shape.payload, shape.cuts);
    return parts.flatMap((part, i) => {
      const opcode = i === 0 ? shape.opcode : Opcode.continuation;
      const fragment = serverFrame(opcode, part, { fin: i === parts.length - 1, form: shape.form });
      return i === 0 ? [fragment] : [...shape.between, fragment];
    });
  });

const close = fc.oneof(
  fc.constant(serverFrame(Opcode.close, Buffer.alloc(0))),
  fc
    .tuple(
      fc.oneof(
        fc.constantFrom(1000, 1001, 1005, 1006, 1015, 3000, 4999),
        fc.integer({ min: 0, max: 65_535 }),
      ),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 20 }).map((reason) => Buffer.from(reason)),
        bytes,
      ),
    )
    .map(([code, reason]) => {
      const body = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), reason.subarray(0, 123)]);
      return serverFrame(Opcode.close, body);
    }),
);

/** Any bits at all in the first two bytes, with a payload that may be shorter than claimed. */
const wildFrame = fc
  .record(
    {
      fin: fc.boolean(),
      rsv: fc.integer({ min: 0, max: 7 }),
      opcode: fc.integer({ min: 0, max: 15 }),
      masked: fc.boolean(),
      form,
      payload: bytes,
      claimedBytes: fc.constantFrom(
        0,
        1,
        126,
        65_536,
        MAX_MESSAGE_BYTES + 1,
        2 ** 40,
        Number.MAX_SAFE_INTEGER,
      ),
    },
    { requiredKeys: ['fin', 'rsv', 'opcode', 'masked', 'form', 'payload'] },
  )
  .map((frame): ServerFrame => frame);

/** A header that claims more than may come. */
const boast = fc
  .constantFrom(MAX_MESSAGE_BYTES + 1, 2 ** 32, 2 ** 53, 2 ** 63)
  .map((claimedBytes) => serverFrame(Opcode.binary, Buffer.from('little'), { claimedBytes }));

const frames = fc.array(
  fc.oneof(
    { weight: 24, arbitrary: message },
    { weight: 8, arbitrary: control.map((frame) => [frame]) },
    { weight: 1, arbitrary: boast.map((frame) => [frame]) },
    { weight: 2, arbitrary: close.map((frame) => [frame]) },
    { weight: 2, arbitrary: wildFrame.map((frame) => [frame]) },
  ),
  { maxLength: 8 },
);

/** What goes wrong on the way, beside the frames themselves. */
const damage = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'none' as const, at: 0, byte: 0 }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('truncate' as const, 'overwrite' as const),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      byte: fc.integer({ min: 0, max: 255 }),
    }),
  },
);

const fractions = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constant<'every byte'>('every byte') },
);

/** A server's byte stream, valid or not, as the pieces in which it arrives. */
export const byteStream = fc.record({ frames, damage, fractions }).map((shape) => {
  const stream = Buffer.concat(shape.frames.flat().map(encode));
  const at = Math.floor(shape.damage.at * stream.length);
  if (shape.damage.kind === 'overwrite' && stream.length > 0) stream[at] = shape.damage.byte;
  const sent = shape.damage.kind === 'truncate' ? stream.subarray(0, at) : stream;
  if (shape.fractions !== 'every byte') return cut(sent, shape.fractions);
  return sent.length < 2_000 ? Array.from(sent, (byte) => Buffer.from([byte])) : [sent];
});

/** Cuts at fractions of the whole length, given in any order. */
export function cut(whole: Buffer, at: readonly number[]): Buffer[] {
  const places = at.map((fraction) => Math.floor(fraction * whole.length)).sort((a, b) => a - b);
  return [0, ...places].map((start, i) => whole.subarray(start, places[i] ?? whole.length));
}
