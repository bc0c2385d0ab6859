/**
 * An application protocol: what it writes for an intention, and which events the bytes it reads mean.
 * One object serves all connections of a population in a thread; what it must remember of each lies in
 * arrays indexed by connection. It does not assume that one frame is one message.
 *
 * Whatever a `write...` function returns is valid until the next call of any of them. Null: there is nothing to send.
 */
export interface Dialect {
  /** All its messages go in binary frames; else in text frames, but for those published as binary. */
  readonly binary: boolean;
  /** The WebSocket is up. A dialect without a login emits `ready` at once. */
  onOpen(connection: number, nowUs: number): void;
  /** Bytes `[start, end)` of `buffer` arrived; emits 0 to n events. The bytes are valid during the call only. */
  receive(
    connection: number,
    buffer: Buffer,
    start: number,
    end: number,
    binary: boolean,
    receivedUs: number,
  ): void;
  /** The WebSocket is gone: forget what was known of the connection. */
  onClose(connection: number): void;
  /** The bytes of heartbeat number `sequence`. */
  writeHeartbeat(connection: number, sequence: number): Uint8Array | null;
  /** A message of `sizeBytes` that carries `sequence` and that the server sends back. */
  writeEcho(connection: number, sequence: number, sizeBytes: number): Uint8Array | null;
  /** The server answers a join, by `joined` or `error`. False: who has asked is believed to be in a second later. */
  readonly confirmsJoin: boolean;
  /** Asks to be let into a room. */
  writeJoin(connection: number, room: number): Uint8Array | null;
  writeLeave(connection: number, room: number): Uint8Array | null;
  /**
   * A message to everybody in a room. `payload` is what its readers are to get, unchanged but for what the protocol's
   * syntax asks for: a marker, then bytes that are either always the same in the same buffer, or plain ASCII without
   * quotes and backslashes. `id` names the message where the protocol has such a thing: no other one of the run has the
   * same two numbers.
   */
  writePublish(connection: number, room: number, payload: Buffer, id: MessageId): Uint8Array | null;
  /** Tells the server that the message in `[start, end)` was received. */
  writeAcknowledgement(connection: number, buffer: Buffer, start: number, end: number): Uint8Array | null;
}

/** The room of those who joined none, because the server has only one. */
export const LOBBY = -1;

/** One reused object: read what you need before returning. */
export interface MessageId {
  readonly publisher: number;
  readonly sequence: number;
}

export const EventKind = {
  /** The application let the connection in. */
  ready: 0,
  /** A message for the user of the connection: bytes `[start, end)` of `buffer`. */
  message: 1,
  /** The answer to `writeHeartbeat`. */
  pong: 2,
  /** The server said no, or said something that the protocol does not have; `text` is its own words. */
  error: 3,
  other: 4,
  /** A WebSocket pong frame: made by the load side, not by a dialect. */
  transportPong: 5,
  /** The answer to `writeJoin`: the oldest one that has none yet. */
  joined: 6,
  /** The server has the published message whose number is `sequence`. */
  acknowledged: 7,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

/** `sequence` of an event that does not say which one it answers: then the oldest is meant. */
export const UNKNOWN_SEQUENCE = -1;

/** `sequence` of a message that answers nothing. */
export const ANSWERS_NOTHING = -2;

/** One reused object per population: read what you need before returning. */
export interface DialectEvent {
  kind: EventKind;
  /** What the answered message carried, or `UNKNOWN_SEQUENCE`. */
  sequence: number;
  /** Of a `message`, where it lies; valid during the call only. */
  buffer: Buffer;
  start: number;
  end: number;
  /** Of an `error`, what the server said: hostile text, at most 200 characters; else empty. */
  text: string;
}

export function createEvent(): DialectEvent {
  return {
    kind: EventKind.ready,
    sequence: UNKNOWN_SEQUENCE,
    buffer: NOTHING,
    start: 0,
    end: 0,
    text: '',
  };
}

const NOTHING = Buffer.alloc(0);

export interface DialectListener {
  onDialectEvent(connection: number, event: DialectEvent, receivedUs: number): void;
  /**
   * Sends what the protocol asks for by itself, such as a login or the answer to a server's ping. The message is copied
   * before the call returns; false: nothing was sent, because too much is unsent already.
   */
  send(connection: number, message: Uint8Array, binary: boolean): boolean;
}

/** Makes the dialect of one population in one thread. */
export type CreateDialect = (connections: number, listener: DialectListener) => Dialect;
