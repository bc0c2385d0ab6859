/**
 * An application protocol: what it writes for an intention, and which events the bytes it reads mean.
 * One object serves all connections of a population in a thread; what it must remember of each lies in
 * arrays indexed by connection. It does not assume that one frame is one message.
 */
export interface Dialect {
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
  /** The bytes of heartbeat number `sequence`; valid until the next call. */
  writeHeartbeat(sequence: number): Uint8Array;
  /** A message of `sizeBytes` that carries `sequence` and that the server sends back; valid until the next call. */
  writeEcho(sequence: number, sizeBytes: number): Uint8Array;
}

export const EventKind = {
  /** The application let the connection in. */
  ready: 0,
  /** A message for the user of the connection. */
  message: 1,
  /** The answer to `writeHeartbeat`. */
  pong: 2,
  /** The server said no, or said something that the protocol does not have. */
  error: 3,
  other: 4,
  /** A WebSocket pong frame: made by the load side, not by a dialect. */
  transportPong: 5,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

/** `sequence` of an event that does not say which one it answers: then the oldest is meant. */
export const UNKNOWN_SEQUENCE = -1;

/** One reused object per population: read what you need before returning. */
export interface DialectEvent {
  kind: EventKind;
  /** What the answered message carried, or `UNKNOWN_SEQUENCE`. */
  sequence: number;
}

export interface DialectListener {
  onDialectEvent(connection: number, event: DialectEvent, receivedUs: number): void;
}

/** Makes the dialect of one population in one thread. */
export type CreateDialect = (connections: number, listener: DialectListener) => Dialect;
