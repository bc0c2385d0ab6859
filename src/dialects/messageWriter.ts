import { MARKER_BYTES } from './marker.js';
import { type CompiledTemplate, escapeJson, Slot } from './messageTemplate.js';

const FIRST_SCRATCH_BYTES = 1024;
/** Views and payloads that are remembered: messages come in few lengths. */
const MOST_REMEMBERED = 256;
const ZERO = 48;
const NOTHING = Buffer.alloc(0);

/** Fills templates in, into one buffer that is used again for every message: writing allocates nothing. */
export class MessageWriter {
  room = 0;
  publisher = 0;
  sequence = 0;
  payload: Buffer = NOTHING;
  /** Of a message received. */
  id: string | number = '';

  private scratch = Buffer.allocUnsafe(FIRST_SCRATCH_BYTES);
  private length = 0;
  /** The beginning of the scratch buffer by length. */
  private readonly views = new Map<number, Buffer>();
  /** By payload, what stands behind its marker, escaped; null when it needs no escaping. */
  private readonly tails = new Map<Buffer, Buffer | null>();

  /** The message with the fields as they are set; valid until the next call. */
  write(template: CompiledTemplate): Buffer {
    this.length = 0;
    for (let i = 0; i < template.length; i++) {
      const piece = template[i]!;
      if (typeof piece === 'number') this.fill(piece);
      else this.append(piece);
    }
    return this.view();
  }

  private fill(slot: Slot): void {
    switch (slot) {
      case Slot.room:
        this.appendNumber(this.room);
        break;
      case Slot.publisher:
        this.appendNumber(this.publisher);
        break;
      case Slot.sequence:
        this.appendNumber(this.sequence);
        break;
      case Slot.payload:
        this.appendPayload(this.payload);
        break;
      case Slot.idText:
        this.append(Buffer.from(escapeJson(String(this.id))));
        break;
      case Slot.idJson:
        this.append(Buffer.from(JSON.stringify(this.id)));
        break;
    }
  }

  private append(bytes: Buffer): void {
    this.reserve(bytes.length);
    this.scratch.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Decimal digits of a whole number that is not negative. */
  private appendNumber(value: number): void {
    let digits = 1;
    for (let limit = 10; limit <= value; limit *= 10) digits++;
    this.reserve(digits);
    let rest = value;
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      const quotient = Math.floor(rest / 10);
      this.scratch[at] = ZERO + rest - quotient * 10;
      rest = quotient;
    }
    this.length += digits;
  }

  /** Escapes only what is behind the marker, which changes from message to message and never needs it. */
  private appendPayload(payload: Buffer): void {
    const tail = this.tailOf(payload);
    if (tail === null) {
      this.append(payload);
      return;
    }
    this.reserve(MARKER_BYTES + tail.length);
    payload.copy(this.scratch, this.length, 0, MARKER_BYTES);
    this.length += MARKER_BYTES;
    this.append(tail);
  }

  private tailOf(payload: Buffer): Buffer | null {
    const known = this.tails.get(payload);
    if (known !== undefined) return known;
    const tail = needsEscaping(payload)
      ? Buffer.from(escapeJson(payload.toString('utf8', MARKER_BYTES)))
      : null;
    if (this.tails.size === MOST_REMEMBERED) this.tails.clear();
    this.tails.set(payload, tail);
    return tail;
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.scratch.length) return;
    const larger = Buffer.allocUnsafe(2 * needed);
    larger.set(this.scratch.subarray(0, this.length));
    this.scratch = larger;
    this.views.clear();
  }

  private view(): Buffer {
    const known = this.views.get(this.length);
    if (known !== undefined) return known;
    const view = this.scratch.subarray(0, this.length);
    if (this.views.size === MOST_REMEMBERED) this.views.clear();
    this.views.set(this.length, view);
    return view;
  }
}

/** RFC 8259, section 7: quotation mark, reverse solidus and the control characters. */
function needsEscaping(payload: Buffer): boolean {
  for (let i = MARKER_BYTES; i < payload.length; i++) {
    const byte = payload[i]!;
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c) return true;
  }
  return false;
}
