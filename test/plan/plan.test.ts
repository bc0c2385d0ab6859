import { expect, test } from 'vitest';
import type { PatternSpec } from '../../src/patterns/list.js';
import { planRecord, planRun } from '../../src/plan/plan.js';
import {
  byMachine,
  connect,
  joining,
  machine,
  population,
  publishing,
  scenario,
  threads,
} from './scenarios.js';

const two = scenario({ populations: [population('listeners', 1001), population('speakers', 20)] });

test('the same scenario on the same machine gives the same plan', () => {
  expect(planRun(two, machine(), threads(3))).toEqual(planRun(two, machine(), threads(3)));
});

test('the shards of a plan hold every connection once, on any number of workers', () => {
  for (const workers of [1, 2, 3, 7, 2000]) {
    const { shards } = planRecord(planRun(two, machine(), threads(workers)));
    expect(shards.map(({ worker }) => worker)).toEqual([...Array(workers).keys()]);
    for (const [name, connections] of [
      ['listeners', 1001],
      ['speakers', 20],
    ] as const) {
      expect(shards.reduce((sum, shard) => sum + shard.connections[name]!, 0)).toBe(connections);
    }
  }
});

test('by default there is a worker for every 5,000 connections, and one core is left to the target', () => {
  const workers = (connections: number, cores: number): number =>
    planRun(
      scenario({ populations: [population('all', connections)] }),
      machine({ cpus: { model: 'test', count: cores }, limits: { descriptors: null, ports: null } }),
      byMachine,
    ).shards.length;
  expect(workers(100, 16)).toBe(1);
  expect(workers(5000, 16)).toBe(1);
  expect(workers(5001, 16)).toBe(2);
  expect(workers(1_000_000, 16)).toBe(15);
  expect(workers(1_000_000, 1)).toBe(1);
});

test('by default there is a worker for every 80,000 deliveries a second too', () => {
  const workers = (members: number, cores: number): number =>
    planRun(
      scenario({ populations: [population('all', members, { patterns: [joining(null), publishing()] })] }),
      machine({ cpus: { model: 'test', count: cores } }),
      byMachine,
    ).shards.length;
  expect(workers(280, 16)).toBe(1);
  expect(workers(400, 16)).toBe(2);
  expect(workers(400, 2)).toBe(1);
});

test('a plan asks for a descriptor per connection and some to spare', () => {
  const { descriptors } = planRun(two, machine(), threads(2));
  expect(descriptors).toBeGreaterThan(1021);
  expect(descriptors).toBeLessThan(1021 + 300);
});

test('more connections than ports of one address need more source addresses', () => {
  const addresses = (connections: number, ports: number | null): number =>
    planRun(
      scenario({ populations: [population('all', connections)] }),
      machine({ limits: { descriptors: null, ports } }),
      threads(1),
    ).sources.needed;
  expect(addresses(20_000, 28_232)).toBe(1);
  expect(addresses(60_000, 28_232)).toBe(3);
  expect(addresses(60_000, null)).toBe(1);
});

test('memory grows with the connections, and with TLS on either kind of target', () => {
  const memory = (given: Parameters<typeof scenario>[0]): number =>
    planRun(scenario({ populations: [population('all', 10_000)], ...given }), machine(), threads(1))
      .memoryBytes;
  const plain = memory({});
  expect(memory({ populations: [population('all', 20_000)] })).toBeGreaterThan(plain + 10_000 * 5 * 1024);
  expect(
    memory({ populations: [population('all', 10_000, { connect: { ...connect, engine: 'ws' } })] }),
  ).toBeGreaterThan(plain);
  const secure = memory({ target: { kind: 'url', url: 'wss://127.0.0.1/', pid: null } });
  expect(secure).toBeGreaterThan(plain + 10_000 * 40 * 1024);
  expect(memory({ target: { kind: 'server', server: 'echo', options: { tls: true }, instances: 1 } })).toBe(
    secure,
  );
  expect(
    memory({
      target: { kind: 'command', command: ['x'], scheme: 'wss', path: '/', readyUs: 1, instances: 1 },
    }),
  ).toBe(secure);
});

test('memory holds the ledger of a broadcast, whatever the workers, and the receipts of each worker', () => {
  const memory = (patterns: readonly PatternSpec[], workers: number): number =>
    planRun(scenario({ populations: [population('all', 2000, { patterns })] }), machine(), threads(workers))
      .memoryBytes;
  const ledgerBytes = 2000 * 2000 * 12;
  const added = (workers: number) => memory([joining(null), publishing()], workers) - memory([], workers);
  expect(added(1)).toBeGreaterThan(ledgerBytes);
  expect(added(1)).toBeLessThan(2 * ledgerBytes);
  expect(added(4)).toBeLessThan(added(1) + ledgerBytes * 3);
  expect(added(4)).toBeGreaterThan(added(1));
});

test('more connections than a process has descriptors are opened by more processes, of one worker each', () => {
  const limited = machine({
    cpus: { model: 'test', count: 2 },
    limits: { descriptors: 20_000, ports: null },
  });
  const planOf = (connections: number, staff = byMachine) =>
    planRun(scenario({ populations: [population('all', connections)] }), limited, staff);
  expect(planOf(19_880).processes).toBeNull();
  expect(planOf(19_881)).toMatchObject({ processes: 2, connectionsPerProcess: 9941 });
  expect(planOf(500_000)).toMatchObject({ processes: 26, connectionsPerProcess: 19_231 });
  expect(planOf(500_000).descriptors).toBeLessThanOrEqual(20_000);
  expect(planRecord(planOf(500_000))).toMatchObject({ hosts: 26, workers: 26 });
  expect(planOf(1000, { workers: null, processes: 3 })).toMatchObject({
    processes: 3,
    shards: { length: 3 },
  });
  // Asked for threads: preflight says what stands in their way.
  expect(planOf(500_000, threads(2)).processes).toBeNull();
});

test('where the kernel would search long for ports, connections bind their own, once for each instance', () => {
  const sources = (connections: number, instances: number, firstPort: number | null = 32_768) =>
    planRun(
      scenario({
        populations: [population('all', connections)],
        target: { kind: 'server', server: 'echo', options: {}, instances },
      }),
      machine({ limits: { descriptors: null, ports: 28_232, firstPort } }),
      threads(1),
    ).sources;
  const ports = { first: 10_000, count: 22_768 };
  expect(sources(12_000, 1)).toEqual({ needed: 1, taken: 1, ports: null });
  expect(sources(19_000, 1)).toEqual({ needed: 1, taken: 1, ports });
  expect(sources(500_000, 26)).toEqual({ needed: 1, taken: 1, ports });
  expect(sources(500_000, 1)).toEqual({ needed: 20, taken: 23, ports });
  // Nothing is known of the ports below, or there are none.
  expect(sources(500_000, 1, null)).toEqual({ needed: 20, taken: 20, ports: null });
  expect(sources(60_000, 1, 1024)).toEqual({ needed: 3, taken: 3, ports: null });
});
