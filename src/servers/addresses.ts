import { isIPv6 } from 'node:net';
import type { RunningServer } from './reference.js';

/** Where a server serves, and where it tells its counts: `ws://127.0.0.1:8080/  http://127.0.0.1:8080/stats`. */
export function addressesOf({ host, port, scheme }: RunningServer): string {
  const address = `${isIPv6(host) ? `[${host}]` : host}:${port}/`;
  return `${scheme}://${address}  ${scheme.replace('ws', 'http')}://${address}stats`;
}
