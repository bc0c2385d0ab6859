import {
  ANSWERS_NOTHING,
  type CreateDialect,
  createEvent,
  type Dialect,
  type DialectEvent,
  type DialectListener,
  EventKind,
  LOBBY,
  type MessageId,
  UNKNOWN_SEQUENCE,
} from './dialect.js';
import { compileMessages, type JsonMessages } from './jsonMessages.js';
import { JsonReader } from './jsonReader.js';
import type { JsonTemplates } from './jsonTemplates.js';
import { findMark, isMarkAt, Marker } from './marker.js';
import type { CompiledTemplate } from './messageTemplate.js';
import { MessageWriter } from './messageWriter.js';

const MAX_ERROR_CHARACTERS = 200;

/** A protocol that speaks JSON, made of its templates, which `checkTemplates` has found to be sound. */
export function createJsonDialect(templates: JsonTemplates): CreateDialect {
  return (_connections, listener) => new JsonDialect(templates, listener);
}

class JsonDialect implements Dialect {
  readonly binary = false;
  readonly confirmsJoin: boolean;
  private readonly messages: JsonMessages;
  private readonly reader: JsonReader;
  private readonly writer = new MessageWriter();
  private readonly marker = new Marker();
  private readonly event: DialectEvent = createEvent();
  private readonly readyAtOnce: boolean;
  private readonly namesReceived: boolean;
  /** Where the last mark was found: a server puts the payload in the same place again. */
  private markOffset = 0;

  constructor(
    templates: JsonTemplates,
    private readonly listener: DialectListener,
  ) {
    const { join, expect } = templates;
    this.messages = compileMessages(templates);
    this.reader = new JsonReader(expect);
    this.confirmsJoin = join !== null && expect.joined !== null;
    this.readyAtOnce = expect.ready === null;
    this.namesReceived = expect.message !== null;
  }

  onOpen(connection: number, nowUs: number): void {
    if (!this.readyAtOnce) return;
    this.event.kind = EventKind.ready;
    this.event.sequence = UNKNOWN_SEQUENCE;
    this.event.text = '';
    this.listener.onDialectEvent(connection, this.event, nowUs);
  }

  receive(
    connection: number,
    buffer: Buffer,
    start: number,
    end: number,
    _binary: boolean,
    receivedUs: number,
  ): void {
    const { event } = this;
    event.kind = EventKind.message;
    event.sequence = ANSWERS_NOTHING;
    event.buffer = buffer;
    event.start = start;
    event.end = end;
    event.text = '';
    // What carries a mark need not be parsed.
    if (this.markIn(buffer, start, end) < 0) this.read(buffer.toString('utf8', start, end));
    this.listener.onDialectEvent(connection, event, receivedUs);
  }

  onClose(): void {}

  writeHeartbeat(_connection: number, sequence: number): Uint8Array {
    this.writer.sequence = sequence;
    return this.writer.write(this.messages.heartbeat);
  }

  writeEcho(): never {
    throw new Error('a dialect of JSON has no echo; the scenario should have been refused');
  }

  writeJoin(_connection: number, room: number): Uint8Array | null {
    return this.writeFor(room, this.messages.join);
  }

  writeLeave(_connection: number, room: number): Uint8Array | null {
    return this.writeFor(room, this.messages.leave);
  }

  writePublish(_connection: number, room: number, payload: Buffer, id: MessageId): Uint8Array {
    const { writer, messages } = this;
    writer.room = room;
    writer.payload = payload;
    writer.publisher = id.publisher;
    writer.sequence = id.sequence;
    return writer.write(room === LOBBY ? messages.publishToLobby : messages.publish);
  }

  writeAcknowledgement(_connection: number, buffer: Buffer, start: number, end: number): Uint8Array | null {
    const { writer, marker } = this;
    const { acknowledge } = this.messages;
    if (acknowledge === null) return null;
    if (this.namesReceived) {
      const id = this.reader.idOf(buffer.toString('utf8', start, end));
      if (id === null) return null;
      writer.id = id;
    } else {
      const at = this.markIn(buffer, start, end);
      if (at < 0 || !marker.read(buffer, at, end)) return null;
      writer.publisher = marker.publisher;
      writer.sequence = marker.sequence;
    }
    return writer.write(acknowledge);
  }

  private writeFor(room: number, template: CompiledTemplate | null): Uint8Array | null {
    if (template === null || room === LOBBY) return null;
    this.writer.room = room;
    return this.writer.write(template);
  }

  /** Where the first mark begins, or -1. */
  private markIn(buffer: Buffer, start: number, end: number): number {
    const likely = start + this.markOffset;
    if (isMarkAt(buffer, likely, end)) return likely;
    const at = findMark(buffer, start, end);
    if (at >= 0) this.markOffset = at - start;
    return at;
  }

  private read(text: string): void {
    const reading = this.reader.read(text);
    if (reading === null) return;
    this.event.kind = reading.kind;
    this.event.sequence = reading.sequence;
    if (reading.kind === EventKind.error) this.event.text = text.slice(0, MAX_ERROR_CHARACTERS);
  }
}
