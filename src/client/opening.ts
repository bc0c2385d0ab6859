import type { PerMessageDeflate } from 'ws';
import type { AnswerMemory } from './answerMemory.js';
import { agreeOnDeflate } from './deflate.js';
import { failure, handshakeTimeout, isAddressTaken } from './failures.js';
import { randomKey } from './random.js';
import type { ClientSettings, Failure, FailureStage, Handshake, OpenRequest } from './types.js';
import { headLength, requestText } from './upgrade.js';

/** What server and client agreed to. */
export interface Opened {
  readonly subprotocol: string;
  readonly deflate: PerMessageDeflate | null;
  /** Bytes of the last read that follow the head of the answer: the first frames. */
  readonly frameBytes: number;
}

/** What is known of an attempt until it is open. */
export class Opening {
  private readonly key = randomKey();
  /** What has come of the answer, as Latin-1. */
  private answer = '';
  private connectedUs: number | null = null;
  private securedUs: number | null = null;

  constructor(
    private readonly settings: ClientSettings,
    readonly request: OpenRequest,
    private readonly startUs: number,
    private readonly answers: AnswerMemory,
  ) {}

  /** The TCP connection is up. */
  connected(atUs: number): void {
    this.connectedUs = atUs;
  }

  /** TLS is up. */
  secured(atUs: number): void {
    this.securedUs = atUs;
  }

  /** What the attempt is waiting for. */
  get stage(): FailureStage {
    if (this.connectedUs === null) return 'tcp';
    return this.settings.tls !== null && this.securedUs === null ? 'tls' : 'upgrade';
  }

  /** The port that was asked for cannot be had; nothing has left this machine. */
  isPortTaken(error: Error): boolean {
    return this.request.localPort !== null && this.connectedUs === null && isAddressTaken(error);
  }

  timeout(): Failure {
    return handshakeTimeout(this.stage, this.settings.handshakeTimeoutUs);
  }

  /** The request to send, to be written as Latin-1; `offer` is the value of Sec-WebSocket-Extensions, or null. */
  requestText(offer: string | null): string {
    return requestText(this.request, this.key, offer);
  }

  /** Adds to the answer; null while its head is not complete. */
  receive(text: string): Opened | Failure | null {
    this.answer += text;
    const headBytes = headLength(this.answer);
    if (typeof headBytes !== 'number') return headBytes;
    const head = this.answer.slice(0, headBytes);
    const agreement = this.answers.check(head, this.key, this.request.subprotocols);
    if ('cause' in agreement) return agreement;
    const { subprotocol, extensions } = agreement;
    try {
      const deflate = agreeOnDeflate(this.settings, extensions);
      return { subprotocol, deflate, frameBytes: this.answer.length - headBytes };
    } catch (error) {
      return failure(
        'upgrade',
        'bad-extension',
        `Sec-WebSocket-Extensions: ${extensions} (${String(error)})`,
      );
    }
  }

  /** The times of an attempt that was answered at `answeredUs`. */
  handshake(subprotocol: string, answeredUs: number): Handshake {
    const connectedUs = this.connectedUs ?? answeredUs;
    const upgradeStartUs = this.securedUs ?? connectedUs;
    return {
      tcpUs: connectedUs - this.startUs,
      tlsUs: this.securedUs === null ? null : this.securedUs - connectedUs,
      upgradeUs: answeredUs - upgradeStartUs,
      totalUs: answeredUs - this.startUs,
      subprotocol,
    };
  }
}
