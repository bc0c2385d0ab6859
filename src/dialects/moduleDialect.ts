import { nowUs } from '../clock.js';
import { bytesOf, ConnectionEmit } from './connectionEmit.js';
import type { DialectDefinition } from './defineDialect.js';
import {
  createEvent,
  type Dialect,
  type DialectEvent,
  type DialectListener,
  EventKind,
  LOBBY,
  type MessageId,
} from './dialect.js';

const MAX_ERROR_CHARACTERS = 200;

/** What a call gives that has thrown. */
const FAILED = Symbol('failed');

/** A definition, text or binary as it says itself. */
export type AnyDefinition = DialectDefinition<string | Buffer, unknown> & { readonly binary?: boolean };

/** A dialect of the user's own. What one of its functions throws is an `error` event, and nothing is sent. */
export class ModuleDialect implements Dialect {
  readonly binary: boolean;
  readonly confirmsJoin: boolean;
  private readonly emits: Array<ConnectionEmit | null>;
  private readonly sessions: unknown[];
  /** Of its own: patterns may still be reading the event of a message when a call fails. */
  private readonly failure: DialectEvent = { ...createEvent(), kind: EventKind.error };

  constructor(
    private readonly definition: AnyDefinition,
    connections: number,
    private readonly listener: DialectListener,
  ) {
    this.binary = definition.binary === true;
    this.confirmsJoin = definition.waitsForJoined === true;
    this.emits = new Array<ConnectionEmit | null>(connections).fill(null);
    this.sessions = new Array<unknown>(connections).fill(undefined);
  }

  onOpen(connection: number): void {
    const { definition } = this;
    const emit = new ConnectionEmit(connection, this.binary, this.listener);
    this.emits[connection] = emit;
    const session = this.call(connection, 'open', () => definition.open?.(emit));
    if (session === FAILED) return;
    if (session instanceof Promise) {
      this.fail(connection, 'open', new Error('gave a promise: a session has to be there at once'));
      return;
    }
    this.sessions[connection] = session;
    if (definition.waitsForReady !== true) emit.ready();
  }

  receive(
    connection: number,
    buffer: Buffer,
    start: number,
    end: number,
    _binary: boolean,
    receivedUs: number,
  ): void {
    const emit = this.emits[connection];
    if (emit === null || emit === undefined) return;
    emit.begin(buffer, start, end, receivedUs);
    this.call(connection, 'receive', () =>
      this.definition.receive(this.contentOf(buffer, start, end), emit, this.sessions[connection]),
    );
    emit.end();
  }

  onClose(connection: number): void {
    this.emits[connection]?.close();
    this.emits[connection] = null;
    this.call(connection, 'close', () => this.definition.close?.(this.sessions[connection]));
    this.sessions[connection] = undefined;
  }

  writeHeartbeat(connection: number, sequence: number): Uint8Array | null {
    const { definition, sessions } = this;
    if (definition.heartbeat === undefined) return null;
    return this.write(connection, 'heartbeat', () => definition.heartbeat?.(sequence, sessions[connection]));
  }

  writeEcho(connection: number, sequence: number, sizeBytes: number): Uint8Array | null {
    const { definition, sessions } = this;
    if (definition.echo === undefined) return null;
    return this.write(connection, 'echo', () => definition.echo?.(sequence, sizeBytes, sessions[connection]));
  }

  writeJoin(connection: number, room: number): Uint8Array | null {
    const { definition, sessions } = this;
    if (definition.join === undefined || room === LOBBY) return null;
    return this.write(connection, 'join', () => definition.join?.(room, sessions[connection]));
  }

  writeLeave(connection: number, room: number): Uint8Array | null {
    const { definition, sessions } = this;
    if (definition.leave === undefined || room === LOBBY) return null;
    return this.write(connection, 'leave', () => definition.leave?.(room, sessions[connection]));
  }

  writePublish(connection: number, room: number, payload: Buffer, id: MessageId): Uint8Array | null {
    const { definition, sessions } = this;
    if (definition.publish === undefined) return null;
    const content = this.contentOf(payload, 0, payload.length);
    return this.write(connection, 'publish', () =>
      definition.publish?.(room === LOBBY ? null : room, content, id, sessions[connection]),
    );
  }

  writeAcknowledgement(connection: number, buffer: Buffer, start: number, end: number): Uint8Array | null {
    const { definition, sessions } = this;
    if (definition.acknowledge === undefined) return null;
    const message = this.contentOf(buffer, start, end);
    return this.write(connection, 'acknowledge', () =>
      definition.acknowledge?.(message, sessions[connection]),
    );
  }

  private contentOf(buffer: Buffer, start: number, end: number): string | Buffer {
    return this.binary ? buffer.subarray(start, end) : buffer.toString('utf8', start, end);
  }

  private write(connection: number, name: string, say: () => unknown): Uint8Array | null {
    const message = this.call(connection, name, say);
    if (message === null || message === FAILED) return null;
    try {
      return bytesOf(message);
    } catch (error) {
      this.fail(connection, name, error);
      return null;
    }
  }

  /** What the function gives, or `FAILED` when it throws. One that fails after a while has failed too. */
  private call(connection: number, name: string, run: () => unknown): unknown {
    try {
      const emit = this.emits[connection];
      const result = run();
      if (result instanceof Promise) {
        result.catch((error: unknown) => {
          // By then the connection may be another one.
          if (this.emits[connection] === emit) this.fail(connection, name, error);
        });
      }
      return result;
    } catch (error) {
      this.fail(connection, name, error);
      return FAILED;
    }
  }

  private fail(connection: number, name: string, error: unknown): void {
    const { failure } = this;
    const reason = error instanceof Error ? error.message : String(error);
    failure.text = `${name}: ${reason}`.slice(0, MAX_ERROR_CHARACTERS);
    this.listener.onDialectEvent(connection, failure, nowUs());
  }
}
