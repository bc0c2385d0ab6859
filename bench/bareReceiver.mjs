/**
 * A receive loop with nothing behind it: the client, and a counter. argv[2]: `{ url, members, everyMs, sizeBytes,
 * warmUpSeconds, seconds }` as JSON. The first connection publishes, which the server sends to all.
 */
import process from 'node:process';
import { fastEngine } from '../dist/client/fastClient.js';

const { url, members, everyMs, sizeBytes, warmUpSeconds, seconds } = JSON.parse(process.argv[2]);
const { hostname, port } = new URL(url);
const endpoint = { address: hostname, port: Number(port), host: `${hostname}:${port}` };
let received = 0;
let opened = 0;
const connections = [];
const client = fastEngine(
  {
    tls: null,
    compression: null,
    handshakeTimeoutUs: 10e6,
    closeTimeoutUs: 5e6,
    maxMessageBytes: 2 ** 20,
  },
  {
    onOpen() {
      opened++;
      if (opened === members) publish();
      else openNext();
    },
    onFailed(_connection, failure) {
      throw new Error(`${failure.stage}: ${failure.cause}`);
    },
    onMessage() {
      received++;
    },
    onPing() {},
    onPong() {},
    onClosed() {},
  },
);

function openNext() {
  const request = { endpoint, path: '/', headers: {}, subprotocols: [], localAddress: null, localPort: null };
  connections.push(client.open(connections.length, request));
}

function publish() {
  const payload = Buffer.alloc(sizeBytes, 'x');
  setInterval(() => connections[0].send(payload, false), everyMs);
  setTimeout(measure, warmUpSeconds * 1000);
}

function measure() {
  const before = { cpu: process.cpuUsage(), received };
  setTimeout(() => {
    const cpu = process.cpuUsage(before.cpu);
    process.send({ cpu, during: { 'messages.received': received - before.received } }, () => process.exit());
  }, seconds * 1000);
}

openNext();
