import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import type { RunningProxy } from '../../dist/proxy/proxy.js';
import { startProxy } from '../../dist/proxy/start.js';
import { scratchFolder } from '../support/scratch.js';

/** For `expect.poll`: a loaded machine may take its time. */
export const patiently = { timeout: 10_000, interval: 5 };

const cleanups: Array<() => unknown> = [];

afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
});

/** A proxy process before a port of this machine, until the end of the test. */
export async function proxyBefore(port: number, { secure = false } = {}): Promise<RunningProxy> {
  const proxy = await startProxy({
    upstream: { address: '127.0.0.1', port },
    secure,
    logFile: join(scratchFolder(), 'proxy.log'),
    onExit: () => {},
  });
  cleanups.push(() => proxy.stop());
  return proxy;
}

/** One end of a TCP connection that remembers what it has seen. */
export class Peer {
  private readonly chunks: Buffer[] = [];
  /** How the other end's stream has ended: null so far. */
  seen: 'fin' | 'reset' | null = null;

  constructor(readonly socket: Socket) {
    socket.on('data', (chunk) => this.chunks.push(chunk));
    socket.on('end', () => {
      this.seen ??= 'fin';
    });
    socket.on('error', () => {
      this.seen = 'reset';
    });
    cleanups.push(() => socket.destroy());
  }

  get received(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return this.received.toString();
  }

  send(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  async hears(text: string): Promise<void> {
    await expect.poll(() => this.text, patiently).toBe(text);
  }

  async sees(end: 'fin' | 'reset'): Promise<void> {
    await expect.poll(() => this.seen, patiently).toBe(end);
  }
}

/** A TCP server in this process whose connections the test holds in its hand. */
export class Upstream {
  readonly peers: Peer[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param port 0 for any; another to come back where one was before. */
  static async start(onPeer: (peer: Peer) => void = () => {}, port = 0): Promise<Upstream> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(port, '127.0.0.1', 4096);
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
    const upstream = new Upstream(server, address.port);
    server.on('connection', (socket) => {
      const peer = new Peer(socket);
      upstream.peers.push(peer);
      onPeer(peer);
    });
    cleanups.push(() => upstream.stop());
    return upstream;
  }

  /** The connection that has come as the n-th, from 0. */
  async peer(n: number): Promise<Peer> {
    await expect.poll(() => this.peers.length, patiently).toBeGreaterThan(n);
    return this.peers[n]!;
  }

  /** Listens no more; its connections stay. */
  stop(): void {
    this.server.close();
  }
}

/** Answers each chunk with itself. */
export function echoes(peer: Peer): void {
  peer.socket.on('data', (chunk) => peer.send(chunk));
}

/** Answers a request by the status that it asks for, `GET /503`; what follows by itself. */
export function answersHttp(peer: Peer): void {
  peer.socket.once('data', (request) => {
    const status = /^GET \/(\d+)/.exec(request.toString())?.[1];
    if (status !== undefined) peer.send(answer(status));
    echoes(peer);
  });
}

export function answer(status: string | number): string {
  return `HTTP/1.1 ${status} Whatever\r\n\r\n`;
}

/** A client that connects to the proxy. */
export function call({ port }: Pick<RunningProxy, 'port'>): Peer {
  return new Peer(connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true }));
}

/** A client that is connected to the proxy. One that the proxy resets at once may not come so far. */
export async function dial(proxy: Pick<RunningProxy, 'port'>): Promise<Peer> {
  const peer = call(proxy);
  await once(peer.socket, 'connect');
  return peer;
}

/** A client and the end of its connection at the target. */
export async function dialThrough(proxy: RunningProxy, upstream: Upstream): Promise<[Peer, Peer]> {
  const n = upstream.peers.length;
  const client = await dial(proxy);
  return [client, await upstream.peer(n)];
}

/** A client that has been answered with 101 by `answersHttp`. */
export async function dialOpened(proxy: RunningProxy): Promise<Peer> {
  const client = await dial(proxy);
  client.send('GET /101');
  await client.hears(answer(101));
  return client;
}

/** How an attempt to connect ends. */
export async function attempt({ port }: Pick<RunningProxy, 'port'>): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  cleanups.push(() => socket.destroy());
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** Long enough that what is not held back would have come through, many times over. */
export async function aWhile(ms = 150): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

export function endedBy(peers: readonly Peer[], end: 'fin' | 'reset'): number {
  return peers.filter(({ seen }) => seen === end).length;
}
