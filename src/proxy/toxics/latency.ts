import { openValve, type Valve } from '../valve.js';
import type { ConnectionToxic } from './toxic.js';

/** Each chunk stays for delay + U(0, jitter), each way, but never overtakes the one before it. */
export function latency(share: number, delayUs: number, jitterUs: number): ConnectionToxic {
  const valve: Valve = {
    ...openValve,
    kind: 'latency',
    // Not drawn from the seed: in which order connections come in is not the same twice anyway.
    delayUs: () => delayUs + Math.random() * jitterUs,
  };
  return {
    on: 'connections',
    share,
    take: (pair) => pair.setValves(valve, valve),
    release: (pair) => pair.removeValves('latency'),
  };
}
