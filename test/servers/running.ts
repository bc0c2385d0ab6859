import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import type { ServerName } from '../../src/servers/list.js';
import type { GivenServerOptions } from '../../src/servers/options.js';
import type { RunningServer } from '../../src/servers/reference.js';
import { startServer } from '../../src/servers/start.js';

/** For `expect.poll`: a loaded machine may take its time. */
export const patiently = { timeout: 10_000 };

const running: RunningServer[] = [];
const clients: WebSocket[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

/** Starts a reference server in this process, until the end of the test. */
export async function serve(name: ServerName, options: GivenServerOptions = {}): Promise<RunningServer> {
  const server = await startServer(name, options);
  running.push(server);
  return server;
}

/** Where a server listens, in this process or in another. */
export type Address = Pick<RunningServer, 'port' | 'scheme' | 'ca'>;

function urlOf({ scheme, port }: Address, path = '/'): string {
  return `${scheme}://127.0.0.1:${port}${path}`;
}

/** A client that has not opened yet. */
export function connectClient(
  server: Address,
  path = '/',
  options: ClientOptions = {},
  subprotocols: string[] = [],
): WebSocket {
  const trust = server.ca === null ? {} : { ca: server.ca };
  const client = new WebSocket(urlOf(server, path), subprotocols, { ...trust, ...options });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

export async function openClient(
  server: Address,
  path = '/',
  options: ClientOptions = {},
): Promise<WebSocket> {
  const client = connectClient(server, path, options);
  await once(client, 'open');
  return client;
}

interface Ending {
  readonly code: number;
  readonly reason: string;
}

export async function endOf(client: WebSocket): Promise<Ending> {
  const [code, reason] = await once(client, 'close');
  return { code, reason: String(reason) };
}

export async function statsOf({ port }: Pick<Address, 'port'>): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${port}/stats`);
  const stats: unknown = await response.json();
  if (typeof stats !== 'object' || stats === null) throw new Error('stats is no object');
  return { ...stats };
}

/** Until the server has noticed that all its clients are gone. */
export async function whenAllClosed({ ledger }: RunningServer): Promise<void> {
  await expect.poll(() => ledger.opened - ledger.closed, patiently).toBe(0);
}

/** What a client that owns its socket sees of an upgrade attempt and what follows. */
interface RawEnding {
  readonly received: Buffer;
  /** Whether the stream ended by FIN, as against a reset. */
  readonly ended: boolean;
  readonly errorCode: string | null;
}

const exampleKey = 'dGhlIHNhbXBsZSBub25jZQ==';

/** Sends an upgrade request over bare TCP, and does nothing else: no close frame is answered. */
export function requestUpgrade(port: number, path: string, version = '13'): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const headers = [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${exampleKey}`,
    `Sec-WebSocket-Version: ${version}`,
  ];
  socket.write(`${headers.join('\r\n')}\r\n\r\n`);
  return socket;
}

/** Requests an upgrade and collects what comes until the connection ends. */
export async function upgradeRaw(port: number, path: string, version = '13'): Promise<RawEnding> {
  const socket = requestUpgrade(port, path, version);
  const chunks: Buffer[] = [];
  let ended = false;
  let errorCode: string | null = null;
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('end', () => {
    ended = true;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    errorCode = error.code ?? error.message;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return { received: Buffer.concat(chunks), ended, errorCode };
}
