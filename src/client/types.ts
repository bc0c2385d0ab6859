/**
 * What the load side asks of a WebSocket client and what it hears from it. Two engines implement it:
 * `fast`, built for load on bare sockets, and `ws`, the reference over the `ws` package.
 *
 * A connection is named by a number that its owner chooses, and every event carries that number:
 * no closure, no emitter and no object is made per message.
 */
import type { SecureContextOptions } from 'node:tls';

/** permessage-deflate as offered to the server (RFC 7692). */
export interface CompressionOptions {
  readonly serverNoContextTakeover?: boolean;
  readonly clientNoContextTakeover?: boolean;
  readonly serverMaxWindowBits?: number;
  readonly clientMaxWindowBits?: number;
  /** Messages shorter than this are sent uncompressed. */
  readonly thresholdBytes?: number;
}

/** Key material and trust for `wss`. */
export interface TlsOptions extends Pick<SecureContextOptions, 'ca' | 'cert' | 'key'> {
  readonly servername?: string;
  /** False accepts any certificate. */
  readonly verify: boolean;
  /** True offers the session of an earlier connection of this thread. */
  readonly resume: boolean;
}

/** Where a connection goes: one of the target's instances. */
export interface Endpoint {
  /** Literal IP address: the name was resolved once, before the run. */
  readonly address: string;
  readonly port: number;
  /** The value of the Host header, with the port where it is not the scheme's own. */
  readonly host: string;
}

/** What all connections of one client share. */
export interface ClientSettings {
  readonly tls: TlsOptions | null;
  readonly compression: CompressionOptions | null;
  readonly handshakeTimeoutUs: number;
  /** How long to await the peer's close frame, then the end of its stream, after ours. */
  readonly closeTimeoutUs: number;
  /** Larger messages end the connection with 1009. */
  readonly maxMessageBytes: number;
}

/** What is particular to one connection. */
export interface OpenRequest {
  readonly endpoint: Endpoint;
  /** Path with query, starting with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly subprotocols: readonly string[];
  /** Source address to bind, or null to leave it to the kernel. */
  readonly localAddress: string | null;
  /** Source port to bind. Where it is taken, and with null, the kernel chooses; the engine `ws` always lets it. */
  readonly localPort: number | null;
}

/** The stages of a successful handshake, in microseconds. `tlsUs` is null without TLS. */
export interface Handshake {
  readonly tcpUs: number;
  readonly tlsUs: number | null;
  readonly upgradeUs: number;
  /** tcp + tls + upgrade. */
  readonly totalUs: number;
  /** The subprotocol the server selected, or the empty string. */
  readonly subprotocol: string;
}

export type FailureStage = 'local' | 'dns' | 'tcp' | 'tls' | 'upgrade' | 'dialect';

/** Why an attempt did not open. Wire trouble is data, not an exception. */
export interface Failure {
  readonly stage: FailureStage;
  /** See docs/close-codes.md: `refused`, `timeout`, `http-503`, `bad-accept`, ... */
  readonly cause: string;
  /** One line for people, as the server or the system said it: hostile text, not escaped, at most 200 characters. */
  readonly example: string;
  /** From the Retry-After header of a refused upgrade, else null. */
  readonly retryAfterUs: number | null;
}

export type CloseInitiator = 'client' | 'server' | 'network';

export type CloseCause =
  | 'close-frame'
  | 'fin'
  | 'reset'
  | 'target-exit'
  | 'fault'
  | 'heartbeat-timeout'
  | 'protocol-error'
  | 'message-too-big'
  | 'invalid-utf8'
  | 'local-close'
  | 'local-abort';

/** How an open connection ended. */
export interface Close {
  readonly initiator: CloseInitiator;
  /** The code of the close frame that began the close, or null without a frame or with an empty one. */
  readonly code: number | null;
  readonly cause: CloseCause;
  /** The close reason, or which rule the peer broke: hostile text, not escaped. */
  readonly example: string;
}

/** Causes that the owner of a connection may give for ending it. */
export type LocalCloseCause = Extract<
  CloseCause,
  'close-frame' | 'local-close' | 'heartbeat-timeout' | 'fault'
>;

/**
 * The owner of a client's connections. All `...Us` are instants on the machine's monotonic clock; that of
 * a received frame is taken once per socket read, before any parsing.
 *
 * Bytes `[start, end)` of `buffer` are valid during the call only: the next read overwrites them.
 * Exactly one of `onFailed` or `onOpen` is called per attempt, and after `onOpen` exactly one `onClosed`.
 * The owner may close, abort or send from inside any of these calls.
 */
export interface ClientListener {
  onOpen(connection: number, handshake: Handshake, atUs: number): void;
  onFailed(connection: number, failure: Failure, atUs: number): void;
  onMessage(
    connection: number,
    buffer: Buffer,
    start: number,
    end: number,
    binary: boolean,
    receivedUs: number,
  ): void;
  /** A ping was received, and has been answered unless the connection is closing. */
  onPing(connection: number, receivedUs: number): void;
  onPong(connection: number, buffer: Buffer, start: number, end: number, receivedUs: number): void;
  onClosed(connection: number, close: Close, atUs: number): void;
}

/** One attempt to open, and after `onOpen` the open connection. Calls after its end do nothing. */
export interface ClientConnection {
  /** From open until either end begins the close handshake; before and after, nothing is sent. */
  readonly isSendable: boolean;
  /** Bytes handed over but not yet accepted by the kernel. */
  readonly bufferedBytes: number;
  /** The payload is copied or masked into a frame before the call returns: the caller may reuse it. */
  send(payload: Uint8Array, binary: boolean): void;
  ping(payload: Uint8Array): void;
  /**
   * Reads nothing more from the socket until `resumeReading`, or until either end begins the close handshake: what the
   * peer sends waits in kernel buffers, then with the peer. What has been read is still handed on. How the peer ends
   * the connection may stay unseen meanwhile. Does nothing unless `isSendable`.
   */
  pauseReading(): void;
  resumeReading(): void;
  /**
   * Starts the close handshake; `onClosed` follows when the stream has ended, at the latest after
   * `closeTimeoutUs` (then with cause `local-abort`). `cause` goes into the close record when the close
   * handshake completes. While still opening: the attempt is cut off and fails with `local-abort`.
   */
  close(code: number, reason: string, cause: LocalCloseCause): void;
  /** Resets the connection at once; `onClosed` (cause as given) or `onFailed` (`local-abort`) is called before it returns. */
  abort(cause: Extract<CloseCause, 'local-abort' | 'heartbeat-timeout' | 'fault'>): void;
}

/** One per population and thread. */
export interface Client {
  /** Starts an attempt. Events for it may come from the next turn of the event loop on, never during the call. */
  open(connection: number, request: OpenRequest): ClientConnection;
  /** Bytes on the wire of all connections so far, TLS records and HTTP handshakes not counted. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export type Engine = (settings: ClientSettings, listener: ClientListener) => Client;
