/** A server that takes memory of a known size: `--port N --state BYTES --leak BYTES`, of each connection, while it is open or for good. */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    state: { type: 'string', default: '0' },
    leak: { type: 'string', default: '0' },
  },
});
const leaked = [];
const http = createServer((request, response) => {
  const { rss, heapUsed } = process.memoryUsage();
  response.end(
    request.url === '/metrics'
      ? `process_resident_memory_bytes ${rss}\nprocess_cpu_seconds_total ${process.cpuUsage().user / 1e6}\nnodejs_heap_size_used_bytes ${heapUsed}\n`
      : 'ok\n',
  );
});
new WebSocketServer({ server: http }).on('connection', (socket) => {
  // Filled, so that its pages are there.
  socket.state = Buffer.alloc(Number(values.state), 1);
  if (values.leak !== '0') leaked.push(Buffer.alloc(Number(values.leak), 1));
  socket.on('error', () => {});
});
http.listen(Number(values.port), '127.0.0.1');
