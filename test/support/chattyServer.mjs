/**
 * A WebSocket server of somebody else's: `node chattyServer.mjs --port N [--secret TEXT]`. It prints who connects and gives
 * away whatever it is told, by the first part of the path:
 *
 * /echo    sends every message back
 * /close   closes with 4001 and what it was told as the reason
 * /refuse  answers 401 with what it was told in the status line
 * /move    redirects to a long address with what it was told near the place where texts are cut
 */
import { createServer, STATUS_CODES } from 'node:http';
import { WebSocketServer } from 'ws';

const MAX_REASON_BYTES = 123;

const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
const http = createServer();
const upgrades = new WebSocketServer({ noServer: true });

http.on('upgrade', (request, socket, head) => {
  const told = `${request.url} ${request.headers.authorization ?? ''}`.trim();
  console.log(`upgrade ${told}`);
  const [, way] = request.url.split(/[/?]/);
  if (way === 'refuse') refuse(socket, 401, `${STATUS_CODES[401]} ${told}`, '');
  else if (way === 'move') refuse(socket, 302, 'Found', `Location: /${'x'.repeat(130)}/${told}\r\n`);
  else {
    upgrades.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (message, binary) => client.send(message, { binary }));
      if (way === 'close') client.close(4001, told.slice(0, MAX_REASON_BYTES));
    });
  }
});
http.listen(port, '127.0.0.1');

function refuse(socket, status, text, headers) {
  socket.end(`HTTP/1.1 ${status} ${text}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}
