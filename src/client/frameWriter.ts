import { randomMask } from './random.js';

/** First byte of a whole frame: FIN and the opcode (RFC 6455 section 5.2). */
export const FrameStart = {
  text: 0x81,
  binary: 0x82,
  close: 0x88,
  ping: 0x89,
  pong: 0x8a,
  /** RSV1, set on a compressed message (RFC 7692 section 6). */
  compressed: 0x40,
} as const;

const MASKED = 0x80;

/** Frames up to this length are written again and again: one of each length is kept for the next message. */
const MAX_SPARE_BYTES = 1024;
const spares: (Buffer | null)[] = new Array<null>(MAX_SPARE_BYTES + 1).fill(null);

function takeFrame(bytes: number): Buffer {
  if (bytes > MAX_SPARE_BYTES) return Buffer.allocUnsafe(bytes);
  const spare = spares[bytes] ?? null;
  spares[bytes] = null;
  return spare ?? Buffer.allocUnsafe(bytes);
}

/** Takes back a frame whose bytes the kernel has taken: the next one of its length is made in it. */
export function recycleFrame(frame: Buffer): void {
  if (frame.length <= MAX_SPARE_BYTES) spares[frame.length] = frame;
}

/** A whole frame with a fresh masking key, header and payload in one buffer; `payload` is left as it is. */
export function maskedFrame(firstByte: number, payload: Uint8Array): Buffer {
  const length = payload.length;
  const keyAt = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = takeFrame(keyAt + 4 + length);
  frame[0] = firstByte;
  if (keyAt === 2) {
    frame[1] = MASKED | length;
  } else if (keyAt === 4) {
    frame[1] = MASKED | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = MASKED | 127;
    frame.writeUInt16BE(0, 2);
    frame.writeUIntBE(length, 4, 6);
  }
  writeMasked(frame, keyAt, payload);
  return frame;
}

function writeMasked(frame: Buffer, keyAt: number, payload: Uint8Array): void {
  const key = randomMask();
  const key0 = key & 0xff;
  const key1 = (key >> 8) & 0xff;
  const key2 = (key >> 16) & 0xff;
  const key3 = (key >> 24) & 0xff;
  frame[keyAt] = key0;
  frame[keyAt + 1] = key1;
  frame[keyAt + 2] = key2;
  frame[keyAt + 3] = key3;
  const length = payload.length;
  const whole = length - (length % 4);
  let at = keyAt + 4;
  let i = 0;
  for (; i < whole; i += 4, at += 4) {
    frame[at] = (payload[i] as number) ^ key0;
    frame[at + 1] = (payload[i + 1] as number) ^ key1;
    frame[at + 2] = (payload[i + 2] as number) ^ key2;
    frame[at + 3] = (payload[i + 3] as number) ^ key3;
  }
  if (i < length) frame[at++] = (payload[i++] as number) ^ key0;
  if (i < length) frame[at++] = (payload[i++] as number) ^ key1;
  if (i < length) frame[at] = (payload[i] as number) ^ key2;
}
