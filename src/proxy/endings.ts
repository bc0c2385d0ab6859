import type { Socket } from 'node:net';
import type { EndKind } from './messages.js';

/** How long the peer of a stream that we have ended may take to end its own, and one that is to be reset to be connected. */
const LINGER_MS = 5000;

/** Ends a socket for good. What it still receives is of no interest. */
export function endSocket(socket: Socket, how: EndKind): void {
  if (how === 'fin') finishSocket(socket);
  else resetSocket(socket);
}

function resetSocket(socket: Socket): void {
  // libuv refuses to reset while a FIN is being sent, and Node would leave the descriptor open then.
  const isSendingFin = socket.writableEnded && !socket.writableFinished;
  if (socket.connecting) resetOnceConnected(socket);
  else if (socket.pending || isSendingFin) socket.destroy();
  else if (!socket.destroyed) socket.resetAndDestroy();
}

/** The peer may have accepted it though we have not heard of that yet: closed now, it would end with FIN. */
function resetOnceConnected(socket: Socket): void {
  // Node waits for the connection.
  socket.resetAndDestroy();
  destroyLater(socket);
}

function destroyLater(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}

/** Ends with FIN and reads on: a socket closed with bytes unread, or closed before bytes come, answers with RST. */
function finishSocket(socket: Socket): void {
  if (socket.pending) {
    socket.destroy();
    return;
  }
  socket.end();
  socket.resume();
  destroyLater(socket);
}
