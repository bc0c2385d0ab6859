/** Scenarios and machines as objects, for tests of what is made from them. */

import type { JoinOptions } from '../../src/patterns/join.js';
import type { PatternSpec } from '../../src/patterns/list.js';
import type { PublishOptions } from '../../src/patterns/publish.js';
import type { Staff } from '../../src/plan/plan.js';
import type { Machine } from '../../src/result/types.js';
import type { ConnectSpec, PopulationSpec, Scenario } from '../../src/scenario/scenario.js';

export const connect: ConnectSpec = {
  path: null,
  headers: {},
  subprotocols: [],
  rows: null,
  compression: null,
  handshakeTimeoutUs: 10_000_000,
  maxMessageBytes: 1_000_000,
  tls: { ca: null, cert: null, key: null, servername: null, verify: true, resume: false },
  sourceAddresses: 'auto',
  engine: 'fast',
};

export function population(
  name: string,
  connections: number,
  given: Partial<PopulationSpec> = {},
): PopulationSpec {
  return {
    name,
    connections,
    arrive: { kind: 'over', overUs: 1_000_000 },
    connect,
    dialect: { kind: 'named', name: 'echo' },
    patterns: [],
    lifetimeUs: null,
    reconnect: null,
    ...given,
  };
}

export function joining(rooms: JoinOptions['rooms'], perConnection = 1): PatternSpec {
  return { kind: 'join', options: { rooms, perConnection, acknowledges: false } };
}

export function publishing(given: Partial<PublishOptions> = {}): PatternSpec {
  const payload = {
    sizes: [{ sizeBytes: 256, weight: 1 }],
    content: 'text',
    file: null,
    binary: false,
  } as const;
  return {
    kind: 'publish',
    options: {
      everyUs: 1_000_000,
      spacing: 'uniform',
      offset: 'uniform',
      burst: 1,
      room: null,
      ownCopy: 'auto',
      payload,
      acknowledge: null,
      ...given,
    },
  };
}

export const readingSlowly: PatternSpec = {
  kind: 'read',
  options: { kind: 'bandwidth', bytesPerSecond: 10_000 },
};

export function scenario(given: Partial<Scenario> = {}): Scenario {
  return {
    name: 'test',
    file: null,
    text: '',
    document: {},
    secrets: [],
    seed: 1,
    target: { kind: 'server', server: 'echo', options: {}, instances: 1 },
    proxied: false,
    beside: null,
    populations: [population('all', 10)],
    timeline: [
      { kind: 'ramp', name: 'ramp', toShare: 1, steps: 1, settleUs: 0 },
      { kind: 'hold', name: 'hold', forUs: 30_000_000 },
      { kind: 'drain', name: 'drain', forUs: 5_000_000 },
    ],
    thresholds: [],
    allowSaturated: false,
    capacity: null,
    ...given,
  };
}

export function machine(given: Partial<Machine> = {}): Machine {
  return {
    node: 'v20.19.0',
    os: 'Linux 6.1',
    cpus: { model: 'test', count: 4 },
    memory: { totalBytes: 16 * 2 ** 30, availableBytes: 8 * 2 ** 30 },
    limits: { descriptors: 20_000, ports: 28_232 },
    coLocated: true,
    ...given,
  };
}

/** Who does the work: so many threads of one process, or as many as the machine suggests. */
export const threads = (workers: number): Staff => ({ workers, processes: null });
export const byMachine: Staff = { workers: null, processes: null };
