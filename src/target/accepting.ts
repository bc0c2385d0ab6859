import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { nowUs } from '../clock.js';
import { TargetError } from '../errors.js';

/** Where the targets that wsherd starts listen. */
export const LOOPBACK = '127.0.0.1';

const RETRY_MS = 25;
const CONNECT_TIMEOUT_MS = 2000;

/** Below it are the ports of well-known servers. */
const LEAST_PORT = 10_000;
const PORT_TRIES = 100;

/**
 * Waits until something accepts TCP connections there. Opens and closes TCP only, so that the target sees no
 * upgrade that is not in the record.
 * @returns null when it accepts, else what the last try ended with.
 */
export async function waitForAccept(
  host: string,
  port: number,
  waitUs: number,
  isHopeless: () => boolean,
): Promise<string | null> {
  const untilUs = nowUs() + waitUs;
  for (;;) {
    const failure = await tryAccept(host, port);
    if (failure === null || isHopeless() || nowUs() >= untilUs) return failure;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** One TCP connection, closed at once. Null when it was accepted, else the error's code. */
function tryAccept(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (failure: string | null): void => {
      socket.destroy();
      resolve(failure);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => finish('ETIMEDOUT'));
    socket.once('connect', () => finish(null));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
  });
}

/**
 * Waits until a port of the loopback interface refuses connections. Only asks: what listened there to try it would take
 * connections that are to be refused.
 * @returns False when it still does not when the time is over.
 */
export async function waitForRefusal(port: number, waitUs: number): Promise<boolean> {
  const untilUs = nowUs() + waitUs;
  while ((await tryAccept(LOOPBACK, port)) !== 'ECONNREFUSED') {
    if (nowUs() >= untilUs) return false;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return true;
}

/**
 * A port on the loopback interface that nobody listens on; if there is one, from below the range that the kernel gives
 * to outgoing connections. A target that goes down must find its port free when it comes again, and a client that is
 * given the very port it connects to would be connected to itself (RFC 9293 section 3.5, simultaneous open).
 */
export async function freePort(): Promise<number> {
  const firstOutgoing = firstOutgoingPort();
  for (let tries = 0; tries < PORT_TRIES && firstOutgoing > LEAST_PORT; tries++) {
    const port = await tryListen(randomInt(LEAST_PORT, firstOutgoing));
    if (port !== null) return port;
  }
  const port = await tryListen(0);
  if (port === null) throw new TargetError(`No port is free on ${LOOPBACK}.`);
  return port;
}

function firstOutgoingPort(): number {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1'), 10);
  } catch {
    // RFC 6335 section 6.
    return 49_152;
  }
}

/** Null when the port is taken. */
function tryListen(wanted: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(wanted, LOOPBACK, () => {
      const address = server.address();
      const port = address === null || typeof address === 'string' ? null : address.port;
      server.close(() => resolve(port));
    });
  });
}
