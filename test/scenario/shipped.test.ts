import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { scenarioJsonSchema } from '../../src/scenario/jsonSchema.js';
import { readScenario } from '../../src/scenario/read.js';
import type { PhaseSpec, Scenario } from '../../src/scenario/scenario.js';

const folder = new URL('../../scenarios/', import.meta.url);
const schemaFile = new URL('../../schema/scenario.schema.json', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

function read(name: string): Scenario {
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
    'close-codes.yaml',
    'echo-throughput.yaml',
    'heartbeat-10k.yaml',
    'memory-per-connection.yaml',
    'quickstart.yaml',
    'tls-heartbeat.yaml',
  ]);
  for (const file of files) {
    expect(read(file).name).toBe(file.replace('.yaml', ''));
    expect(readFileSync(new URL(file, folder), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/schema\/scenario\.schema\.json\n/,
    );
  }
});

test('every shipped scenario but the large one takes less than a minute', () => {
  for (const file of files.filter((name) => name !== 'heartbeat-10k.yaml')) {
    const { timeline, populations } = read(file);
    const arriveUs = Math.max(
      ...populations.map(({ arrive, connections }) => {
        if (arrive.kind === 'over') return arrive.overUs;
        return arrive.kind === 'rate' ? (connections / arrive.perSecond) * 1_000_000 : 0;
      }),
    );
    const phaseUs = (phase: PhaseSpec) =>
      phase.kind === 'ramp' ? phase.steps * phase.settleUs : phase.forUs;
    const totalUs = timeline.reduce((sum, phase) => sum + phaseUs(phase), arriveUs);
    expect(totalUs, file).toBeLessThan(60_000_000);
  }
});

test('close-codes expects every connection that its populations open, and every one that they do not', () => {
  const { populations, thresholds } = read('close-codes.yaml');
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
