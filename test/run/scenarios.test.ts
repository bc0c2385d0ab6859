import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { RunResult } from '../../dist/result/types.js';
import { type CliRun, run } from '../support/cli.js';
import { counter, expectBalancedBooks, expectIdentities } from '../support/identities.js';
import { broadcastScenarios } from '../support/shippedBroadcasts.js';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));

/** What shortens a scenario, and what its record then says beside what every record says. */
interface Shortened {
  readonly settings: readonly string[];
  check(result: RunResult): void;
}

const shortened = {
  'quickstart.yaml': {
    settings: [
      'populations.clients.connections=160',
      'populations.clients.arrive.over=800ms',
      'timeline.0.ramp.steps=5',
      'timeline.0.ramp.settle=100ms',
      'timeline.1.hold=2500ms',
    ],
    check({ connections, target }) {
      expect(connections).toMatchObject({ opened: 160, openAtEnd: 160, dropped: 0 });
      // Nothing was open at first, then a fifth more at each step, however short.
      const open = target.memoryPerConnection?.points.map((point) => point.open);
      expect(open).toEqual([0, 32, 64, 96, 128, 160]);
      expect(target.memoryUnknownBecause).toBeNull();
    },
  },
  'heartbeat-10k.yaml': {
    settings: [
      'populations.clients.connections=500',
      'populations.clients.arrive.over=1s',
      'populations.clients.heartbeat.every=1s',
      'timeline.1.hold=2s',
    ],
    check({ connections, metrics }) {
      expect(connections).toMatchObject({ opened: 500, openAtEnd: 500, dropped: 0 });
      expect(counter(metrics, 'heartbeat.answered')).toBeGreaterThan(500);
    },
  },
  'memory-per-connection.yaml': {
    settings: [
      'populations.idle.connections=300',
      'populations.idle.arrive.over=300ms',
      'timeline.0.ramp.steps=6',
      'timeline.0.ramp.settle=100ms',
      'timeline.1.hold=500ms',
    ],
    check({ connections, target, metrics }) {
      expect(connections.openAtEnd).toBe(300);
      expect(target.memoryPerConnection?.points).toHaveLength(7);
      expect(target.memoryPerConnection?.baseBytes).toBeGreaterThan(10_000_000);
      expect(counter(metrics, 'messages.sent') + counter(metrics, 'pings.sent')).toBe(0);
    },
  },
  'memory-claims.yaml': {
    settings: [
      'populations.idle.connections=300',
      'populations.idle.arrive.over=300ms',
      'timeline.0.ramp.steps=6',
      'timeline.0.ramp.settle=100ms',
      'timeline.1.hold=500ms',
    ],
    check({ target }) {
      // Heap and all: the reference server carries the probe.
      expect(target.memoryPerConnection?.heap).toMatchObject({ collected: true });
      expect(target.memoryPerConnection?.retained).toMatchObject({ opened: 300, collected: true });
      expect(target.claims).toHaveLength(4);
      expect(target.claims?.filter(({ measuredBytes }) => measuredBytes === null)).toEqual([]);
    },
  },
  'hold-500k.yaml': {
    settings: [
      'populations.clients.connections=600',
      'populations.clients.heartbeat.every=500ms',
      'target.instances=3',
      'timeline.1.hold=1500ms',
    ],
    check({ connections, target }) {
      expect(connections).toMatchObject({ opened: 600, openAtEnd: 600, dropped: 0 });
      expect(new Set(target.processes.map(({ port }) => port)).size).toBe(3);
    },
  },
  'tls-heartbeat.yaml': {
    settings: [
      'populations.clients.connections=110',
      'timeline.1.hold=1500ms',
      'populations.clients.heartbeat.every=500ms',
    ],
    check({ connections, metrics }) {
      expect(connections).toMatchObject({ opened: 110, openAtEnd: 110, dropped: 0 });
      expect(metrics['handshake.tls']).toMatchObject({ count: 110 });
      expect(counter(metrics, 'heartbeat.answered')).toBeGreaterThan(110);
    },
  },
  'echo-throughput.yaml': {
    settings: ['populations.talkers.connections=50', 'timeline.1.hold=2s'],
    check({ connections, metrics, warnings, phases }) {
      expect(connections.openAtEnd).toBe(50);
      expect(counter(metrics, 'echo.answered')).toBeGreaterThan(1000);
      // It begins when the ramp is over.
      expect(counter(phases[0]?.metrics ?? {}, 'echo.sent')).toBe(0);
      expect(warnings.map(({ code }) => code)).toContain('closed-loop');
    },
  },
} satisfies Readonly<Record<string, Shortened>>;

test('every shipped scenario is run: here, in closes.test.ts, stormScenarios.test.ts, broadcastScenarios.test.ts or capacity/scenarios.test.ts', () => {
  const elsewhere = [...broadcastScenarios, 'close-codes.yaml'];
  const shipped = readdirSync(folder).filter(
    (name) => name.endsWith('.yaml') && !/^(storm|capacity)-/.test(name),
  );
  expect([...Object.keys(shortened), ...elsewhere].sort()).toEqual(shipped.sort());
});

const runs = new Map<string, CliRun>();

async function runShortened(name: string, { settings }: Shortened): Promise<void> {
  const sets = settings.flatMap((setting) => ['--set', setting]);
  runs.set(name, await run(['run', `${folder}${name}`, ...sets, '--allow-saturated']));
}

beforeAll(async () => {
  // Side by side, since most of a run is waiting; but not beside the one that takes all there is.
  const greedy = 'echo-throughput.yaml';
  const modest = Object.entries(shortened).filter(([name]) => name !== greedy);
  await Promise.all(modest.map(([name, scenario]) => runShortened(name, scenario)));
  await runShortened(greedy, shortened[greedy]);
});

test.each(Object.entries(shortened))('%s gives a whole record whose books balance', (name, scenario) => {
  const finished = runs.get(name);
  if (finished === undefined) throw new Error(`${name} was not run`);
  const { code, result, stderr } = finished;
  // Thresholds are made for a quiet machine and the whole length.
  expect([0, 99], stderr).toContain(code);
  expect(result.thresholds.length).toBeGreaterThan(0);
  expect(result.thresholds.filter(({ observed }) => observed === null)).toEqual([]);
  expectIdentities(result);
  expectBalancedBooks(result);
  expect(result.run.complete).toBe(true);
  expect(result.scenario).toMatchObject({ name: name.replace('.yaml', ''), file: `${folder}${name}` });
  expect(result.phases.map((phase) => phase.name)).toEqual(['ramp', 'hold', 'drain']);
  expect(result.target.processes[0]?.samples.length).toBeGreaterThan(2);
  expect(result.generator.hosts[0]?.workers).toHaveLength(1);
  scenario.check(result);
});
