import type {
  Client,
  ClientConnection,
  ClientListener,
  Close,
  Failure,
  Handshake,
  LocalCloseCause,
  OpenRequest,
} from '../client/types.js';
import { nowUs } from '../clock.js';
import {
  createEvent,
  type Dialect,
  type DialectEvent,
  type DialectListener,
  EventKind,
} from '../dialects/dialect.js';
import { isDrop } from '../metrics/snapshot.js';
import type { Pattern } from '../patterns/pattern.js';
import type { PopulationBooks } from './books.js';
import type { Losses } from './losses.js';

/** What a connection is doing. */
const State = { absent: 0, opening: 1, open: 2, ready: 3, ending: 4 } as const;

/** Bytes that a connection may have unsent before it takes no more messages. */
const UNSENT_LIMIT_BYTES = 1024 * 1024;

const PING_BYTES = 4;

/** Hears what became of connections, when books, dialect and patterns know it already; may open and close them. */
export interface PopulationListener {
  onOpened(connection: number, atUs: number): void;
  onReady(connection: number, atUs: number): void;
  onFailed(connection: number, failure: Failure, atUs: number): void;
  onClosed(connection: number, close: Close, atUs: number): void;
}

/**
 * The connections of one population in one worker: opens them, passes what arrives to the dialect and what
 * that means to the patterns, and keeps the books. Connections are numbered from 0 within the worker.
 */
export class PopulationLoad implements ClientListener, DialectListener {
  private client!: Client;
  private dialect!: Dialect;
  private patterns: readonly Pattern[] = [];
  private readonly sockets: Array<ClientConnection | null>;
  private readonly states: Uint8Array;
  private readonly everOpened: Uint8Array;
  private readonly attemptedUs: Float64Array;
  private readonly pingPayload = Buffer.alloc(PING_BYTES);
  private readonly transportPong: DialectEvent = { ...createEvent(), kind: EventKind.transportPong };
  /** A pattern has taken the event under way for a refusal. */
  private isRefused = false;
  openCount = 0;
  openingCount = 0;

  constructor(
    readonly connections: number,
    private readonly requestOf: (connection: number) => OpenRequest,
    private readonly books: PopulationBooks,
    /** Takes out of a text what only this connection knows, such as its token: a server may say it back. */
    private readonly redact: (connection: number, text: string) => string,
    /** Null in a run without faults. */
    private readonly losses: Losses | null,
    private readonly listener: PopulationListener,
  ) {
    this.sockets = new Array<ClientConnection | null>(connections).fill(null);
    this.states = new Uint8Array(connections);
    this.everOpened = new Uint8Array(connections);
    this.attemptedUs = new Float64Array(connections);
  }

  /** Completes the construction: these three need the population itself to report to. */
  attach(client: Client, dialect: Dialect, patterns: readonly Pattern[]): void {
    this.client = client;
    this.dialect = dialect;
    this.patterns = patterns;
  }

  open(connection: number): void {
    if (this.states[connection] !== State.absent) return;
    const now = nowUs();
    this.states[connection] = State.opening;
    this.openingCount++;
    this.attemptedUs[connection] = now;
    this.books.attempted(now);
    this.sockets[connection] = this.client.open(connection, this.requestOf(connection));
  }

  isOpen(connection: number): boolean {
    const state = this.states[connection];
    return state === State.open || state === State.ready;
  }

  isReady(connection: number): boolean {
    return this.states[connection] === State.ready && this.sockets[connection]!.isSendable;
  }

  pauseReading(connection: number): void {
    this.sockets[connection]?.pauseReading();
  }

  resumeReading(connection: number): void {
    this.sockets[connection]?.resumeReading();
  }

  /** The application refuses what an open connection has to have. */
  refused(connection: number, cause: string, text: string): void {
    this.isRefused = true;
    const example = this.redact(connection, text);
    this.books.refused({ stage: 'dialect', cause, example, retryAfterUs: null }, nowUs());
  }

  /** Ends a connection by a close handshake with 1000, or cuts off an attempt. */
  close(connection: number, cause: LocalCloseCause): void {
    const state = this.states[connection];
    if (state === State.absent || state === State.ending) return;
    if (this.isReady(connection)) for (const pattern of this.patterns) pattern.onLeaving?.(connection);
    // An attempt still counts as opening until it has failed by being cut off.
    if (state !== State.opening) this.states[connection] = State.ending;
    this.sockets[connection]!.close(1000, '', cause);
  }

  abort(connection: number, cause: 'local-abort' | 'heartbeat-timeout'): void {
    if (this.states[connection] !== State.absent) this.sockets[connection]!.abort(cause);
  }

  sendPing(connection: number, sequence: number): boolean {
    const socket = this.sockets[connection]!;
    if (socket.bufferedBytes > UNSENT_LIMIT_BYTES) return false;
    this.pingPayload.writeUInt32BE(sequence);
    socket.ping(this.pingPayload);
    this.books.pingsSent.value++;
    return true;
  }

  sendHeartbeat(connection: number, sequence: number): boolean {
    return this.send(connection, this.dialect.writeHeartbeat(connection, sequence), false);
  }

  sendEcho(connection: number, sequence: number, sizeBytes: number): boolean {
    return this.send(connection, this.dialect.writeEcho(connection, sequence, sizeBytes), false);
  }

  send(connection: number, payload: Uint8Array | null, binary: boolean): boolean {
    const socket = this.sockets[connection] ?? null;
    if (payload === null || socket === null || !socket.isSendable) return false;
    if (socket.bufferedBytes > UNSENT_LIMIT_BYTES) return false;
    socket.send(payload, binary || this.dialect.binary);
    this.books.messagesSent.value++;
    return true;
  }

  onOpen(connection: number, handshake: Handshake, atUs: number): void {
    this.states[connection] = State.open;
    this.openingCount--;
    this.openCount++;
    this.books.opened(handshake, this.everOpened[connection] === 1, atUs);
    this.everOpened[connection] = 1;
    this.losses?.onOpened(connection, atUs);
    this.listener.onOpened(connection, atUs);
    this.dialect.onOpen(connection, atUs);
  }

  onFailed(connection: number, failure: Failure, atUs: number): void {
    this.states[connection] = State.absent;
    this.sockets[connection] = null;
    this.openingCount--;
    this.books.failed({ ...failure, example: this.redact(connection, failure.example) }, atUs);
    this.listener.onFailed(connection, failure, atUs);
  }

  onMessage(
    connection: number,
    buffer: Buffer,
    start: number,
    end: number,
    binary: boolean,
    receivedUs: number,
  ): void {
    this.books.messagesReceived.value++;
    this.dialect.receive(connection, buffer, start, end, binary, receivedUs);
  }

  onPing(): void {
    this.books.pingsReceived.value++;
  }

  onPong(connection: number, buffer: Buffer, start: number, end: number, receivedUs: number): void {
    this.books.pongsReceived.value++;
    if (end - start !== PING_BYTES) return; // not the echo of a ping of ours
    this.transportPong.sequence = buffer.readUInt32BE(start);
    this.onDialectEvent(connection, this.transportPong, receivedUs);
  }

  onDialectEvent(connection: number, event: DialectEvent, receivedUs: number): void {
    const { patterns } = this;
    if (event.kind === EventKind.ready) {
      if (this.states[connection] !== State.open) return;
      this.states[connection] = State.ready;
      this.books.ready.record(receivedUs - this.attemptedUs[connection]!);
      for (const pattern of patterns) pattern.onReady(connection, receivedUs);
      this.listener.onReady(connection, receivedUs);
      return;
    }
    this.isRefused = false;
    for (let i = 0; i < patterns.length; i++) patterns[i]!.onEvent(connection, event, receivedUs);
    if (event.kind !== EventKind.error) return;
    this.books.dialectErrors.value++;
    // Whoever writes a dialect has to see what the server said.
    if (!this.isRefused) this.refused(connection, 'error', event.text);
  }

  onClosed(connection: number, close: Close, atUs: number): void {
    this.states[connection] = State.absent;
    this.sockets[connection] = null;
    this.openCount--;
    this.books.closed({ ...close, example: this.redact(connection, close.example) }, atUs);
    // Before the patterns: what they still await of it is no longer that of a connection that was spared.
    if (isDrop(close)) this.losses?.onLost(connection, atUs);
    this.dialect.onClose(connection);
    for (const pattern of this.patterns) pattern.onClose(connection, close, atUs);
    this.listener.onClosed(connection, close, atUs);
  }

  /** Brings the byte counters up to date; before each snapshot. */
  countBytes(): void {
    this.books.countBytes(this.client);
  }
}
