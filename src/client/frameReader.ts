import { isCloseCode } from './closeFrame.js';
import type { CloseCause } from './types.js';
import { isUtf8Range } from './utf8.js';

/** Codes with which a connection is failed (RFC 6455 section 7.4.1), and what the close record calls it. */
export type FailCode = 1002 | 1007 | 1009;
export type FailCause = Extract<CloseCause, 'protocol-error' | 'invalid-utf8' | 'message-too-big'>;

/** What a `FrameReader` finds. Bytes `[start, end)` of `buffer` are valid during the call only. */
export interface FrameSink {
  onMessage(buffer: Buffer, start: number, end: number, binary: boolean, receivedUs: number): void;
  /** A whole message as it was compressed. The reader has paused: see `resume`. */
  onCompressed(buffer: Buffer, start: number, end: number, binary: boolean, receivedUs: number): void;
  onPing(buffer: Buffer, start: number, end: number, receivedUs: number): void;
  onPong(buffer: Buffer, start: number, end: number, receivedUs: number): void;
  /** `code` is null for an empty close frame. The reader has stopped. */
  onCloseFrame(code: number | null, reason: string): void;
  /** The peer broke `rule`, for which the connection is closed with `code`. The reader has stopped. */
  onBrokenRule(code: FailCode, cause: FailCause, rule: string): void;
}

/** What all readers of one client share. */
interface FrameRules {
  readonly maxMessageBytes: number;
}

const CONTINUATION = 0x0;
const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
/** `frame` returns it when it needs more bytes than there are. */
const INCOMPLETE = -1;
const FIRST_PART_BYTES = 4096;
const NOTHING = Buffer.alloc(0);

/**
 * Reads the frames of a server out of a stream cut anywhere (RFC 6455 section 5). A frame that lies whole in
 * the bytes at hand is handed on where it lies; only what is cut or fragmented is copied. It finds the same
 * messages and the same errors as the `Receiver` of `ws`, in the same order.
 */
export class FrameReader {
  /** The beginning of a frame whose rest is still to come: `heldBytes` of it, `neededBytes` to make progress. */
  private held: Buffer | null = null;
  private heldBytes = 0;
  private neededBytes = 0;
  /** The fragments so far of a message. */
  private message: Buffer | null = null;
  private messageBytes = 0;
  /** `TEXT` or `BINARY` between the first and the last fragment of a message, else 0. */
  private messageOpcode = 0;
  private messageCompressed = false;
  private blocked = false;

  constructor(
    private readonly sink: FrameSink,
    private readonly rules: FrameRules,
    private readonly compression: boolean,
  ) {}

  /**
   * Reads bytes `[start, end)` and returns where it came to: `end`, or less when a compressed message has
   * paused it or the connection is over for it. Whole bytes are consumed; a cut frame is kept.
   */
  read(buffer: Buffer, start: number, end: number, receivedUs: number): number {
    let at = start;
    while (at < end && !this.blocked) {
      if (this.held !== null) {
        at = this.complete(this.held, buffer, at, end, receivedUs);
        continue;
      }
      const next = this.frame(buffer, at, end, receivedUs);
      if (next === INCOMPLETE) {
        this.hold(buffer, at, end);
        return end;
      }
      at = next;
    }
    return at;
  }

  /** Goes on after a compressed message. */
  resume(): void {
    this.blocked = false;
  }

  /** Reads nothing more. */
  stop(): void {
    this.blocked = true;
    this.held = null;
    this.message = null;
  }

  private hold(buffer: Buffer, start: number, end: number): void {
    this.heldBytes = end - start;
    this.held = Buffer.allocUnsafe(nextCapacity(this.heldBytes, this.neededBytes));
    buffer.copy(this.held, 0, start, end);
  }

  /** Adds what is missing to a held frame, and reads it when it is whole. Returns the end of what it took. */
  private complete(held: Buffer, buffer: Buffer, start: number, end: number, receivedUs: number): number {
    const taken = Math.min(end - start, this.neededBytes - this.heldBytes);
    const room = this.heldBytes + taken <= held.length ? held : this.grow(held, this.heldBytes + taken);
    buffer.copy(room, this.heldBytes, start, start + taken);
    this.heldBytes += taken;
    if (
      this.heldBytes === this.neededBytes &&
      this.frame(room, 0, this.heldBytes, receivedUs) !== INCOMPLETE
    ) {
      this.held = null;
    }
    return start + taken;
  }

  private grow(held: Buffer, bytes: number): Buffer {
    const larger = Buffer.allocUnsafe(nextCapacity(bytes, this.neededBytes));
    held.copy(larger, 0, 0, this.heldBytes);
    this.held = larger;
    return larger;
  }

  /** Reads the frame at `at` and returns its end, or `INCOMPLETE` having set `neededBytes`. */
  private frame(buffer: Buffer, at: number, end: number, receivedUs: number): number {
    const available = end - at;
    if (available < 2) return this.need(2);
    const first = buffer[at] as number;
    const second = buffer[at + 1] as number;
    const rule = this.brokenBy(first, second);
    if (rule !== null) return this.fail(1002, 'protocol-error', rule, end);

    let payloadBytes = second;
    let headerBytes = 2;
    if (second === 126) {
      if (available < 4) return this.need(4);
      payloadBytes = buffer.readUInt16BE(at + 2);
      headerBytes = 4;
    } else if (second === 127) {
      if (available < 10) return this.need(10);
      payloadBytes = buffer.readUInt32BE(at + 2) * 2 ** 32 + buffer.readUInt32BE(at + 6);
      headerBytes = 10;
    }
    const opcode = first & 0x0f;
    if (opcode < CLOSE && payloadBytes > this.rules.maxMessageBytes - this.messageBytes) {
      return this.fail(
        1009,
        'message-too-big',
        `a message longer than ${this.rules.maxMessageBytes} bytes`,
        end,
      );
    }
    if (available < headerBytes + payloadBytes) return this.need(headerBytes + payloadBytes);
    const payload = at + headerBytes;
    const next = payload + payloadBytes;
    if (opcode < CLOSE) this.dataFrame(first, buffer, payload, next, receivedUs);
    else this.controlFrame(opcode, buffer, payload, next, receivedUs);
    return next;
  }

  private need(bytes: number): number {
    this.neededBytes = bytes;
    return INCOMPLETE;
  }

  private fail(code: FailCode, cause: FailCause, rule: string, end: number): number {
    this.stop();
    this.sink.onBrokenRule(code, cause, rule);
    return end;
  }

  /** The rule that the first two bytes of a frame break, or null. */
  private brokenBy(first: number, second: number): string | null {
    // By far the most frames: text or binary, whole, RSV clear, not masked.
    if ((first === 0x81 || first === 0x82) && second < 0x80 && this.messageOpcode === 0) return null;
    const opcode = first & 0x0f;
    if ((first & 0x30) !== 0) return 'RSV2 and RSV3 must be clear';
    const compressed = (first & 0x40) !== 0;
    if (compressed && (!this.compression || (opcode !== TEXT && opcode !== BINARY))) {
      return 'RSV1 must be clear';
    }
    if (opcode === CONTINUATION) {
      if (this.messageOpcode === 0) return 'a continuation without a message to continue';
    } else if (opcode === TEXT || opcode === BINARY) {
      if (this.messageOpcode !== 0) return 'a new message before the end of the last one';
    } else if (opcode >= CLOSE && opcode <= PONG) {
      if ((first & 0x80) === 0) return 'a control frame must not be fragmented';
      const payloadBytes = second & 0x7f;
      if (payloadBytes > 125) return 'a control frame must not be longer than 125 bytes';
      if (opcode === CLOSE && payloadBytes === 1) return 'a close frame with half a code';
    } else {
      return `reserved opcode ${opcode}`;
    }
    return second >= 0x80 ? 'a server must not mask' : null;
  }

  private dataFrame(first: number, buffer: Buffer, start: number, end: number, receivedUs: number): void {
    const final = (first & 0x80) !== 0;
    const opcode = first & 0x0f;
    if (final && opcode !== CONTINUATION) {
      this.whole(buffer, start, end, opcode === BINARY, (first & 0x40) !== 0, receivedUs);
      return;
    }
    if (opcode !== CONTINUATION) {
      this.messageOpcode = opcode;
      this.messageCompressed = (first & 0x40) !== 0;
    }
    this.append(buffer, start, end);
    if (!final) return;
    const message = this.message ?? NOTHING;
    const messageBytes = this.messageBytes;
    const binary = this.messageOpcode === BINARY;
    this.message = null;
    this.messageBytes = 0;
    this.messageOpcode = 0;
    this.whole(message, 0, messageBytes, binary, this.messageCompressed, receivedUs);
  }

  private append(buffer: Buffer, start: number, end: number): void {
    const bytes = this.messageBytes + end - start;
    if (bytes > (this.message?.length ?? 0)) {
      const larger = Buffer.allocUnsafe(nextCapacity(bytes, this.rules.maxMessageBytes));
      this.message?.copy(larger, 0, 0, this.messageBytes);
      this.message = larger;
    }
    if (this.message !== null) buffer.copy(this.message, this.messageBytes, start, end);
    this.messageBytes = bytes;
  }

  private whole(
    buffer: Buffer,
    start: number,
    end: number,
    binary: boolean,
    compressed: boolean,
    receivedUs: number,
  ): void {
    if (compressed) {
      this.blocked = true;
      this.sink.onCompressed(buffer, start, end, binary, receivedUs);
    } else if (binary || isUtf8Range(buffer, start, end)) {
      this.sink.onMessage(buffer, start, end, binary, receivedUs);
    } else {
      this.fail(1007, 'invalid-utf8', 'text must be UTF-8', end);
    }
  }

  private controlFrame(opcode: number, buffer: Buffer, start: number, end: number, receivedUs: number): void {
    if (opcode === PING) this.sink.onPing(buffer, start, end, receivedUs);
    else if (opcode === PONG) this.sink.onPong(buffer, start, end, receivedUs);
    else this.closeFrame(buffer, start, end);
  }

  private closeFrame(buffer: Buffer, start: number, end: number): void {
    if (start === end) {
      this.stop();
      this.sink.onCloseFrame(null, '');
      return;
    }
    const code = buffer.readUInt16BE(start);
    if (!isCloseCode(code)) {
      this.fail(1002, 'protocol-error', `close code ${code} must not be sent`, end);
    } else if (!isUtf8Range(buffer, start + 2, end)) {
      this.fail(1007, 'invalid-utf8', 'a close reason must be UTF-8', end);
    } else {
      const reason = buffer.toString('utf8', start + 2, end);
      this.stop();
      this.sink.onCloseFrame(code, reason);
    }
  }
}

/** Room for `bytes` that grows twofold up to `limit`: a length that a peer only claims is not allocated. */
function nextCapacity(bytes: number, limit: number): number {
  return Math.max(bytes, Math.min(limit, Math.max(FIRST_PART_BYTES, bytes * 2)));
}
