import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { plannedCurve } from '../../src/plan/curve.js';
import { scenarioJsonSchema } from '../../src/scenario/jsonSchema.js';
import { expandMatrix, type Variant } from '../../src/scenario/matrix.js';
import { readScenario } from '../../src/scenario/read.js';
import type { Scenario } from '../../src/scenario/scenario.js';

const folder = new URL('../../scenarios/', import.meta.url);
const schemaFile = new URL('../../schema/scenario.schema.json', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

function read(name: string): readonly Variant[] {
  return expandMatrix({ file: fileURLToPath(new URL(name, folder)), env: {} });
}

function readOnly(name: string): Scenario {
  return readScenario({ file: fileURLToPath(new URL(name, folder)), env: {} });
}

test('the schema for editors is that of the code: `npm run build && node dist/scenario/writeSchema.js` writes it', () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(scenarioJsonSchema());
});

test('every key of the schema is described', () => {
  const undescribed: string[] = [];
  function visit(schema: unknown, path: string): void {
    if (Array.isArray(schema)) for (const [i, item] of schema.entries()) visit(item, `${path}[${i}]`);
    else if (typeof schema === 'object' && schema !== null) {
      for (const [key, value] of Object.entries(schema)) {
        if (key === 'properties' && typeof value === 'object' && value !== null) {
          for (const [name, property] of Object.entries(value)) {
            if (!Object.hasOwn(property ?? {}, 'description')) undescribed.push(`${path}.${name}`);
          }
        }
        visit(value, `${path}.${key}`);
      }
    }
  }
  visit(JSON.parse(scenarioJsonSchema()), '');
  expect(undescribed).toEqual([]);
});

test('every shipped scenario is valid, named after its file, and tells editors its schema', () => {
  expect(files).toEqual([
    'broadcast-lobby.yaml',
    'broadcast-n2.yaml',
    'capacity-broadcast.yaml',
    'capacity-connect-rate.yaml',
    'capacity-connections.yaml',
    'chat-rooms.yaml',
    'close-codes.yaml',
    'deflate-text-vs-binary.yaml',
    'echo-throughput.yaml',
    'heartbeat-10k.yaml',
    'hold-500k.yaml',
    'memory-claims.yaml',
    'memory-per-connection.yaml',
    'quickstart.yaml',
    'reliable-delivery-storm.yaml',
    'slow-readers.yaml',
    'storm-graceful.yaml',
    'storm-half-open.yaml',
    'storm-kill.yaml',
    'storm-partial.yaml',
    'storm-policies.yaml',
    'storm-tls.yaml',
    'tls-heartbeat.yaml',
  ]);
  for (const file of files) {
    for (const { scenario } of read(file)) expect(scenario.name).toBe(file.replace('.yaml', ''));
    expect(readFileSync(new URL(file, folder), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/schema\/scenario\.schema\.json\n/,
    );
  }
});

test('every run of a shipped scenario but the large ones takes less than a minute', () => {
  const large = ['heartbeat-10k.yaml', 'hold-500k.yaml'];
  for (const file of files.filter((name) => !large.includes(name))) {
    for (const { scenario } of read(file))
      expect(plannedCurve(scenario).durationUs, file).toBeLessThan(60_000_000);
  }
});

test('every storm has a fault, waits for its recovery, and judges it', () => {
  for (const file of files.filter((name) => name.startsWith('storm-'))) {
    for (const { scenario } of read(file)) {
      expect(scenario.timeline.map(({ kind }) => kind)).toEqual([
        'ramp',
        'hold',
        'fault',
        'recover',
        'hold',
        'drain',
      ]);
      expect(scenario.populations.map(({ reconnect }) => reconnect)).not.toContain(null);
      expect(scenario.thresholds.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['recovery.t99', 'recovery.dropped']),
      );
    }
  }
});

test('storm-half-open is silent for longer than heartbeats need to notice it at either end', () => {
  const { target, timeline, populations } = readOnly('storm-half-open.yaml');
  const fault = timeline.find(({ kind }) => kind === 'fault');
  const beats = populations.flatMap(({ patterns }) =>
    patterns.flatMap((pattern) => (pattern.kind === 'heartbeat' ? [pattern.options] : [])),
  );
  expect(beats).toHaveLength(1);
  const noticedUs = (beats[0]?.everyUs ?? 0) + (beats[0]?.timeoutUs ?? 0);
  expect(fault).toMatchObject({ fault: { kind: 'blackhole', share: 0.5 } });
  expect(fault?.kind === 'fault' && 'forUs' in fault.fault && fault.fault.forUs).toBeGreaterThan(noticedUs);
  expect(target).toMatchObject({ options: { heartbeat: { everyUs: 2_000_000, timeoutUs: 2_000_000 } } });
});

test('storm-policies runs the same storm under different policies', () => {
  const variants = read('storm-policies.yaml');
  expect(variants.map(({ label }) => label)).toEqual(['naive-fixed', 'socket.io', 'phoenix', 'full-jitter']);
  expect(variants.map(({ scenario }) => scenario.populations[0]?.reconnect?.name)).toEqual(
    variants.map(({ label }) => label),
  );
});

test('close-codes expects every connection that its populations open, and every one that they do not', () => {
  const { populations, thresholds } = readOnly('close-codes.yaml');
  const refusing =
    /^\/(refuse|redirect|html|garbage|bad-accept|wrong-subprotocol|no-answer|.*-before-upgrade)/;
  const failing = populations.filter(({ connect }) => refusing.test(String(connect.path?.[0])));
  const count = (some: Scenario['populations']) =>
    some.reduce((sum, { connections }) => sum + connections, 0);
  const expected = (name: string) =>
    thresholds.find((threshold) => threshold.population === null && threshold.name === name);
  expect(expected('connections.neverOpened')?.value).toBe(count(failing));
  expect(expected('connections.opened')?.value).toBe(count(populations) - count(failing));
});
