import { nowUs } from '../clock.js';
import type { Emit, Outgoing } from './defineDialect.js';
import {
  ANSWERS_NOTHING,
  createEvent,
  type DialectEvent,
  type DialectListener,
  EventKind,
  UNKNOWN_SEQUENCE,
} from './dialect.js';

const MAX_ERROR_CHARACTERS = 200;
const NOTHING = Buffer.alloc(0);

/** What a dialect of the user's own says of one connection. After the connection's end nobody hears it. */
export class ConnectionEmit implements Emit {
  private readonly event: DialectEvent = createEvent();
  private isOpen = true;
  /** Of the message that is being received; null between messages, when a dialect may speak up too. */
  private receivedUs: number | null = null;

  constructor(
    private readonly connection: number,
    private readonly binary: boolean,
    private readonly listener: DialectListener,
  ) {}

  /** The bytes `[start, end)` are what `message` without content is about, until `end` is called. */
  begin(buffer: Buffer, start: number, end: number, receivedUs: number): void {
    const { event } = this;
    event.buffer = buffer;
    event.start = start;
    event.end = end;
    this.receivedUs = receivedUs;
  }

  end(): void {
    this.event.buffer = NOTHING;
    this.event.start = 0;
    this.event.end = 0;
    this.receivedUs = null;
  }

  close(): void {
    this.isOpen = false;
  }

  ready(): void {
    this.tell(EventKind.ready, UNKNOWN_SEQUENCE);
  }

  joined(): void {
    this.tell(EventKind.joined, UNKNOWN_SEQUENCE);
  }

  pong(sequence?: number): void {
    this.tell(EventKind.pong, checkedSequence(sequence));
  }

  acknowledged(sequence?: number): void {
    this.tell(EventKind.acknowledged, checkedSequence(sequence));
  }

  echoed(sequence: number): void {
    this.tell(EventKind.message, checkedSequence(sequence));
  }

  message(content?: Outgoing): void {
    const { event } = this;
    const { buffer, start, end } = event;
    if (content !== undefined) {
      event.buffer = bytesOf(content);
      event.start = 0;
      event.end = event.buffer.length;
    }
    this.tell(EventKind.message, ANSWERS_NOTHING);
    event.buffer = buffer;
    event.start = start;
    event.end = end;
  }

  error(text: string): void {
    this.tell(EventKind.error, UNKNOWN_SEQUENCE, String(text).slice(0, MAX_ERROR_CHARACTERS));
  }

  send(message: Outgoing): boolean {
    return this.isOpen && this.listener.send(this.connection, bytesOf(message), this.binary);
  }

  private tell(kind: EventKind, sequence: number, text = ''): void {
    if (!this.isOpen) return;
    const { event } = this;
    event.kind = kind;
    event.sequence = sequence;
    event.text = text;
    this.listener.onDialectEvent(this.connection, event, this.receivedUs ?? nowUs());
  }
}

/** Throws a TypeError for what cannot be sent: the module may be JavaScript. */
export function bytesOf(content: unknown): Buffer {
  if (typeof content === 'string') return Buffer.from(content);
  if (Buffer.isBuffer(content)) return content;
  if (content instanceof Uint8Array) {
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  }
  throw new TypeError(`gave ${kindOf(content)} where text or bytes belong`);
}

function checkedSequence(sequence: unknown): number {
  if (sequence === undefined) return UNKNOWN_SEQUENCE;
  if (typeof sequence === 'number' && Number.isInteger(sequence) && sequence >= 0) return sequence;
  throw new TypeError(`gave ${kindOf(sequence)} where the number of a message belongs`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return String(value);
  if (value instanceof Promise) return 'a promise';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
