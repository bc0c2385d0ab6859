import type { ConnectionToxic } from './toxic.js';

/** RST, at once; a new connection does not reach the target. */
export function reset(share: number): ConnectionToxic {
  return { on: 'connections', share, take: (pair) => pair.cut('reset'), release: () => {} };
}
