import { nowUs } from '../clock.js';
import { AnswerMemory } from './answerMemory.js';
import { type Connect, createConnector } from './connector.js';
import { Deadlines } from './deadlines.js';
import { deflateOffer } from './deflate.js';
import { FastConnection } from './fastConnection.js';
import { checkRequest } from './requestRules.js';
import type {
  Client,
  ClientConnection,
  ClientListener,
  ClientSettings,
  Engine,
  OpenRequest,
} from './types.js';

/**
 * The engine built for load, on bare sockets. Throws a `UsageError` for certificates that cannot be used;
 * `open` throws one for a request that must not be sent.
 */
export const fastEngine: Engine = (settings, listener) => new FastClient(settings, listener);

/** What the connections of one fast client share. */
export class FastClient implements Client {
  bytesSent = 0;
  bytesReceived = 0;
  /** The value of Sec-WebSocket-Extensions, or null when no compression is asked for. */
  readonly offer: string | null;
  readonly handshakes: Deadlines<FastConnection>;
  readonly closes: Deadlines<FastConnection>;
  readonly connect: Connect;
  readonly answers = new AnswerMemory();

  constructor(
    readonly settings: ClientSettings,
    readonly listener: ClientListener,
  ) {
    this.connect = createConnector(settings);
    this.offer = settings.compression === null ? null : deflateOffer(settings.compression);
    this.handshakes = new Deadlines(settings.handshakeTimeoutUs, (connection) =>
      connection.handshakeTimedOut(),
    );
    this.closes = new Deadlines(settings.closeTimeoutUs, (connection) => connection.closeTimedOut());
  }

  open(connection: number, request: OpenRequest): ClientConnection {
    checkRequest(request);
    return new FastConnection(this, connection, request, nowUs());
  }
}
