import type { Socket } from 'node:net';
import { belongs } from '../share.js';
import type { Peer } from './peer.js';

/** How a share of a server's open connections is to end. */
export interface Disconnection {
  /** 0 to 1. */
  readonly share: number;
  readonly how: 'server-close' | 'reset' | 'fin';
  /** Of the close frame, for `server-close`. */
  readonly code: number;
}

/**
 * Begins to end a share of the open ones among these peers, spread evenly over them.
 * @param transportBelow Gives the TCP connection of a peer's socket.
 * @returns How many.
 */
export function disconnectShare(
  peers: Iterable<Peer>,
  { share, how, code }: Disconnection,
  transportBelow: (socket: Socket) => Socket,
): number {
  const open = [...peers].filter((peer) => peer.readyState === peer.OPEN);
  const chosen = open.filter((_, i) => belongs(i, share));
  for (const peer of chosen) {
    const { stream } = peer;
    if (how === 'server-close') peer.close(code);
    else if (how === 'fin') stream.end();
    else transportBelow(stream).resetAndDestroy();
  }
  return chosen.length;
}
