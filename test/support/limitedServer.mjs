/**
 * A WebSocket echo server with a known limit: `--cost-ms N` of CPU for each message, or `--dies-above N` connections, at
 * which it ends with code 1. Listens on `--port`.
 */
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'cost-ms': { type: 'string', default: '0' },
    'dies-above': { type: 'string', default: 'Infinity' },
  },
});
const costMs = Number(values['cost-ms']);
const diesAbove = Number(values['dies-above']);

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(values.port) });
server.on('connection', (connection) => {
  if (server.clients.size > diesAbove) process.exit(1);
  connection.on('error', () => {});
  connection.on('message', (data, binary) => {
    const untilMs = performance.now() + costMs;
    while (performance.now() < untilMs);
    connection.send(data, { binary });
  });
});
