import { MARKER_BYTES } from '../dialects/marker.js';

/** What is published. A marker is part of it, and its length counts. */
export interface PayloadSpec {
  /** One of these is drawn for each message, by weight. */
  readonly sizes: ReadonlyArray<{ readonly sizeBytes: number; readonly weight: number }>;
  /** What fills the payload: words, which compress as text does, or noise, which does not. */
  readonly content: 'text' | 'noise';
  /** Instead of sizes and content: the marker goes before it. */
  readonly file: Uint8Array | null;
  /** Sent in binary frames; noise then takes all byte values. */
  readonly binary: boolean;
}

/**
 * Filling is taken from a stock of so many bytes, from another place for every message: a compressor that remembers
 * 32 KiB must not find the message before in it.
 */
const STOCK_BYTES = 1024 * 1024;
/** How far apart the fillings of messages that follow each other are taken; a prime. */
const STRIDE_BYTES = 65_537;

const WORDS =
  'the server sends every message to all members of room and they answer when it has come over wire in time with some ' +
  'delay that nobody notices until load grows at noon hello yes no thanks status online typing order price update value';
const TEXT_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Makes payloads, each with room for a marker at its beginning. They are valid until the next one of that size. */
export class Payloads {
  private readonly buffers: readonly Buffer[];
  /** Up to which draw each size is taken: rising to 1. */
  private readonly limits: readonly number[];
  private readonly stock: Buffer | null;

  /** @param random Uniform in [0, 1) for a number: what the stock is made of. */
  constructor(spec: PayloadSpec, random: (k: number) => number) {
    const { file, sizes } = spec;
    if (file !== null) {
      this.buffers = [Buffer.concat([Buffer.alloc(MARKER_BYTES), file])];
      this.limits = [1];
      this.stock = null;
      return;
    }
    const total = sizes.reduce((sum, { weight }) => sum + weight, 0);
    let sum = 0;
    this.limits = sizes.map(({ weight }) => {
      sum += weight;
      return sum / total;
    });
    this.buffers = sizes.map(({ sizeBytes }) => Buffer.alloc(sizeBytes));
    const longest = Math.max(...sizes.map(({ sizeBytes }) => sizeBytes));
    this.stock = makeStock(spec, longest + STOCK_BYTES, random);
  }

  /** Which size a uniform draw stands for. */
  variantOf(draw: number): number {
    let variant = 0;
    while (draw >= this.limits[variant]!) variant++;
    return variant;
  }

  /** The payload of a message, the same whenever it is asked for. */
  fill(variant: number, publisher: number, sequence: number): Buffer {
    const buffer = this.buffers[variant]!;
    if (this.stock !== null) {
      const from = ((publisher * 7 + sequence) * STRIDE_BYTES) % STOCK_BYTES;
      this.stock.copy(buffer, MARKER_BYTES, from, from + buffer.length - MARKER_BYTES);
    }
    return buffer;
  }
}

function makeStock({ content, binary }: PayloadSpec, bytes: number, random: (k: number) => number): Buffer {
  if (content === 'text') return textStock(bytes, random);
  const stock = Buffer.allocUnsafe(bytes);
  for (let i = 0; i < bytes; i++) {
    stock[i] = binary ? random(i) * 256 : TEXT_DIGITS.charCodeAt(random(i) * TEXT_DIGITS.length);
  }
  return stock;
}

function textStock(bytes: number, random: (k: number) => number): Buffer {
  const words = WORDS.split(' ');
  const stock = Buffer.alloc(bytes, ' ');
  for (let at = 0, k = 0; at < bytes; k++) {
    at += stock.write(words[Math.floor(random(k) * words.length)]!, at, 'latin1') + 1;
  }
  return stock;
}
