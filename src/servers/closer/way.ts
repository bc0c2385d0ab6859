import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Peer } from '../peer.js';
import type { Refusal } from '../refusal.js';

/** A way to end a connection, before the upgrade is answered or after it. */
export type Way = WayBeforeUpgrade | WayAfterOpen;

interface WayBeforeUpgrade extends Argument {
  readonly when: 'before-upgrade';
  end(attempt: Attempt): void;
}

interface WayAfterOpen extends Argument {
  readonly when: 'after-open';
  end(connection: OpenConnection): void;
}

interface Argument {
  /** Whether the rest of the path, `1008` in `/code/1008`, is one that the way can take; absent: it takes none. */
  readonly takes?: (argument: string) => boolean;
}

/** An upgrade request that nobody answers but the way. */
export interface Attempt {
  readonly request: IncomingMessage;
  readonly argument: string;
  /** What the request came through: TCP, or TLS on it. */
  readonly socket: Duplex;
  /** The TCP connection. */
  readonly transport: Socket;
  refuse(refusal: Refusal): void;
}

/** A client that was let in. */
export interface OpenConnection {
  readonly peer: Peer;
  readonly argument: string;
  /** The text of `?reason=`, at most 123 bytes. */
  readonly reason: string;
  readonly socket: Duplex;
  readonly transport: Socket;
}
