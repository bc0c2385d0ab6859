import type { Feature } from './feature.js';
import { burnCpu } from './features/burnCpu.js';
import { delayHandshakes } from './features/delayHandshakes.js';
import { holdState } from './features/holdState.js';
import { leakMemory } from './features/leakMemory.js';
import { limitConnections } from './features/limitConnections.js';
import { limitConnectRate } from './features/limitConnectRate.js';
import { pingClients } from './features/pingClients.js';
import { stallEventLoop } from './features/stallEventLoop.js';
import type { ServerOptions } from './options.js';

/**
 * What any reference server does when its options ask for it. The limits come first: who is turned away costs nothing
 * else, and who finds no place takes none of the rate.
 */
export function commonFeatures(options: ServerOptions): readonly Feature[] {
  const { limit, cost, stateBytes, leakBytes, handshake, heartbeat, stall } = options;
  const connections = limit?.connections ?? null;
  const connectRate = limit?.connectRate ?? null;
  return [
    ...(connections === null ? [] : [limitConnections(connections)]),
    ...(connectRate === null ? [] : [limitConnectRate(connectRate)]),
    ...(handshake === null ? [] : [delayHandshakes(handshake)]),
    ...(cost === null ? [] : [burnCpu(cost)]),
    ...(stateBytes === 0 ? [] : [holdState(stateBytes)]),
    ...(leakBytes === 0 ? [] : [leakMemory(leakBytes)]),
    ...(heartbeat === null ? [] : [pingClients(heartbeat)]),
    ...(stall === null ? [] : [stallEventLoop(stall)]),
  ];
}
