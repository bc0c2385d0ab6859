import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { Hooks } from './feature.js';
import { countUnder, type Ledger } from './ledger.js';
import type { Peer } from './peer.js';

/**
 * Returns what a server does with each client that is let in: counts it and tells the features.
 * The listeners are made once per server and find their peer in `this`: an idle client costs no closure.
 */
export function createAdmission(ledger: Ledger, hooks: readonly Hooks[]) {
  const openHooks = hooks.flatMap(({ onOpen }) => onOpen ?? []);
  const messageHooks = hooks.flatMap(({ onMessage }) => onMessage ?? []);
  const pongHooks = hooks.flatMap(({ onPong }) => onPong ?? []);
  const closeHooks = hooks.flatMap(({ onClose }) => onClose ?? []);

  function onMessage(this: WebSocket, payload: RawData, binary: boolean): void {
    ledger.messagesIn++;
    // ws makes a Buffer of every message unless `binaryType` says otherwise, and nobody sets that.
    for (const hook of messageHooks) if (hook(this as Peer, payload as Buffer, binary)) return;
  }

  function onPing(): void {
    ledger.pingsIn++;
  }

  function onPong(this: WebSocket): void {
    ledger.pongsIn++;
    for (const hook of pongHooks) hook(this as Peer);
  }

  function onClose(this: WebSocket, reportedCode: number): void {
    const peer = this as Peer;
    ledger.closed++;
    countUnder(ledger.closesByCode, peer.closeKey(reportedCode));
    for (const hook of closeHooks) hook(peer);
  }

  return function admit(peer: Peer, request: IncomingMessage): void {
    ledger.opened++;
    peer.on('message', onMessage).on('ping', onPing).on('pong', onPong);
    peer.on('close', onClose).on('error', onPeerError);
    for (const hook of openHooks) hook(peer, request);
  };
}

/** A client that breaks the protocol is counted by the close code that ws answers it with. */
function onPeerError(): void {}
