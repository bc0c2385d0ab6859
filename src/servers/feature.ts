import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Ledger } from './ledger.js';
import type { ServerOptions } from './options.js';
import type { Peer } from './peer.js';
import type { Refusal } from './refusal.js';

/** What a reference server consists of beyond the common base; called once, when it starts. */
export type ServerDefinition = (options: ServerOptions) => readonly Feature[];

/** One behaviour of a server, made anew for each that starts. */
export type Feature = (parts: ServerParts) => Hooks;

/** What a feature may use. */
export interface ServerParts {
  readonly ledger: Ledger;
  readonly peers: ReadonlySet<Peer>;
  /** Refuses an upgrade by HTTP, counted by its status. */
  refuse(socket: Duplex, refusal: Refusal): void;
  /** To be called before the event loop is blocked: a ledger that is kept on file is written down. */
  writeLedger(): void;
  /** The TCP connection of a client's socket, which may be TLS. */
  transportBelow(socket: Socket): Socket;
}

/**
 * What a feature has done with an upgrade request: nothing; all that there is to do, since it has refused it or taken its
 * socket over; or switched protocols, so that a client is on the socket.
 */
type UpgradeAnswer = 'none' | 'done' | 'switched';

/** Where a feature takes part; features are called in the order of their list. */
export interface Hooks {
  /** Keeps an upgrade request waiting: nobody is asked about it, and it is no upgrade yet, until `proceed` is called. */
  readonly beforeUpgrade?: (socket: Duplex, proceed: () => void) => void;
  /** The first answer but `none` stands, and nobody else is asked. */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex) => UpgradeAnswer;
  readonly onOpen?: (peer: Peer, request: IncomingMessage) => void;
  /** True: the message is dealt with, and nobody else gets it. */
  readonly onMessage?: (peer: Peer, payload: Buffer, binary: boolean) => boolean;
  readonly onPong?: (peer: Peer) => void;
  readonly onClose?: (peer: Peer) => void;
  /** Fields for `/stats` beside the common ones. */
  readonly stats?: () => Readonly<Record<string, unknown>>;
  /** The server ends: stop timers, destroy the sockets that were taken over. */
  readonly stop?: () => void;
}
