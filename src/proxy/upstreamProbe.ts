import { connect } from 'node:net';
import type { ProxySettings } from './messages.js';

const INTERVAL_MS = 50;

/**
 * Tries again and again to connect, and says when it could. Opens and closes TCP only, so that the target sees no
 * upgrade.
 * @returns What ends the trying.
 */
export function whenAccepting(
  { address, port }: ProxySettings['upstream'],
  onAccepting: () => void,
): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  function tryOnce(): void {
    const socket = connect({ host: address, port, autoSelectFamily: false });
    socket.once('connect', () => {
      socket.destroy();
      if (!stopped) onAccepting();
    });
    socket.once('error', () => {
      if (!stopped) timer = setTimeout(tryOnce, INTERVAL_MS);
    });
  }

  tryOnce();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
