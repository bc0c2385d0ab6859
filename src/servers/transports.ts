import type { Socket } from 'node:net';
import type { Listener } from './listener.js';

/**
 * Returns what finds the TCP connection of a client's socket. A reset needs it, and below a TLS socket Node does not
 * give it away.
 */
export function trackTransports({ http, scheme }: Listener): (socket: Socket) => Socket {
  if (scheme === 'ws') return (socket) => socket;
  const transports = new Map<string, Socket>();
  http.on('connection', (transport: Socket) => {
    // A socket that has been destroyed no longer knows its address.
    const key = address(transport);
    transports.set(key, transport);
    transport.once('close', () => transports.delete(key));
  });
  return (socket) => transports.get(address(socket)) ?? socket;
}

function address({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
