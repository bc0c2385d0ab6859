const FIN = 0x80;
const TEXT = 1;
const BINARY = 2;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

/** A message on its way to many: serialised once, and framed once for all who take it uncompressed. */
export class Outgoing {
  static #made = 0;

  /** Larger than that of any message made before it in this process. */
  readonly number = ++Outgoing.#made;

  #frame: Buffer | null = null;

  /** @param sender Whoever said it, always the same object: what one sender said has an order. */
  constructor(
    readonly payload: Buffer,
    readonly binary: boolean,
    readonly sender: object,
  ) {}

  /** The whole message in one unmasked frame. */
  get frame(): Buffer {
    this.#frame ??= makeFrame(this.payload, this.binary ? BINARY : TEXT);
    return this.#frame;
  }
}

/** RFC 6455 section 5.2. */
function makeFrame(payload: Buffer, opcode: number): Buffer {
  const { length } = payload;
  const headerBytes = length < LENGTH_IN_16_BITS ? 2 : length < 0x1_0000 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame[0] = FIN | opcode;
  if (headerBytes === 2) frame[1] = length;
  else if (headerBytes === 4) {
    frame[1] = LENGTH_IN_16_BITS;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_IN_64_BITS;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(payload, headerBytes);
  return frame;
}
