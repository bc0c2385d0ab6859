import { nowUs } from '../clock.js';
import { type Connect, createConnector } from './connector.js';
import { Deadlines } from './deadlines.js';
import { checkRequest } from './requestRules.js';
import type {
  Client,
  ClientConnection,
  ClientListener,
  ClientSettings,
  Engine,
  OpenRequest,
} from './types.js';
import { WsConnection } from './wsConnection.js';

/**
 * The reference engine, over the `ws` package. Throws a `UsageError` for certificates that cannot be used;
 * `open` throws one for a request that must not be sent.
 */
export const wsEngine: Engine = (settings, listener) => new WsClient(settings, listener);

/** What the connections of one `ws` client share. */
export class WsClient implements Client {
  bytesSent = 0;
  bytesReceived = 0;
  readonly scheme: 'ws' | 'wss';
  readonly handshakes: Deadlines<WsConnection>;
  readonly connect: Connect;

  constructor(
    readonly settings: ClientSettings,
    readonly listener: ClientListener,
  ) {
    this.scheme = settings.tls === null ? 'ws' : 'wss';
    this.connect = createConnector(settings);
    this.handshakes = new Deadlines(settings.handshakeTimeoutUs, (connection) =>
      connection.handshakeTimedOut(),
    );
  }

  open(connection: number, request: OpenRequest): ClientConnection {
    checkRequest(request);
    return new WsConnection(this, connection, request, nowUs());
  }
}
