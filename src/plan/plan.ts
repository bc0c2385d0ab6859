import type { Machine, PlanRecord } from '../result/types.js';
import type { PopulationSpec, Scenario } from '../scenario/scenario.js';
import { type BroadcastPlan, broadcastBytes, broadcastPlan, RECEIPTS_PER_WORKER } from './broadcast.js';
import { type Shard, shardPopulation } from './shard.js';

/** Connections that are worth a worker of their own. */
const CONNECTIONS_PER_WORKER = 5000;

/** Descriptors that a run needs beside its connections: files, pipes, event loops. */
const DESCRIPTORS_BESIDE = 100;
const DESCRIPTORS_PER_WORKER = 20;

/** Share of the ephemeral ports that one source address is planned for: some are in use by others. */
const PORT_SHARE = 0.9;

const BASE_BYTES = 80 * 1024 * 1024;
const WORKER_BYTES = 30 * 1024 * 1024;

/** Resident memory of one connection at our end, from docs/performance.md, rounded up. */
const CONNECTION_BYTES = { fast: 6 * 1024, ws: 10 * 1024, tls: 65 * 1024, kernel: 5 * 1024 } as const;

/** Who does what, and what it takes. Pure: the same scenario on the same machine gives the same plan. */
export interface Plan {
  readonly shards: readonly Shard[];
  readonly connections: number;
  /** Descriptors that this process will have open at the most. */
  readonly descriptors: number;
  /** Source addresses that the ports of the machine make necessary. */
  readonly sourceAddresses: number;
  /** Null when nobody publishes. */
  readonly broadcast: BroadcastPlan | null;
  /** Memory of the generator, its kernel buffers included; an estimate. */
  readonly memoryBytes: number;
}

/** @param workers As asked for on the command line, or null to decide by the machine. */
export function planRun(scenario: Scenario, machine: Machine, workers: number | null): Plan {
  const connections = scenario.populations.reduce((sum, population) => sum + population.connections, 0);
  const broadcast = broadcastPlan(scenario.populations);
  const shards = workers ?? defaultWorkers(connections, broadcast, machine.cpus.count);
  return {
    shards: Array.from({ length: shards }, (_, index) => planShard(scenario, index, shards, broadcast)),
    connections,
    descriptors: connections + DESCRIPTORS_BESIDE + shards * DESCRIPTORS_PER_WORKER,
    sourceAddresses:
      machine.limits.ports === null
        ? 1
        : Math.max(1, Math.ceil(connections / (machine.limits.ports * PORT_SHARE))),
    broadcast,
    memoryBytes:
      BASE_BYTES +
      shards * WORKER_BYTES +
      (broadcast === null ? 0 : broadcastBytes(broadcast, shards)) +
      scenario.populations.reduce((sum, population) => sum + populationBytes(population, scenario), 0),
  };
}

export function planRecord(plan: Plan): PlanRecord {
  return {
    machines: 1,
    hosts: 1,
    workers: plan.shards.length,
    shards: plan.shards.map(({ index, populations }) => ({
      worker: index,
      connections: Object.fromEntries(populations.map(({ spec, connections }) => [spec.name, connections])),
    })),
  };
}

/** One core is left to the target, which usually is on the same machine, and to the coordinator. */
function defaultWorkers(connections: number, broadcast: BroadcastPlan | null, cores: number): number {
  const worthwhile = Math.max(
    Math.ceil(connections / CONNECTIONS_PER_WORKER),
    Math.ceil((broadcast?.deliveriesPerSecond ?? 0) / RECEIPTS_PER_WORKER),
  );
  return Math.max(1, Math.min(cores - 1, worthwhile));
}

function planShard(
  scenario: Scenario,
  index: number,
  shards: number,
  broadcast: BroadcastPlan | null,
): Shard {
  return {
    index,
    shards,
    seed: scenario.seed,
    faults: scenario.timeline.some(({ kind }) => kind === 'fault'),
    accountedShare: broadcast?.accountedShare ?? 1,
    populations: scenario.populations.map((spec, ordinal) => shardPopulation(spec, ordinal, index, shards)),
  };
}

function populationBytes({ connections, connect }: PopulationSpec, { target }: Scenario): number {
  const secure =
    target.kind === 'url'
      ? target.url.startsWith('wss:')
      : target.kind === 'command'
        ? target.scheme === 'wss'
        : target.options.tls === true;
  const each = secure ? CONNECTION_BYTES.tls : CONNECTION_BYTES[connect.engine];
  return connections * (each + CONNECTION_BYTES.kernel);
}
