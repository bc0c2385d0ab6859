import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Ledger } from './ledger.js';
import type { ServerOptions } from './options.js';
import { createPeerClass, type Peer, type PeerClass } from './peer.js';

/** Makes a peer of each client, whoever has answered its upgrade request. */
export class Upgrades extends WebSocketServer<PeerClass> {
  readonly #Peer: PeerClass;

  constructor(ledger: Ledger, { maxPayloadBytes, perMessageDeflate }: ServerOptions) {
    const settings = {
      noServer: true,
      WebSocket: createPeerClass(ledger),
      maxPayload: maxPayloadBytes,
      perMessageDeflate,
      // By default ws cuts a client off that has more than 60 pongs under way: after a stall that would be
      // a client whose heartbeats piled up, and no fault of its own.
      maxPendingAutoPongs: 0,
    };
    super(settings);
    this.#Peer = settings.WebSocket;
  }

  /**
   * Makes a client of a socket on which the protocols have been switched already. In public, ws only offers to do both;
   * `setSocket` is its own next step after the answer, on either side, and leaves frames, pongs and closing to it as for
   * every other client: writing frames over ws's Receiver and Sender would be a second kind of peer.
   * @param head What the client has sent right behind its request.
   */
  adopt(socket: Duplex, head: Buffer): Peer {
    const peer = new this.#Peer(null, undefined, this.options);
    peer.setSocket(socket, head, this.options);
    this.clients.add(peer);
    peer.on('close', () => this.clients.delete(peer));
    return peer;
  }
}
