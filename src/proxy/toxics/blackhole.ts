import { openValve, type Valve } from '../valve.js';
import type { ConnectionToxic } from './toxic.js';

const CLOSED: Valve = { ...openValve, kind: 'blackhole', readyUs: () => Number.POSITIVE_INFINITY };

/**
 * Neither bytes nor the end of one side reach the other. To the peers this is an application that is silent, not a
 * network that is gone: the kernel goes on acknowledging what they send. So a peer does not retransmit, and neither
 * its TCP keep-alive nor TCP_USER_TIMEOUT finds anything wrong: only a heartbeat of the application does.
 */
export function blackhole(share: number): ConnectionToxic {
  return {
    on: 'connections',
    share,
    take: (pair) => pair.silence(CLOSED),
    release: (pair) => pair.unsilence('blackhole'),
  };
}
