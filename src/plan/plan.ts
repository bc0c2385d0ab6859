import type { Machine, PlanRecord } from '../result/types.js';
import type { PopulationSpec, Scenario } from '../scenario/scenario.js';
import { type BroadcastPlan, broadcastBytes, broadcastPlan, RECEIPTS_PER_WORKER } from './broadcast.js';
import { type Shard, shardPopulation } from './shard.js';
import { planSources, type SourcePlan } from './sources.js';

/** Connections that are worth a worker of their own. */
const CONNECTIONS_PER_WORKER = 5000;

/** Descriptors that a run needs beside its connections: files, pipes, event loops. */
const DESCRIPTORS_BESIDE = 100;
const DESCRIPTORS_PER_WORKER = 20;

const BASE_BYTES = 80 * 1024 * 1024;
const WORKER_BYTES = 30 * 1024 * 1024;
const PROCESS_BYTES = 45 * 1024 * 1024;

/** Resident memory of one connection at our end, from docs/performance.md, rounded up. */
const CONNECTION_BYTES = { fast: 6 * 1024, ws: 10 * 1024, tls: 65 * 1024, kernel: 5 * 1024 } as const;

/** Who does what, and what it takes. Pure: the same scenario on the same machine gives the same plan. */
export interface Plan {
  readonly shards: readonly Shard[];
  readonly connections: number;
  /** Processes with one shard each; null: this process runs all of them, each in a thread. */
  readonly processes: number | null;
  /** Connections of the process that has most. */
  readonly connectionsPerProcess: number;
  /** Descriptors that it will have open at the most. */
  readonly descriptors: number;
  readonly sources: SourcePlan;
  /** Null when nobody publishes. */
  readonly broadcast: BroadcastPlan | null;
  /** Memory of the generator, its kernel buffers included; an estimate. */
  readonly memoryBytes: number;
}

/** Who is to do the work: as asked for on the command line, null to decide by the machine. At most one of the two is given. */
export interface Staff {
  /** Threads of this process. */
  readonly workers: number | null;
  /** Processes of one worker each. */
  readonly processes: number | null;
}

export function planRun(scenario: Scenario, machine: Machine, staff: Staff): Plan {
  const connections = scenario.populations.reduce((sum, population) => sum + population.connections, 0);
  const broadcast = broadcastPlan(scenario.populations);
  const wanted = staff.workers ?? defaultWorkers(connections, broadcast, machine.cpus.count);
  const processes = staff.processes ?? neededProcesses(connections, wanted, staff, machine);
  const shards = processes ?? wanted;
  const connectionsPerProcess = Math.ceil(connections / (processes ?? 1));
  const instances = scenario.target.kind === 'url' ? 1 : scenario.target.instances;
  return {
    processes,
    connectionsPerProcess,
    shards: Array.from({ length: shards }, (_, index) => planShard(scenario, index, shards, broadcast)),
    connections,
    descriptors: connectionsPerProcess + descriptorsBeside(processes === null ? shards : 1),
    sources: planSources(connections, instances, machine.limits),
    broadcast,
    memoryBytes:
      BASE_BYTES +
      shards * (processes === null ? WORKER_BYTES : PROCESS_BYTES) +
      (broadcast === null ? 0 : broadcastBytes(broadcast, shards)) +
      scenario.populations.reduce((sum, population) => sum + populationBytes(population, scenario), 0),
  };
}

export function planRecord(plan: Plan): PlanRecord {
  return {
    machines: 1,
    hosts: plan.processes ?? 1,
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

/** Null when one process has descriptors enough, or the number of threads was given. */
function neededProcesses(
  connections: number,
  workers: number,
  staff: Staff,
  { limits: { descriptors } }: Machine,
): number | null {
  const isEnough = descriptors === null || connections + descriptorsBeside(workers) <= descriptors;
  const room = (descriptors ?? 0) - descriptorsBeside(1);
  if (staff.workers !== null || isEnough || room <= 0) return null;
  return Math.max(workers, Math.ceil(connections / room));
}

function descriptorsBeside(workers: number): number {
  return DESCRIPTORS_BESIDE + workers * DESCRIPTORS_PER_WORKER;
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
