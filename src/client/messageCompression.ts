import type { PerMessageDeflate } from 'ws';
import type { FrameReader, FrameSink } from './frameReader.js';
import type { CompressionOptions } from './types.js';
import { isUtf8Range } from './utf8.js';
import { compressionThreshold } from './wsParts.js';

/** Where decompressed messages go. */
export interface CompressionSink extends FrameSink {
  /** No message is being decompressed any more, or the next one has begun to be. */
  onCaughtUp(): void;
}

interface Arrival {
  readonly bytes: Buffer;
  start: number;
  readonly receivedUs: number;
}

/**
 * permessage-deflate of one connection (RFC 7692). zlib answers later, so what follows a compressed message
 * waits for it, in both directions.
 */
export class MessageCompression {
  /** What came while a message was being decompressed. */
  private readonly arrivals: Arrival[] = [];
  /** Bytes of it. */
  arrivedBytes = 0;
  private inflating = false;
  /** What was to be sent while a message was being compressed. */
  private readonly outbox: (() => void)[] = [];
  /** Bytes that wait to be compressed or sent. */
  waitingBytes = 0;
  private deflating = false;
  private closed = false;

  constructor(
    private readonly deflate: PerMessageDeflate,
    private readonly options: CompressionOptions,
    private readonly reader: FrameReader,
    private readonly sink: CompressionSink,
  ) {}

  /** True while a message is being decompressed; what came after it waits. */
  get busy(): boolean {
    return this.inflating;
  }

  /** Reads bytes `[start, end)`, and keeps a copy of what lies behind a message that is being decompressed. */
  receive(buffer: Buffer, start: number, end: number, receivedUs: number): void {
    const at = this.reader.read(buffer, start, end, receivedUs);
    if (at === end || !this.inflating) return;
    this.arrivals.push({ bytes: Buffer.from(buffer.subarray(at, end)), start: 0, receivedUs });
    this.arrivedBytes += end - at;
  }

  /** Decompresses a whole message and hands it on, then what came after it. Nothing is handed on after `close`. */
  inflate(buffer: Buffer, start: number, end: number, binary: boolean, receivedUs: number): void {
    this.inflating = true;
    this.deflate.decompress(Buffer.from(buffer.subarray(start, end)), true, (error, message) => {
      this.inflating = false;
      if (this.closed) {
        this.deflate.cleanup();
        return;
      }
      this.handOn(error, message, binary, receivedUs);
      this.catchUp();
      if (!this.closed) this.sink.onCaughtUp();
    });
  }

  private handOn(error: Error | null, message: Buffer, binary: boolean, receivedUs: number): void {
    const { reader, sink } = this;
    if (error === null && (binary || isUtf8Range(message, 0, message.length))) {
      reader.resume();
      sink.onMessage(message, 0, message.length, binary, receivedUs);
      return;
    }
    reader.stop();
    if (error === null) sink.onBrokenRule(1007, 'invalid-utf8', 'text must be UTF-8');
    else if (isTooBig(error)) sink.onBrokenRule(1009, 'message-too-big', error.message);
    else sink.onBrokenRule(1007, 'protocol-error', error.message);
  }

  /** Reads what was kept, up to the next compressed message. */
  private catchUp(): void {
    while (!this.inflating && !this.closed) {
      const arrival = this.arrivals[0];
      if (arrival === undefined) return;
      const { bytes, start, receivedUs } = arrival;
      arrival.start = this.reader.read(bytes, start, bytes.length, receivedUs);
      this.arrivedBytes -= arrival.start - start;
      // A reader that stopped short without a compressed message has stopped for good.
      if (!this.inflating || arrival.start === bytes.length) this.arrivals.shift();
    }
  }

  /** True when a message of this length is to be sent compressed. */
  compresses(messageBytes: number): boolean {
    return messageBytes >= compressionThreshold(this.options);
  }

  /** Runs `send` in its turn: at once, or after the messages that are still being compressed. */
  inOrder(bytes: number, send: () => void): void {
    if (!this.deflating) {
      send();
      return;
    }
    this.waitingBytes += bytes;
    this.outbox.push(() => {
      this.waitingBytes -= bytes;
      send();
    });
  }

  /** Compresses `message` in its turn and hands the result to `send`. */
  compress(message: Buffer, send: (compressed: Buffer) => void): void {
    this.inOrder(message.length, () => {
      this.deflating = true;
      this.waitingBytes += message.length;
      this.deflate.compress(message, true, (_error, compressed) => {
        this.deflating = false;
        this.waitingBytes -= message.length;
        // The only error there is says that the stream was closed by `cleanup`.
        if (this.closed) this.deflate.cleanup();
        else this.sendNext(() => send(compressed));
      });
    });
  }

  private sendNext(first: () => void): void {
    for (let send: (() => void) | undefined = first; send !== undefined; send = this.outbox.shift()) {
      send();
      if (this.deflating || this.closed) return;
    }
  }

  /** Frees zlib's memory; nothing is sent or handed on after it. */
  close(): void {
    this.closed = true;
    this.outbox.length = 0;
    this.arrivals.length = 0;
    // A stream that is closed while it decompresses never calls back, and would hold its place in the queue
    // that all connections share.
    if (!this.inflating) this.deflate.cleanup();
  }
}

function isTooBig(error: Error): boolean {
  return 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
}
