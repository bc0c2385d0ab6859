import { isIP } from 'node:net';
import type { ClientSettings, Endpoint, TlsOptions } from '../client/types.js';
import type { Route } from '../load/openRequest.js';
import type { PopulationTarget } from '../load/shardLoad.js';
import type { Plan } from '../plan/plan.js';
import type { ConnectSpec, PopulationSpec } from '../scenario/scenario.js';
import { hostOf, isLoopback, portOf } from '../target/safety.js';
import type { RunningTarget } from '../target/target.js';
import type { WorkerTask } from './messages.js';
import type { Opposite } from './prepare.js';

/** How long a peer may take over the close handshake. */
const CLOSE_TIMEOUT_US = 5_000_000;

/** What each worker is given: its shard, and where each of its populations connects to. */
export function workerTasks(plan: Plan, opposite: Opposite): WorkerTask[] {
  const targets = populationTargets(plan, opposite);
  return plan.shards.map((shard) => ({
    shard,
    source: { machine: 0, host: plan.processes === null ? 0 : shard.index, worker: shard.index },
    targets,
  }));
}

function populationTargets(plan: Plan, opposite: Opposite): PopulationTarget[] {
  const endpoints = endpointsOf(opposite);
  let firstPlace = 0;
  return (plan.shards[0]?.populations ?? []).map(({ spec }) => {
    const target = populationTarget(spec, opposite.target, endpoints, plan, firstPlace);
    firstPlace += Math.ceil(spec.connections / endpoints.length);
    return target;
  });
}

function populationTarget(
  { connect, reconnect }: PopulationSpec,
  target: RunningTarget,
  endpoints: readonly Endpoint[],
  plan: Plan,
  firstPlace: number,
): PopulationTarget {
  const { url } = target;
  const settings: ClientSettings = {
    tls: url.protocol === 'wss:' ? tlsOptions(connect, target) : null,
    compression: connect.compression,
    handshakeTimeoutUs: reconnect?.connectTimeoutUs ?? connect.handshakeTimeoutUs,
    closeTimeoutUs: CLOSE_TIMEOUT_US,
    maxMessageBytes: connect.maxMessageBytes,
  };
  return {
    settings,
    route: {
      endpoints,
      path: `${url.pathname}${url.search}`,
      ...sourcesOf(connect.sourceAddresses, endpoints[0]!.address, plan.sources, firstPlace),
    },
  };
}

/** One for each instance of the target; the proxy stands before one that is alone. */
function endpointsOf({ target, proxy }: Opposite): Endpoint[] {
  if (proxy !== null) return [{ address: proxy.address, port: proxy.port, host: target.url.host }];
  const { address } = target;
  return target.urls.map((url) => ({ address, port: portOf(url), host: url.host }));
}

function tlsOptions({ tls }: ConnectSpec, target: RunningTarget): TlsOptions {
  const host = hostOf(target.url);
  const ca = tls.ca ?? target.ca;
  const servername = tls.servername ?? (isIP(host) ? null : host);
  return {
    verify: tls.verify,
    resume: tls.resume,
    ...(ca === null ? {} : { ca }),
    ...(tls.cert === null ? {} : { cert: tls.cert }),
    ...(tls.key === null ? {} : { key: tls.key }),
    ...(servername === null ? {} : { servername }),
  };
}

/**
 * Addresses to connect from. With `auto` the kernel chooses, unless it has too few ports for that; on the loopback
 * interface there are more addresses to take, 127.0.0.2, 127.0.0.3, ..., and ports that nobody else uses.
 */
function sourcesOf(
  given: ConnectSpec['sourceAddresses'],
  address: string,
  { taken, ports }: Plan['sources'],
  firstPlace: number,
): Pick<Route, 'sources' | 'ports'> {
  if (given !== 'auto') return { sources: given, ports: null };
  const isScarce = taken > 1 || ports !== null;
  if (!isScarce || !isLoopback(address) || isIP(address) !== 4) return { sources: [], ports: null };
  return {
    sources: Array.from({ length: taken }, (_, i) => `127.0.0.${i + 2}`),
    ports: ports === null ? null : { ...ports, firstPlace },
  };
}
