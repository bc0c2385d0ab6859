import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { TargetError } from '../errors.js';
import { type Certificate, makeCertificate } from './certificate.js';
import type { ServerOptions } from './options.js';

/** The HTTP or HTTPS server under a reference server. */
export interface Listener {
  readonly http: HttpServer | HttpsServer;
  readonly scheme: 'ws' | 'wss';
  /** The certificate to trust, as PEM; null without TLS. */
  readonly ca: string | null;
}

/** Makes the server without listening yet; with TLS it makes a certificate first, unless it is given one. */
export async function createListener({ tls }: ServerOptions, given: Certificate | null): Promise<Listener> {
  if (!tls) return { http: createHttpServer(), scheme: 'ws', ca: null };
  const certificate = given ?? (await makeCertificate());
  return { http: createHttpsServer(certificate), scheme: 'wss', ca: certificate.cert };
}

/** Listens and resolves with the port; throws `TargetError` when the address cannot be had. */
export async function listen(http: Listener['http'], options: ServerOptions): Promise<number> {
  const { port, host, backlog } = options;
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) =>
      reject(new TargetError(listenFailure(error, options))),
    );
    http.listen({ port, host, backlog }, resolve);
  });
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

function listenFailure(error: NodeJS.ErrnoException, { port, host }: ServerOptions): string {
  const where = `port ${port} on ${host}`;
  if (error.code === 'EADDRINUSE') return `${where} is in use: choose another, or 0 for a free one`;
  if (error.code === 'EACCES')
    return `${where} is not ours to listen on: choose one from 1024 on, or 0 for a free one`;
  return `cannot listen on ${where}: ${error.message}`;
}
