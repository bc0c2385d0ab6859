import type { Duplex } from 'node:stream';
import { readOrder } from '../closer/order.js';
import type { Feature } from '../feature.js';
import { countUnder } from '../ledger.js';

/** Ends each connection in the way that its path names; a path that names none is refused by 404. */
export const endAsOrdered: Feature = ({ refuse, transportBelow }) => {
  const counts: Record<string, number> = {};
  const takenOver = new Set<Duplex>();

  function takeOver(socket: Duplex): void {
    takenOver.add(socket);
    socket.on('close', () => takenOver.delete(socket));
    socket.on('error', () => socket.destroy());
    // The end of the client's stream is seen only if the stream is read.
    socket.on('end', () => socket.end()).resume();
  }

  return {
    onUpgrade: (request, socket) => {
      const order = readOrder(request.url ?? '');
      if (typeof order === 'string') {
        refuse(socket, { status: 404, body: `${order}\n` });
        return 'done';
      }
      countUnder(counts, order.path);
      const { way, argument } = order;
      if (way.when === 'after-open') return 'none';
      takeOver(socket);
      const transport = transportBelow(request.socket);
      way.end({ request, argument, socket, transport, refuse: (refusal) => refuse(socket, refusal) });
      return 'done';
    },
    onOpen: (peer, request) => {
      const order = readOrder(request.url ?? '');
      if (typeof order === 'string' || order.way.when !== 'after-open') return;
      const { way, argument, reason, afterMs } = order;
      const { socket } = request;
      const end = () => {
        if (peer.readyState !== peer.OPEN) return;
        way.end({ peer, argument, reason, socket, transport: transportBelow(socket) });
      };
      if (afterMs === 0) end();
      else setTimeout(end, afterMs).unref();
    },
    stats: () => ({ ways: counts }),
    stop: () => {
      for (const socket of takenOver) socket.destroy();
    },
  };
};
