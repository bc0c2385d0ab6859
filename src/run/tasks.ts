import { isIP } from 'node:net';
import type { ClientSettings, TlsOptions } from '../client/types.js';
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
  return plan.shards.map((shard) => ({
    shard,
    source: { machine: 0, host: 0, worker: shard.index },
    targets: shard.populations.map(({ spec }) => populationTarget(spec, opposite, plan)),
  }));
}

function populationTarget(
  { connect, reconnect }: PopulationSpec,
  { target, proxy }: Opposite,
  plan: Plan,
): PopulationTarget {
  const { url } = target;
  const { address, port } = proxy ?? { address: target.address, port: portOf(url) };
  const settings: ClientSettings = {
    address,
    port,
    host: url.host,
    tls: url.protocol === 'wss:' ? tlsOptions(connect, target) : null,
    compression: connect.compression,
    handshakeTimeoutUs: reconnect?.connectTimeoutUs ?? connect.handshakeTimeoutUs,
    closeTimeoutUs: CLOSE_TIMEOUT_US,
    maxMessageBytes: connect.maxMessageBytes,
  };
  return {
    settings,
    path: `${url.pathname}${url.search}`,
    sources: sourceAddresses(connect.sourceAddresses, address, plan.sourceAddresses),
  };
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
 * Addresses to connect from. With `auto` the kernel chooses, unless one address has too few ports; on the
 * loopback interface there are more to take: 127.0.0.2, 127.0.0.3, ...
 */
function sourceAddresses(
  given: ConnectSpec['sourceAddresses'],
  address: string,
  needed: number,
): readonly string[] {
  if (given !== 'auto') return given;
  if (needed === 1 || !isLoopback(address) || isIP(address) !== 4) return [];
  return Array.from({ length: needed }, (_, i) => `127.0.0.${i + 2}`);
}
