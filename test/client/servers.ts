import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions as ServerTlsOptions, TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A new self-signed certificate for `localhost`. */
export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'wsherd-certificate-'));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', keyFile, '-out', certFile];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...files], { stdio: 'pipe' });
  const certificate = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  rmSync(folder, { recursive: true });
  return certificate;
}

/** A `ws` server on a port of its own until the end of the test. */
export async function wsServer(
  onConnection: (peer: WebSocket, url: string) => void,
  options: ServerOptions = {},
  tls: ServerTlsOptions | null = null,
  onSecure: (socket: TLSSocket) => void = () => {},
): Promise<{ port: number; server: WebSocketServer }> {
  const listener = tls === null ? null : createHttpsServer(tls);
  const place = listener === null ? { port: 0, host: '127.0.0.1' } : { server: listener };
  const server = new WebSocketServer({ ...options, ...place });
  server.on('connection', (peer, request) => onConnection(peer, request.url ?? ''));
  listener?.on('secureConnection', onSecure);
  listener?.listen(0, '127.0.0.1');
  await new Promise((resolve) => (listener ?? server).once('listening', resolve));
  onTestFinished(() => {
    for (const peer of server.clients) peer.terminate();
    server.close();
    listener?.closeAllConnections();
    listener?.close();
  });
  return { port: portOf((listener ?? server).address()), server };
}

/** A bare TCP server on a port of its own until the end of the test. */
export async function tcpServer(
  onSocket: (socket: Socket) => void,
): Promise<{ port: number; server: Server }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: portOf(server.address()), server };
}

/** A server that reads the head of the request and then says what `answer` makes of its key. */
export function answering(
  answer: (key: string, head: string) => string | Buffer,
  then: (socket: Socket) => void = () => {},
): Promise<{ port: number; server: Server }> {
  return tcpServer((socket) => {
    let head = '';
    socket.on('data', function read(bytes: Buffer) {
      head += bytes.toString('latin1');
      if (!head.endsWith('\r\n\r\n')) return;
      socket.off('data', read);
      socket.resume();
      const key = /^sec-websocket-key: (.*)\r$/im.exec(head)?.[1] ?? '';
      socket.write(answer(key, head), 'latin1');
      then(socket);
    });
  });
}

/** The head with which a server accepts `key`. */
export function switching(key: string, headers = ''): string {
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return (
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${accept}\r\n${headers}\r\n`
  );
}

const DEAF_SERVER = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;

/** The port of a server that never accepts and whose queue is full, so that the kernel drops what comes. */
export async function fullAcceptQueue(): Promise<number> {
  const child = spawn(process.execPath, ['-e', DEAF_SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const port = Number(await new Promise((resolve) => child.stdout.once('data', resolve)));
  for (let i = 0; i < 8; i++) {
    const filler = connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => void filler.destroy());
  }
  // The kernel completes these handshakes by itself; 100 ms is ample on loopback.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return port;
}

export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
