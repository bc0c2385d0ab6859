import { expect, test } from 'vitest';
import { parse, problemsOf, scenarioText } from './texts.js';

test('--set changes values, adds keys and reaches into lists', () => {
  const text = scenarioText('timeline: [{ ramp: {} }, { hold: 30s }]');
  const set = [
    'populations.clients.connections=25',
    'timeline.1.hold=5s',
    'timeline.2.drain=1s',
    'connect.headers.X-Tenant=acme',
    'populations.more={ connections: 3 }',
    'name=short',
  ];
  const scenario = parse(text, { set });
  expect(scenario.name).toBe('short');
  expect(scenario.populations.map(({ name, connections }) => [name, connections])).toEqual([
    ['clients', 25],
    ['more', 3],
  ]);
  expect(scenario.timeline).toMatchObject([
    { kind: 'ramp' },
    { forUs: 5_000_000 },
    { kind: 'drain', forUs: 1_000_000 },
  ]);
  expect(scenario.populations[0]?.connect.headers).toEqual({ 'X-Tenant': ['acme'] });
});

test('a later --set wins', () => {
  expect(parse(scenarioText(), { set: ['seed=1', 'seed=2'] }).seed).toBe(2);
});

test('--set leaves what an alias repeats alone', () => {
  const text = `version: 1
target: { url: ws://127.0.0.1:8080/ }
populations:
  a: &few { connections: 2, heartbeat: {} }
  b: *few
`;
  const { populations } = parse(text, { set: ['populations.b.connections=9'] });
  expect(populations.map(({ connections }) => connections)).toEqual([2, 9]);
});

test('what --set makes wrong is said to be from --set, beside the problems of the file', () => {
  const set = ['populations.clients.connections=0', 'timeline=[{ ramp: {} }, { hold: 5 }]', 'foo.bar=1'];
  const problems = problemsOf(scenarioText('sed: 1'), { set });
  expect(problems[0]).toBe('my.yaml:4:1 sed: is not a known key, did you mean "seed"?');
  expect(problems).toContain('--set populations.clients.connections: must be at least 1');
  expect(problems).toContain('--set timeline.1.hold: 5 has no unit: write 5s (units: us, ms, s, m, h)');
  expect(problems.at(-1)).toMatch(/^--set foo: is not a known key/);
  expect(problems).toHaveLength(4);
});

test('a --set that cannot be applied says why', () => {
  const set = ['seed', 'a.b=[', '__proto__.x=1', 'target.url.host=x', 'thresholds.0=x', 'a..b=1'];
  expect(problemsOf(scenarioText('seed: -1'), { set })).toEqual([
    'my.yaml:4:7 seed: must be at least 0',
    '--set seed: is not of the form path=value, such as populations.clients.connections=100',
    '--set a.b: has a value that is not YAML: Flow sequence must end with a ]',
    '--set __proto__.x: has an empty part or __proto__ in its path',
    '--set target.url.host: target.url is not a map or a list: set target.url as a whole',
    '--set thresholds.0: the scenario has no list thresholds',
    '--set a..b: has an empty part or __proto__ in its path',
  ]);
  expect(problemsOf(scenarioText('thresholds: []'), { set: ['thresholds.1=x'] })).toEqual([
    '--set thresholds.1: thresholds has 0 items: the next one is 0',
  ]);
});
