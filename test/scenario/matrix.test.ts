import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ScenarioError } from '../../src/errors.js';
import { expandMatrix, type Variant, variantsOf } from '../../src/scenario/matrix.js';
import { openText } from '../../src/scenario/open.js';
import { type Given, problemsOf, scenarioText } from './texts.js';

const folder = mkdtempSync(join(tmpdir(), 'wsherd-matrix-'));
afterAll(() => rmSync(folder, { recursive: true }));

function expand(text: string, { set = [], env = {} }: Given = {}): readonly Variant[] {
  return variantsOf(openText({ text, file: 'my.yaml', folder, set, env }));
}

function variants(matrix: string, given: Given = {}): readonly Variant[] {
  return expand(scenarioText(`matrix: ${matrix}`), given);
}

function mistakes(text: string, given: Given = {}): readonly string[] {
  try {
    expand(text, given);
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems;
    throw error;
  }
}

function connectionsOf({ scenario }: Variant): number | undefined {
  return scenario.populations[0]?.connections;
}

test('each value of a key makes a scenario of its own, as --set would', () => {
  const file = join(folder, 'lobby.yaml');
  writeFileSync(file, scenarioText('matrix: { populations.clients.connections: [5, 50] }'));
  const [few, many, ...more] = expandMatrix({ file, env: {} });
  expect(more).toEqual([]);
  expect(few).toMatchObject({
    label: '5',
    folder: '1-5',
    settings: { 'populations.clients.connections': 5 },
    scenario: { name: 'lobby', file, document: { populations: { clients: { connections: 5 } } } },
  });
  expect(few && connectionsOf(few)).toBe(5);
  expect(many && connectionsOf(many)).toBe(50);
  expect(few?.scenario.text).toBe(many?.scenario.text);
  expect(few?.scenario.document).not.toHaveProperty('matrix');
});

test('without a matrix, and with an empty one, there is one scenario without a label', () => {
  for (const text of [scenarioText(), scenarioText('matrix: {}')]) {
    expect(expand(text)).toMatchObject([{ label: '', folder: '', settings: {}, scenario: { name: 'my' } }]);
  }
});

test('several keys make every combination, the first varying slowest', () => {
  const all = variants('{ populations.clients.connections: [5, 50], seed: [1, 2, 3] }');
  expect(all.map(({ label }) => label)).toEqual([
    'connections=5, seed=1',
    'connections=5, seed=2',
    'connections=5, seed=3',
    'connections=50, seed=1',
    'connections=50, seed=2',
    'connections=50, seed=3',
  ]);
  expect(all.map(({ scenario }) => scenario.seed)).toEqual([1, 2, 3, 1, 2, 3]);
  expect(all[3]?.folder).toBe('4-connections-50-seed-1');
});

test('keys that end alike are told apart by what stands before', () => {
  const text = scenarioText(
    'matrix: { populations.clients.connections: [1], populations.more.connections: [2] }',
  ).replace('clients: {', 'more: { connections: 1 }, clients: {');
  expect(expand(text).map(({ label }) => label)).toEqual(['clients.connections=1, more.connections=2']);
});

test('a value may be a map, a list or a word, each with a label and a folder that no other has', () => {
  const compressions = '[off, { threshold: 1KiB }, { threshold: 2KiB }]';
  const all = variants(`{ connect.compression: ${compressions} }`);
  expect(all.map(({ label }) => label)).toEqual(['off', '{ threshold: 1KiB }', '{ threshold: 2KiB }']);
  expect(all.map(({ folder: name }) => name)).toEqual(['1-off', '2-threshold-1KiB', '3-threshold-2KiB']);
  expect(all.map(({ scenario }) => scenario.populations[0]?.connect.compression)).toEqual([
    null,
    { thresholdBytes: 1024 },
    { thresholdBytes: 2048 },
  ]);
  const timelines = variants('{ timeline: [[ramp: {}], [ramp: {}, hold: 1s]] }');
  expect(timelines.map(({ scenario }) => scenario.timeline.length)).toEqual([2, 3]);
});

test('ways to reconnect are called by their policy as long as that tells them apart', () => {
  const labels = (policies: string) =>
    variants(`{ populations.clients.reconnect: ${policies} }`).map(({ label }) => label);
  expect(labels('[{ policy: fixed, base: 1s }, { policy: full-jitter }]')).toEqual(['fixed', 'full-jitter']);
  expect(labels('[{ policy: fixed, base: 1s }, { policy: fixed, base: 5s }, { policy: phoenix }]')).toEqual([
    '{ policy: fixed, base: 1s }',
    '{ policy: fixed, base: 5s }',
    'phoenix',
  ]);
});

test('folders are safe names, in the order of the runs', () => {
  const names = Array.from({ length: 10 }, (_, i) => `"../../${i}"`);
  const all = variants(`{ dialect: [echo], connect.headers.X: [${names.join(', ')}] }`);
  expect(all[0]?.folder).toBe('01-dialect-echo-X-..-..-0');
  expect(all[9]?.folder).toBe('10-dialect-echo-X-..-..-9');
  const alone = variants('{ connect.headers.X: ["../..", "%", "", "a/b"] }');
  expect(alone.map(({ folder: name }) => name)).toEqual(['1-variant', '2-variant', '3-variant', '4-a-b']);
});

test('a value that the scenario cannot have is a problem with its line, and says which value', () => {
  const text = scenarioText('matrix:', '  populations.clients.connections: [10, 0]', '  sed: [1]');
  expect(mistakes(text)).toEqual([
    'my.yaml:5:41 populations.clients.connections: must be at least 1 (matrix value 0)',
    'my.yaml:6:9 sed: is not a known key, did you mean "seed"? (matrix value 1)',
  ]);
  expect(mistakes(scenarioText('matrix: { connect.compression: [{ treshold: 1KiB }] }'))).toEqual([
    'my.yaml:4:33 connect.compression.treshold: is not a known key, did you mean "threshold"? (matrix value { treshold: 1KiB })',
  ]);
  expect(mistakes(scenarioText('matrix: { thresholds.3: [closes.abnormal == 0] }'))).toEqual([
    'my.yaml:4:26 thresholds.3: the scenario has no list thresholds (matrix value closes.abnormal == 0)',
  ]);
});

test('a problem of the file is said once, and of which variants when it is not of all', () => {
  const text = scenarioText(
    'seed: -1',
    'thresholds: [closes.abnormal == 0 during early]',
    'matrix: { timeline.1.hold.name: [early, late, last] }',
    'timeline: [ramp: {}, hold: { for: 1s }]',
  );
  expect(mistakes(text)).toEqual([
    'my.yaml:4:7 seed: must be at least 0',
    'my.yaml:5:14 thresholds.0: no phase is called early: there are ramp, late, drain (with late)',
    'my.yaml:5:14 thresholds.0: no phase is called early: there are ramp, last, drain (with last)',
  ]);
  expect(
    mistakes(text.replace('seed: -1', 'seed: 1').replace('during early', 'during nowhere')),
  ).toHaveLength(3);
});

test('a matrix that makes no sense is refused, beside what else is wrong', () => {
  const refused = {
    '{ seed: 1 }': 'matrix.seed: must be a list, not 1, write for example ["fixed","full-jitter"]',
    '{ seed: [] }': 'matrix.seed: must have at least 1 item',
    '[seed]':
      'matrix: must be a map of keys, not ["seed"], write for example {"populations.clients.reconnect.policy":["fixed","full-jitter"]}',
    '{ seed: [1, 2, 1] }': 'matrix.seed.2: stands in this list already: take one of them out',
    '{ a..b: [1] }':
      'matrix.a..b: has an empty part or __proto__ in its path: write one such as populations.clients.connections',
    '{ matrix.seed: [1] }': 'matrix.matrix.seed: cannot vary the matrix itself',
    '{ connect: [{}], connect.engine: [ws] }':
      'matrix.connect.engine: lies inside of connect, which has values of its own: vary one of them',
    [`{ seed: [${Array.from({ length: 13 }, (_, i) => i)}], connect.engine: [a, b, c, d, e] }`]:
      'matrix: asks for 65 runs: at most 64 are made, take values out',
  };
  for (const [matrix, problem] of Object.entries(refused)) {
    const problems = mistakes(scenarioText(`matrix: ${matrix}`, 'name: ""'));
    expect(
      problems.map((line) => line.replace(/^\S+ /, '')),
      matrix,
    ).toEqual([
      problem,
      'name: must have 1 to 100 characters, not begin with a dot, and hold no slash or control character',
    ]);
  }
});

test('--set goes before the matrix, may empty it, and may not be undone by it', () => {
  const text = scenarioText('matrix: { populations.clients.echo.every: [1s, 2s] }');
  const fewer = expand(text, { set: ['populations.clients.connections=3'] });
  expect(fewer.map(connectionsOf)).toEqual([3, 3]);
  const one = expand(text, { set: ['matrix={}', 'populations.clients.echo.every=5s'] });
  expect(one.map(({ label }) => label)).toEqual(['']);
  expect(mistakes(text, { set: ['populations.clients.echo.every=5s'] })).toEqual([
    '--set populations.clients.echo.every: the matrix gives populations.clients.echo.every values of its own: take one of them out, for this run by --set matrix={}',
  ]);
  expect(mistakes(scenarioText(), { set: ['matrix={ seed: [1, -1] }'] })).toEqual([
    '--set seed: must be at least 0 (matrix value -1)',
  ]);
});

test('what reads one scenario refuses a matrix that makes several', () => {
  expect(problemsOf(scenarioText('matrix: { seed: [1, 2] }'))).toEqual([
    'my.yaml:4:1 matrix: makes 2 scenarios where one is wanted: leave it out, or add --set matrix={}',
  ]);
  expect(problemsOf(scenarioText('matrix: { seed: [1] }'))).toEqual([]);
});

test('credentials in a matrix are in nothing that is shown, and are sent whole', () => {
  const all = variants(
    '{ " connect.headers": [{ Authorization: Bearer tiger-4711 }, { Authorization: "${env.KEY}" }, { Authorization: Bearer panda-1234 }] }',
    { env: { KEY: 'lion-0815' } },
  );
  const shown = JSON.stringify(
    all.map(({ scenario: { text, document }, ...variant }) => [text, document, variant.label, variant]),
    (key, value) => (key === 'scenario' ? undefined : value),
  );
  for (const secret of ['tiger-4711', 'lion-0815', 'panda-1234']) expect(shown).not.toContain(secret);
  expect(all.map(({ label }) => label)).toEqual([
    '{ Authorization: "Bearer [redacted]" }',
    '{ Authorization: "${env.KEY}" }',
    '{ Authorization: "Bearer [redacted]" } (3)',
  ]);
  expect(all[0]?.scenario.populations[0]?.connect.headers.Authorization).toEqual(['Bearer tiger-4711']);
  expect(all[1]?.scenario.populations[0]?.connect.headers.Authorization).toEqual(['lion-0815']);
});
