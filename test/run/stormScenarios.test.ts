import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { MatrixRecord } from '../../dist/result/matrix.js';
import type { RunResult } from '../../dist/result/types.js';
import { type CliRun, run } from '../support/cli.js';
import { counter, expectBalancedBooks, expectIdentities } from '../support/identities.js';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));

/** What shortens a scenario, and what its record then says beside what every storm's says. */
interface Shortened {
  readonly settings: readonly string[];
  check(result: RunResult, run: CliRun): void;
}

const CLIENTS = 60;
const quick = [
  `populations.clients.connections=${CLIENTS}`,
  'populations.clients.arrive={over: 300ms}',
  'populations.clients.heartbeat={every: 300ms, timeout: 700ms}',
  'populations.clients.reconnect={policy: full-jitter, base: 100ms, cap: 500ms}',
  'timeline.1.hold={for: 700ms, name: before}',
  'timeline.4.hold={for: 700ms, name: after}',
];

const shortened: Readonly<Record<string, Shortened>> = {
  'storm-kill.yaml': {
    settings: [...quick, 'timeline.2.fault.down=700ms'],
    check({ recoveries, target }) {
      expect(recoveries[0]).toMatchObject({ fault: 'kill-target', dropped: CLIENTS, recovered: CLIENTS });
      expect(recoveries[0]?.predicted?.dropped).toBe(CLIENTS);
      expect(target.instances.map(({ killed }) => killed)).toEqual([true, false]);
    },
  },
  'storm-graceful.yaml': {
    settings: [...quick, 'timeline.2.fault.down=700ms'],
    check({ closes, recoveries }) {
      expect(recoveries[0]).toMatchObject({ fault: 'restart-target', dropped: CLIENTS });
      expect(closes).toContainEqual(
        expect.objectContaining({ initiator: 'server', code: 1001, count: CLIENTS }),
      );
    },
  },
  'storm-partial.yaml': {
    settings: quick,
    check({ recoveries, metrics }) {
      expect(recoveries[0]).toMatchObject({ fault: 'disconnect', dropped: 0.3 * CLIENTS });
      expect(recoveries[0]?.collateral?.before?.count).toBeGreaterThan(0);
      expect(recoveries[0]?.collateral?.during?.count).toBeGreaterThan(0);
      expect(counter(metrics, 'http.answered')).toBeGreaterThan(20);
      expect(counter(metrics, 'http.errors')).toBe(0);
    },
  },
  'storm-half-open.yaml': {
    settings: [
      ...quick,
      'connect.handshakeTimeout=500ms',
      'target.options.heartbeat={every: 300ms, timeout: 300ms}',
      'timeline.2.fault.for=2s',
    ],
    check({ recoveries, target }, { stdout }) {
      expect(target.proxy?.blackholed).toBeGreaterThanOrEqual(CLIENTS / 2);
      expect(recoveries[0]?.dropped).toBe(CLIENTS / 2);
      expect(recoveries[0]?.noticed.byClient?.count).toBe(CLIENTS / 2);
      expect(stdout).toContain('gave up waiting for a heartbeat');
    },
  },
  'storm-tls.yaml': {
    settings: [...quick, 'timeline.2.fault.down=700ms'],
    check({ recoveries, metrics }) {
      expect(recoveries[0]).toMatchObject({ dropped: CLIENTS, recovered: CLIENTS });
      expect(metrics['handshake.tls']).toMatchObject({ count: 2 * CLIENTS });
    },
  },
};

test('every storm that is shipped is run here', () => {
  const shipped = readdirSync(folder).filter((name) => name.startsWith('storm-'));
  expect([...Object.keys(shortened), 'storm-policies.yaml'].sort()).toEqual(shipped.sort());
});

const runs = new Map<string, CliRun>();

const sets = (settings: readonly string[]): string[] => settings.flatMap((setting) => ['--set', setting]);

/** Calls the matrix of policies, shortened to two of them. */
function policies(): string[] {
  const few = quick.filter((setting) => !setting.includes('.reconnect='));
  const matrix = { 'populations.clients.reconnect.policy': ['fixed', 'full-jitter'] };
  const settings = [
    ...few,
    'timeline.2.fault.down=300ms',
    `matrix=${JSON.stringify(matrix)}`,
    'populations.clients.reconnect.base=200ms',
  ];
  return ['run', `${folder}storm-policies.yaml`, ...sets(settings), '--allow-saturated'];
}

beforeAll(async () => {
  // Side by side: most of a storm is waiting.
  const calls = [
    ['storm-policies.yaml', policies()] as const,
    ...Object.entries(shortened).map(
      ([name, { settings }]) =>
        [name, ['run', `${folder}${name}`, ...sets(settings), '--allow-saturated']] as const,
    ),
  ];
  await Promise.all(calls.map(async ([name, args]) => runs.set(name, await run(args))));
});

test.each(Object.entries(shortened))('%s comes back, and its books balance', (name, scenario) => {
  const finished = runs.get(name);
  if (finished === undefined) throw new Error(`${name} was not run`);
  const { code, result, stderr } = finished;
  // Thresholds are made for the whole number of clients.
  expect([0, 99], stderr).toContain(code);
  expect(result.thresholds.find(({ expression }) => expression.startsWith('recover until'))?.passed).toBe(
    true,
  );
  expectIdentities(result);
  expectBalancedBooks(result);
  expect(result.run.complete).toBe(true);
  expect(result.phases.map((phase) => phase.name)).toEqual([
    'ramp',
    'before',
    'fault',
    'recover',
    'after',
    'drain',
  ]);
  scenario.check(result, finished);
});

test('storm-policies.yaml runs once for each policy, and lays them side by side', async () => {
  const finished = runs.get('storm-policies.yaml');
  if (finished === undefined) throw new Error('storm-policies.yaml was not run');
  expect([0, 99], finished.stderr).toContain(finished.code);
  const at = (file: string): string => readFileSync(join(finished.folder, file), 'utf8');
  const record: MatrixRecord = JSON.parse(at('matrix.json'));
  expect(record.variants.map(({ label, folder: own }) => [label, own])).toEqual([
    ['fixed', '1-fixed'],
    ['full-jitter', '2-full-jitter'],
  ]);
  for (const { folder: own, result } of record.variants) {
    expect(result?.storms[0]?.recovery).toMatchObject({ dropped: CLIENTS, recovered: CLIENTS });
    const whole: RunResult = JSON.parse(at(`${own}/result.json`));
    expectIdentities(whole);
    expectBalancedBooks(whole);
    expect(at('report.html')).toContain(`${own}/report.html`);
    expect(at(`${own}/report.html`)).toContain('<!doctype html>');
  }
  expect(finished.stdout).toContain('full-jitter');

  const refused = await run(policies(), { folder: finished.folder });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('holds a run already');
});
