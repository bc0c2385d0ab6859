import { type AddressInfo, connect, createServer } from 'node:net';
import { nowUs } from '../clock.js';

/** Where the targets that wsherd starts listen. */
export const LOOPBACK = '127.0.0.1';

const RETRY_MS = 100;
const CONNECT_TIMEOUT_MS = 2000;

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

/** A port on the loopback interface that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
