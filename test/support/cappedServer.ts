/** A WebSocket server with a limit that is known, on a port of its own; ends with the test file. */
import { createServer, type Server } from 'node:http';
import { afterAll } from 'vitest';
import { WebSocketServer } from 'ws';

export interface Cap {
  /** Connections that it holds; what comes beyond is refused with 503. */
  readonly connections?: number;
  /** Answers nothing any more once it has refused so many. */
  readonly breaksAfter?: number;
}

export interface CappedServer {
  readonly url: string;
}

const servers: Server[] = [];

afterAll(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

export async function cappedServer({
  connections = Number.POSITIVE_INFINITY,
  breaksAfter = Number.POSITIVE_INFINITY,
}: Cap): Promise<CappedServer> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  let open = 0;
  let refused = 0;
  server.on('upgrade', (request, socket, head) => {
    if (open >= connections || refused >= breaksAfter) {
      refused++;
      socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    open++;
    socket.on('close', () => open--);
    sockets.handleUpgrade(request, socket, head, (connection) => {
      connection.on('message', (data, binary) => connection.send(data, { binary }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return { url: `ws://127.0.0.1:${address.port}/` };
}
