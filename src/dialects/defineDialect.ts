import type { MessageId } from './dialect.js';

/** What a dialect gives to be sent. It goes in a text frame, or in a binary one when the dialect says `binary: true`. */
export type Outgoing = string | Uint8Array;

/** Says what a message of the server meant. One for each connection, from its opening until its end. */
export interface Emit {
  /** The application has let the connection in; only for dialects with `waitsForReady`. */
  ready(): void;
  /** The server has let it into the room that it asked for first; only for dialects with `waitsForJoined`. */
  joined(): void;
  /** The answer to a heartbeat: to the oldest without an answer, where the server does not say which. */
  pong(sequence?: number): void;
  /** The server has a message that was published: the oldest, where it does not say which. */
  acknowledged(sequence?: number): void;
  /** The answer to an `echo`. */
  echoed(sequence: number): void;
  /** A published message. Without content it is the message just received, as it is: wsherd finds the payload in it. */
  message(content?: Outgoing): void;
  /** The server has refused something, in its words. */
  error(text: string): void;
  /** Sends something at once, such as a login or the answer to the server's own ping. False: too much is unsent. */
  send(message: Outgoing): boolean;
}

/**
 * A protocol of your own. What it must remember of a connection is its session: whatever `open` returns, made anew
 * whenever the connection opens. Every function answers at once; only `receive` may be async, and emit until the
 * connection ends. What a function throws is counted as an error of the dialect. Null means that there is nothing to
 * send.
 */
export interface DialectDefinition<Content extends Outgoing, Session> {
  /** True: a connection is ready when `receive` calls `emit.ready()`; else as soon as it is open. */
  readonly waitsForReady?: boolean;
  /** True: a connection is in a room when `receive` calls `emit.joined()`; else a second after it has asked. */
  readonly waitsForJoined?: boolean;
  open?(emit: Emit): Session;
  /** Rooms are numbers from 0. */
  join?(room: number, session: Session): Outgoing | null;
  leave?(room: number, session: Session): Outgoing | null;
  /** @param room Null: everybody is in one room. */
  publish?(room: number | null, payload: Content, id: MessageId, session: Session): Outgoing | null;
  heartbeat?(sequence: number, session: Session): Outgoing | null;
  /** Tells the server that a message was received. */
  acknowledge?(message: Content, session: Session): Outgoing | null;
  /** A message of about `sizeBytes` that the server sends back. */
  echo?(sequence: number, sizeBytes: number, session: Session): Outgoing | null;
  /** Everything that the server sends. Bytes are valid during the call only. */
  receive(message: Content, emit: Emit, session: Session): void;
  close?(session: Session): void;
}

/** Messages are strings. */
export interface TextDialect<Session> extends DialectDefinition<string, Session> {
  readonly binary?: false;
}

/** Messages are bytes, in binary frames. */
export interface BinaryDialect<Session> extends DialectDefinition<Buffer, Session> {
  readonly binary: true;
}

/** Gives a dialect of your own its types; export what it returns as the default of a module. */
export function defineDialect<Session = undefined>(definition: TextDialect<Session>): TextDialect<Session>;
export function defineDialect<Session = undefined>(
  definition: BinaryDialect<Session>,
): BinaryDialect<Session>;
export function defineDialect<Session>(
  definition: TextDialect<Session> | BinaryDialect<Session>,
): TextDialect<Session> | BinaryDialect<Session> {
  return definition;
}
