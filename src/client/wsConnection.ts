import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { nowUs } from '../clock.js';
import { closePayload } from './closeFrame.js';
import { resetSocket } from './connector.js';
import { failure, finClose, handshakeTimeout, httpFailure, localClose, resetClose } from './failures.js';
import type {
  ClientConnection,
  Close,
  Failure,
  FailureStage,
  LocalCloseCause,
  OpenRequest,
} from './types.js';
import type { WsClient } from './wsClient.js';
import { attemptFailure, brokenRule } from './wsFailures.js';
import { compressionThreshold } from './wsParts.js';

/** One attempt and its connection over the `ws` package, which reports less than the socket underneath knows. */
export class WsConnection implements ClientConnection {
  private state: 'opening' | 'open' | 'closed' = 'opening';
  private readonly webSocket: WebSocket;
  private socket: Socket | null = null;
  private connectedUs: number | null = null;
  private securedUs: number | null = null;
  private readUs = 0;
  /** Our own close, or the rule that the peer broke. */
  private ending: Close | null = null;
  private ruleBroken = false;
  private streamEnded = false;
  private streamError: Error | null = null;

  constructor(
    private readonly client: WsClient,
    private readonly connection: number,
    request: OpenRequest,
    private readonly startUs: number,
  ) {
    this.webSocket = this.createWebSocket(request);
    this.listen();
    client.handshakes.start(this);
  }

  private createWebSocket(request: OpenRequest): WebSocket {
    const { scheme, settings } = this.client;
    const { compression, maxMessageBytes, closeTimeoutUs } = settings;
    const { host } = request.endpoint;
    return new WebSocket(`${scheme}://${host}${request.path}`, [...request.subprotocols], {
      headers: { Host: host, ...request.headers },
      perMessageDeflate: compression === null ? false : { ...compression },
      maxPayload: maxMessageBytes,
      closeTimeout: Math.ceil(closeTimeoutUs / 1000),
      // The fast engine has no such limits.
      maxFragments: 0,
      maxBufferedChunks: 0,
      maxPendingAutoPongs: 0,
      createConnection: () => this.connect(request),
    });
  }

  /** Called by `ws` before its constructor returns. */
  private connect(request: OpenRequest): Socket {
    const socket = this.client.connect({ ...request, localPort: null });
    this.socket = socket;
    socket.once('connect', () => {
      this.connectedUs = nowUs();
    });
    socket.once('secureConnect', () => {
      this.securedUs = nowUs();
    });
    socket.on('end', () => {
      this.streamEnded = true;
    });
    socket.on('error', (error) => {
      this.streamError ??= error;
    });
    return socket;
  }

  private listen(): void {
    const { webSocket, client, connection } = this;
    const { listener } = client;
    webSocket.on('open', () => this.opened());
    webSocket.on('unexpected-response', (_request, response) => this.refused(response));
    webSocket.on('error', (error) => this.onError(error));
    webSocket.on('close', (code, reason) => this.onClose(code, reason));
    webSocket.on('message', (message, binary) => {
      if (this.state !== 'open' || !Buffer.isBuffer(message)) return;
      listener.onMessage(connection, message, 0, message.length, binary, this.readUs);
    });
    webSocket.on('ping', () => {
      if (this.state === 'open') listener.onPing(connection, this.readUs);
    });
    webSocket.on('pong', (payload) => {
      if (this.state === 'open') listener.onPong(connection, payload, 0, payload.length, this.readUs);
    });
  }

  private opened(): void {
    if (this.state !== 'opening' || this.socket === null || this.connectedUs === null) return;
    const atUs = nowUs();
    this.client.handshakes.cancel(this);
    this.state = 'open';
    this.readUs = atUs;
    countBytes(this.socket, this.client);
    this.socket.prependListener('data', (bytes: Buffer) => {
      this.readUs = nowUs();
      this.client.bytesReceived += bytes.length;
    });
    const upgradeStartUs = this.securedUs ?? this.connectedUs;
    const handshake = {
      tcpUs: this.connectedUs - this.startUs,
      tlsUs: this.securedUs === null ? null : this.securedUs - this.connectedUs,
      upgradeUs: atUs - upgradeStartUs,
      totalUs: atUs - this.startUs,
      subprotocol: this.webSocket.protocol,
    };
    this.client.listener.onOpen(this.connection, handshake, atUs);
  }

  private refused({ httpVersion, statusCode, statusMessage, headers }: IncomingMessage): void {
    const statusLine = `HTTP/${httpVersion} ${statusCode} ${statusMessage}`;
    this.fail(httpFailure(statusCode ?? 0, statusLine, headers.location, headers['retry-after']));
  }

  private onError(error: Error): void {
    if (this.state === 'opening') {
      this.fail(attemptFailure(error, this.stage(), this.streamEnded));
    } else if (this.state === 'open') {
      const record = brokenRule(error);
      this.ruleBroken = true;
      this.ending = { ...record, code: this.ending?.code ?? record.code };
    }
  }

  private onClose(code: number, reason: Buffer): void {
    if (this.state !== 'open') return;
    // 1006 is what `ws` says without a close frame, 1005 for an empty one.
    if (code !== 1006) this.ending ??= serverClose(code === 1005 ? null : code, reason);
    if (this.ending !== null && (this.ruleBroken || code !== 1006)) this.finish(this.ending);
    else if (this.streamError !== null) this.finish(resetClose(this.streamError));
    else if (this.streamEnded) this.finish(finClose());
    else this.finish(localClose('local-abort', 'the peer did not answer our close frame in time'));
  }

  private stage(): FailureStage {
    if (this.connectedUs === null) return 'tcp';
    return this.client.settings.tls !== null && this.securedUs === null ? 'tls' : 'upgrade';
  }

  /** The deadline for opening has passed. */
  handshakeTimedOut(): void {
    this.fail(handshakeTimeout(this.stage(), this.client.settings.handshakeTimeoutUs));
  }

  private fail(reason: Failure): void {
    if (this.state !== 'opening') return;
    this.state = 'closed';
    this.client.handshakes.cancel(this);
    this.webSocket.terminate();
    this.client.listener.onFailed(this.connection, reason, nowUs());
  }

  private finish(record: Close): void {
    this.state = 'closed';
    this.client.listener.onClosed(this.connection, record, nowUs());
  }

  get isSendable(): boolean {
    return this.state === 'open' && this.webSocket.readyState === WebSocket.OPEN;
  }

  get bufferedBytes(): number {
    return this.state === 'open' ? this.webSocket.bufferedAmount : 0;
  }

  send(payload: Uint8Array, binary: boolean): void {
    if (!this.isSendable) return;
    const { compression } = this.client.settings;
    if (compression === null) {
      this.webSocket.send(payload, { binary });
    } else {
      // While something is being compressed `ws` keeps later payloads by reference.
      const compress = payload.length >= compressionThreshold(compression);
      this.webSocket.send(Buffer.from(payload), { binary, compress });
    }
  }

  ping(payload: Uint8Array): void {
    if (!this.isSendable) return;
    this.webSocket.ping(this.client.settings.compression === null ? payload : Buffer.from(payload));
  }

  pauseReading(): void {
    if (this.isSendable) this.webSocket.pause();
  }

  resumeReading(): void {
    if (this.state === 'open') this.webSocket.resume();
  }

  close(code: number, reason: string, cause: LocalCloseCause): void {
    closePayload(code, reason);
    if (this.state === 'opening') {
      this.fail(failure('local', 'local-abort', 'closed while still opening'));
    } else if (this.isSendable) {
      this.ending = { initiator: 'client', code, cause, example: reason };
      this.webSocket.close(code, reason);
      // The peer's own close frame and the end of its stream come last.
      this.resumeReading();
    }
  }

  abort(cause: 'local-abort' | 'heartbeat-timeout' | 'fault'): void {
    if (this.state === 'opening') {
      this.fail(failure('local', 'local-abort', 'aborted while still opening'));
    } else if (this.state === 'open') {
      if (this.socket !== null) resetSocket(this.socket);
      this.finish(localClose(cause, ''));
    }
  }
}

function serverClose(code: number | null, reason: Buffer): Close {
  return { initiator: 'server', code, cause: 'close-frame', example: reason.toString() };
}

/** `ws` hands whole frames to the socket: their lengths are the bytes on the wire. */
function countBytes(socket: Socket, client: WsClient): void {
  const write = socket.write;
  socket.write = function countedWrite(this: Socket, chunk: Uint8Array | string, ...rest: never[]): boolean {
    client.bytesSent += chunk.length;
    return write.call(this, chunk, ...rest);
  };
}
