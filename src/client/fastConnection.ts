import { nowUs } from '../clock.js';
import { closePayload } from './closeFrame.js';
import { resetSocket } from './connector.js';
import { failure, finClose, localClose, resetClose, socketFailure } from './failures.js';
import type { FastClient } from './fastClient.js';
import { type FailCause, type FailCode, FrameReader } from './frameReader.js';
import { FrameStart, maskedFrame, recycleFrame } from './frameWriter.js';
import { type CompressionSink, MessageCompression } from './messageCompression.js';
import { type Opened, Opening } from './opening.js';
import { type OwnedSocket, onread, ownSocket, readBuffer, type SocketOwner } from './ownedSocket.js';
import type { ClientConnection, Close, Failure, LocalCloseCause, OpenRequest } from './types.js';

const LEFT_TO_THE_KERNEL = { localAddress: null, localPort: null };
const NO_PAYLOAD = Buffer.alloc(0);
/** Past this many bytes that await a decompression the socket is not read any more. */
const MAX_ARRIVED_BYTES = 1024 * 1024;

/** One attempt and its connection over a bare socket. */
export class FastConnection implements ClientConnection, CompressionSink, SocketOwner {
  private socket: OwnedSocket;
  /** Null once open or failed. */
  private opening: Opening | null;
  /** Null until open, and after the end. */
  private reader: FrameReader | null = null;
  private compression: MessageCompression | null = null;
  /** From `onOpen` to the first close frame of either side, or the end of the stream. */
  isSendable = false;
  /** What the close that is going on will be recorded as. */
  private ending: Close | null = null;
  /** Nothing that still happens to the stream changes `ending`. */
  private settled = false;
  /** How the stream ended, while messages before its end are still being decompressed. */
  private streamEnd: Close | null = null;
  /** The owner wants nothing more read. */
  private pausedByOwner = false;

  constructor(
    private readonly client: FastClient,
    private readonly connection: number,
    request: OpenRequest,
    startUs: number,
  ) {
    this.opening = new Opening(client.settings, request, startUs, client.answers);
    this.socket = this.connect(request);
    client.handshakes.start(this);
  }

  private connect(request: OpenRequest): OwnedSocket {
    const { client } = this;
    return ownSocket(client.connect(request, onread), this, client.settings.tls !== null);
  }

  onConnected(atUs: number): void {
    if (this.opening === null) return;
    this.opening.connected(atUs);
    if (this.client.settings.tls === null) this.sendRequest(this.opening);
  }

  onSecured(atUs: number): void {
    if (this.opening === null) return;
    this.opening.secured(atUs);
    this.sendRequest(this.opening);
  }

  private sendRequest(opening: Opening): void {
    this.socket.write(opening.requestText(this.client.offer), 'latin1');
  }

  onBytes(bytes: number, receivedUs: number): void {
    if (this.reader !== null) {
      this.receive(this.reader, 0, bytes, receivedUs);
    } else if (this.opening !== null) {
      const answer = this.opening.receive(readBuffer.toString('latin1', 0, bytes));
      if (answer === null) return;
      if ('cause' in answer) this.fail(answer);
      else this.opened(this.opening, answer, bytes, receivedUs);
    }
  }

  private opened(opening: Opening, answer: Opened, bytes: number, receivedUs: number): void {
    const { client } = this;
    const { subprotocol, deflate, frameBytes } = answer;
    this.opening = null;
    client.handshakes.cancel(this);
    const reader = new FrameReader(this, client.settings, deflate !== null);
    this.reader = reader;
    if (deflate !== null) {
      this.compression = new MessageCompression(deflate, client.settings.compression ?? {}, reader, this);
    }
    this.isSendable = true;
    client.listener.onOpen(this.connection, opening.handshake(subprotocol, receivedUs), receivedUs);
    // The owner may have aborted it.
    if (frameBytes > 0 && this.reader !== null) this.receive(reader, bytes - frameBytes, bytes, receivedUs);
  }

  private receive(reader: FrameReader, start: number, end: number, receivedUs: number): void {
    this.client.bytesReceived += end - start;
    if (this.compression === null) {
      reader.read(readBuffer, start, end, receivedUs);
    } else {
      this.compression.receive(readBuffer, start, end, receivedUs);
      this.regulateReading();
    }
  }

  onMessage(buffer: Buffer, start: number, end: number, binary: boolean, receivedUs: number): void {
    this.client.listener.onMessage(this.connection, buffer, start, end, binary, receivedUs);
  }

  onCompressed(buffer: Buffer, start: number, end: number, binary: boolean, receivedUs: number): void {
    this.compression?.inflate(buffer, start, end, binary, receivedUs);
  }

  onCaughtUp(): void {
    this.regulateReading();
    if (this.streamEnd !== null) this.streamEnded(this.streamEnd);
  }

  /** The socket is read unless its owner, or what waits to be decompressed, forbids it. */
  private regulateReading(): void {
    if (this.reader === null) return;
    const { compression, socket } = this;
    const backlogged = compression?.busy === true && compression.arrivedBytes > MAX_ARRIVED_BYTES;
    const pauses = this.pausedByOwner || backlogged;
    if (pauses === socket.isPaused()) return;
    if (pauses) socket.pause();
    else socket.resume();
  }

  onPing(buffer: Buffer, start: number, end: number, receivedUs: number): void {
    // Nothing is sent after our close frame, but the server has counted this one.
    if (this.isSendable) this.write(maskedFrame(FrameStart.pong, buffer.subarray(start, end)));
    this.client.listener.onPing(this.connection, receivedUs);
  }

  onPong(buffer: Buffer, start: number, end: number, receivedUs: number): void {
    this.client.listener.onPong(this.connection, buffer, start, end, receivedUs);
  }

  /** The answer to our close frame, or the peer's own, which is answered with the same code. */
  onCloseFrame(code: number | null, reason: string): void {
    this.settled = true;
    if (this.ending !== null) return;
    this.ending = { initiator: 'server', code, cause: 'close-frame', example: reason };
    this.sendClose(code === null ? NO_PAYLOAD : closePayload(code, ''));
    this.endStream();
  }

  /** RFC 6455 section 7.1.7. */
  onBrokenRule(code: FailCode, cause: FailCause, rule: string): void {
    const sent = this.ending?.code ?? code;
    if (this.ending === null) this.sendClose(closePayload(code, ''));
    this.ending = { initiator: 'client', code: sent, cause, example: rule };
    this.settled = true;
    this.endStream();
  }

  onEnd(): void {
    if (this.opening !== null) {
      this.fail(failure(this.opening.stage, 'fin', 'the server ended the stream before it answered'));
    } else {
      this.streamEnded(finClose());
    }
  }

  onError(error: Error): void {
    const { opening } = this;
    if (opening?.isPortTaken(error))
      this.socket = this.connect({ ...opening.request, ...LEFT_TO_THE_KERNEL });
    else if (opening !== null) this.fail(socketFailure(opening.stage, error));
    else this.streamEnded(resetClose(error));
  }

  private streamEnded(record: Close): void {
    if (this.reader === null) return;
    this.isSendable = false;
    // What came before the end of the stream comes first.
    if (!this.settled && this.compression?.busy) this.streamEnd = record;
    else this.finish(this.settled && this.ending !== null ? this.ending : record);
  }

  handshakeTimedOut(): void {
    if (this.opening !== null) this.fail(this.opening.timeout());
  }

  closeTimedOut(): void {
    if (this.settled && this.ending !== null) this.finish(this.ending);
    else this.finish(localClose('local-abort', 'the peer did not answer our close frame in time'));
  }

  private fail(reason: Failure): void {
    this.opening = null;
    this.client.handshakes.cancel(this);
    this.socket.destroy();
    this.client.listener.onFailed(this.connection, reason, nowUs());
  }

  private finish(record: Close): void {
    if (this.reader === null) return;
    this.reader.stop();
    this.reader = null;
    this.isSendable = false;
    this.client.closes.cancel(this);
    this.compression?.close();
    this.socket.destroy();
    this.client.listener.onClosed(this.connection, record, nowUs());
  }

  /** In the order of the calls, also while an earlier message is still being compressed. */
  private write(frame: Buffer): void {
    if (this.compression === null) this.writeNow(frame);
    else this.compression.inOrder(frame.length, () => this.writeNow(frame));
  }

  private writeNow(frame: Buffer): void {
    this.client.bytesSent += frame.length;
    this.socket.write(frame);
    if (this.socket.writableLength === 0) recycleFrame(frame);
  }

  private sendClose(payload: Buffer): void {
    this.isSendable = false;
    this.write(maskedFrame(FrameStart.close, payload));
    this.client.closes.start(this);
    // The peer's own close frame and the end of its stream come last.
    this.resumeReading();
  }

  private endStream(): void {
    if (this.compression === null) this.socket.end();
    else this.compression.inOrder(0, () => this.socket.end());
  }

  get bufferedBytes(): number {
    return this.socket.writableLength + (this.compression?.waitingBytes ?? 0);
  }

  send(payload: Uint8Array, binary: boolean): void {
    if (!this.isSendable) return;
    const firstByte = binary ? FrameStart.binary : FrameStart.text;
    if (this.compression?.compresses(payload.length)) {
      this.compression.compress(Buffer.from(payload), (compressed) => {
        this.writeNow(maskedFrame(firstByte | FrameStart.compressed, compressed));
      });
    } else {
      this.write(maskedFrame(firstByte, payload));
    }
  }

  ping(payload: Uint8Array): void {
    if (this.isSendable) this.write(maskedFrame(FrameStart.ping, payload));
  }

  pauseReading(): void {
    if (!this.isSendable) return;
    this.pausedByOwner = true;
    this.regulateReading();
  }

  resumeReading(): void {
    this.pausedByOwner = false;
    this.regulateReading();
  }

  close(code: number, reason: string, cause: LocalCloseCause): void {
    const payload = closePayload(code, reason);
    if (this.opening !== null) {
      this.fail(failure('local', 'local-abort', 'closed while still opening'));
    } else if (this.isSendable) {
      this.ending = { initiator: 'client', code, cause, example: reason };
      this.sendClose(payload);
    }
  }

  abort(cause: 'local-abort' | 'heartbeat-timeout' | 'fault'): void {
    if (this.opening !== null) {
      this.fail(failure('local', 'local-abort', 'aborted while still opening'));
    } else if (this.reader !== null) {
      resetSocket(this.socket);
      this.finish(localClose(cause, ''));
    }
  }
}
