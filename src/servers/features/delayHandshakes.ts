import type { Duplex } from 'node:stream';
import type { Feature } from '../feature.js';
import type { HandshakeOptions } from '../options.js';
import { DelayLine } from '../passing/delayLine.js';

interface Waiting {
  readonly socket: Duplex;
  readonly proceed: () => void;
}

/**
 * Keeps every upgrade request waiting for a fixed time, as a server does that asks somebody else who its client is: the
 * handshake takes longer, and the CPU has no part in it.
 */
export function delayHandshakes({ delayUs }: HandshakeOptions): Feature {
  return () => {
    const line = new DelayLine<Waiting>(delayUs, goOn);
    return {
      beforeUpgrade: (socket, proceed) => {
        // Nobody else listens to the socket while it waits.
        socket.on('error', destroyIt);
        line.add({ socket, proceed });
      },
      // Each learns that the server is stopping.
      stop: () => line.stop().forEach(goOn),
    };
  };
}

/** A client that has gone meanwhile has not been seen. */
function goOn({ socket, proceed }: Waiting): void {
  socket.off('error', destroyIt);
  if (!socket.destroyed) proceed();
}

function destroyIt(this: Duplex): void {
  this.destroy();
}
