import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type ServerOptions, WebSocket } from 'ws';
import type { Ledger } from './ledger.js';
import type { Outgoing } from './passing/outgoing.js';

// Shared, so that sending a message allocates no options of its own.
const asText = { binary: false };
const asBinary = { binary: true };

/**
 * One client of a reference server. Everything that leaves goes through its methods, those that ws calls
 * by itself (pongs, answers to a close frame) included: so the ledger is exact without a listener for each.
 */
export abstract class Peer extends WebSocket {
  /** The last round of server pings that the client has answered, or had no part in. */
  pongRound = 0;

  #firstCloseCode: string | null = null;

  /** Where ws keeps them; the types do not tell. */
  declare private readonly _socket: Socket;
  declare private readonly _extensions: Readonly<Record<string, unknown>>;

  /** What ws does with the socket of a new client once the protocols have been switched. */
  declare readonly setSocket: (socket: Duplex, head: Buffer, options: ServerOptions) => void;

  protected abstract readonly ledger: Ledger;

  /** Sends one message, text or binary; does nothing when the connection is no longer open. */
  sendMessage(payload: RawData | string, binary: boolean): void {
    if (this.readyState !== WebSocket.OPEN) return;
    this.ledger.messagesOut++;
    this.send(payload, binary ? asBinary : asText);
  }

  /**
   * Sends a message that goes to many, written as a frame that was made once: cheaper than `send`, which makes one for
   * each. What is compressed is so for each client anew.
   * @returns False: the connection is no longer open, and nothing was sent.
   */
  sendPrepared(message: Outgoing): boolean {
    if (this.readyState !== WebSocket.OPEN) return false;
    this.ledger.messagesOut++;
    if ('permessage-deflate' in this._extensions)
      this.send(message.payload, message.binary ? asBinary : asText);
    else this._socket.write(message.frame);
    return true;
  }

  override ping(...sent: Parameters<WebSocket['ping']>): void {
    if (this.readyState === WebSocket.OPEN) this.ledger.pingsOut++;
    super.ping(...sent);
  }

  override pong(...sent: Parameters<WebSocket['pong']>): void {
    if (this.readyState === WebSocket.OPEN) this.ledger.pongsOut++;
    super.pong(...sent);
  }

  override close(code?: number, reason?: string | Buffer): void {
    const isFirstFrame = this.readyState === WebSocket.OPEN;
    super.close(code, reason);
    // ws answers a received close frame through this method too, with the code of that frame.
    if (isFirstFrame) this.#firstCloseCode = code === undefined ? 'empty' : String(code);
  }

  /** What the frames go through: TCP, or TLS on it. Only while the connection is open. */
  get stream(): Socket {
    return this._socket;
  }

  /** The key in `closesByCode`, given the code that ws reported in its close event. */
  closeKey(reportedCode: number): string {
    if (this.#firstCloseCode !== null) return this.#firstCloseCode;
    if (reportedCode === 1006) return 'none';
    return reportedCode === 1005 ? 'empty' : String(reportedCode);
  }
}

export type PeerClass = typeof WebSocket &
  (new (
    address: null,
    subprotocols: undefined,
    settings: ServerOptions,
  ) => Peer);

/** The class of one server's peers: they know its ledger without a field in each of them. */
export function createPeerClass(ledger: Ledger): PeerClass {
  return class CountedPeer extends Peer {
    protected override get ledger(): Ledger {
      return ledger;
    }
  };
}
