import { connect, isIP, type OnReadOpts, type Socket, type TcpNetConnectOpts } from 'node:net';
import {
  type ConnectionOptions,
  createSecureContext,
  type SecureContext,
  TLSSocket,
  connect as tlsConnect,
} from 'node:tls';
import { UsageError } from '../errors.js';
import type { ClientSettings, OpenRequest, TlsOptions } from './types.js';

/** Starts a TCP connection, and TLS over it where the target is `wss`; sockets are not read but through `onread`. */
export type Connect = (to: Way, onread?: OnReadOpts) => Socket;

type Way = Pick<OpenRequest, 'endpoint' | 'localAddress' | 'localPort'>;

/** The way to a target's sockets; certificates and keys are read once for all of them. */
export function createConnector(settings: ClientSettings): Connect {
  return settings.tls === null ? connectTcp : tlsConnector(settings.tls);
}

const connectTcp: Connect = ({ endpoint, localAddress, localPort }, onread) =>
  connect({
    host: endpoint.address,
    port: endpoint.port,
    noDelay: true,
    autoSelectFamily: false,
    ...(localAddress !== null && { localAddress }),
    ...(localPort !== null && { localPort }),
    ...(onread && { onread }),
  });

function tlsConnector(tls: TlsOptions): Connect {
  const secureContext = createContext(tls);
  let lastSession: Buffer | null = null;
  return ({ endpoint, localAddress, localPort }, onread) => {
    // tls.connect hands its options on to net.Socket, which its types do not say.
    const options: ConnectionOptions & TcpNetConnectOpts = {
      host: endpoint.address,
      port: endpoint.port,
      autoSelectFamily: false,
      secureContext,
      servername: tls.servername ?? serverName(endpoint.host),
      rejectUnauthorized: tls.verify,
      ...(lastSession !== null && { session: lastSession }),
      ...(localAddress !== null && { localAddress }),
      ...(localPort !== null && { localPort }),
      ...(onread && { onread }),
    };
    const socket = tlsConnect(options);
    // This one is not handed on.
    socket.setNoDelay(true);
    if (tls.resume) {
      // With TLS 1.3 tickets arrive after the handshake: the latest one is offered to the next connection.
      socket.on('session', (session) => {
        lastSession = session;
      });
    }
    return socket;
  };
}

function createContext({ ca, cert, key }: TlsOptions): SecureContext {
  try {
    return createSecureContext({ ca, cert, key });
  } catch (error) {
    throw new UsageError(`connect.tls: the certificates or the key cannot be used: ${String(error)}`);
  }
}

/** RFC 6066 section 3: an address is no server name; the empty string sends none. */
function serverName(host: string): string {
  const { hostname } = new URL(`wss://${host}`);
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? bare : '';
}

/** Ends a stream at once, with RST where the socket can do it: Node offers that for bare TCP only. */
export function resetSocket(socket: Socket): void {
  if (socket.connecting || socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
