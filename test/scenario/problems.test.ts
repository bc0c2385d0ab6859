import { expect, test } from 'vitest';
import { problemsOf, scenarioText } from './texts.js';

test('every problem comes at once, each with its line and column, in the order of the file', () => {
  const text = `version: 1
nam: lobby
target: { server: hartbeat, pid: 3, options: { tsl: true, maxPayload: 64k } }
populations:
  clients:
    connections: 0
    arrive: { over: 2, rate: 5/s }
    heartbeat: { evry: 2s, timeout: 2 s }
  2nd: {}
timeline:
  - ramp: { settle: 1s }
  - hold: 20
  - {}
seed: many
`;
  expect(problemsOf(text)).toEqual([
    'my.yaml:2:1 nam: is not a known key, did you mean "name"?',
    'my.yaml:3:34 target.pid: goes only with url: leave it out, or add url',
    'my.yaml:3:48 target.options.tsl: is not a known key, did you mean "tls"?',
    'my.yaml:3:71 target.options.maxPayload: "64k" is not a size: write one such as 64KiB (units: B, KB, KiB, MB, MiB, GiB)',
    'my.yaml:6:18 populations.clients.connections: must be at least 1',
    'my.yaml:7:21 populations.clients.arrive.over: 2 has no unit: write 2s (units: us, ms, s, m, h)',
    'my.yaml:7:30 populations.clients.arrive.rate: has over and rate: write only one of them',
    'my.yaml:8:18 populations.clients.heartbeat.evry: is not a known key, did you mean "every"?',
    'my.yaml:8:37 populations.clients.heartbeat.timeout: "2 s" has a blank in it: write 2s',
    'my.yaml:9:3 populations.2nd: a population name must begin with a letter and go on with letters, digits, - and _',
    'my.yaml:11:21 timeline.0.ramp.settle: goes only with steps: leave it out, or add steps',
    'my.yaml:12:11 timeline.1.hold: 20 has no unit: write 20s (units: us, ms, s, m, h)',
    'my.yaml:13:5 timeline.2: needs one of ramp, hold, fault, recover, drain',
    'my.yaml:14:7 seed: must be a whole number, not "many"',
  ]);
});

test('what is wrong between sections is found although another section is broken', () => {
  const text = scenarioText(
    'seed: -1',
    'dialect: heartbeat',
    'thresholds: [closes.abnormal == 0 during hald]',
  );
  expect(problemsOf(text)).toEqual([
    'my.yaml:3:44 populations.clients.echo: the dialect heartbeat has no echo: write dialect: echo, for a server that sends back what it gets',
    'my.yaml:4:7 seed: must be at least 0',
    'my.yaml:6:14 thresholds.0: no phase is called hald, did you mean "hold"?',
  ]);
});

test('keys of coming releases are told apart from typing mistakes', () => {
  const text = `version: 1
target: { server: chat }
populations:
  a: { connections: 1, heartbeat: { by: server } }
`;
  const problems = problemsOf(text);
  const keys = ['populations.a.heartbeat.by'];
  for (const key of keys) {
    expect(
      problems.some((problem) => problem.includes(` ${key}: `) && problem.includes('not supported yet')),
      key,
    ).toBe(true);
  }
});

test('several instances do not go with a proxy, a port of their own, publishing, or a url', () => {
  const problems = (target: string, population = 'connections: 1') =>
    problemsOf(`version: 1\ntarget: ${target}\npopulations: { a: { ${population} } }\n`);
  expect(problems('{ server: echo, instances: 2 }')).toEqual([]);
  expect(problems('{ url: "ws://127.0.0.1:1/", instances: 2 }')).toEqual([
    expect.stringContaining('target.instances: goes only with server or command'),
  ]);
  expect(problems('{ server: echo, instances: 2, through: proxy }')).toEqual([
    expect.stringContaining('do not go with through: proxy'),
  ]);
  expect(problems('{ server: echo, instances: 2, options: { port: 8080 } }')).toEqual([
    expect.stringContaining('is for one instance'),
  ]);
  expect(
    problems('{ server: broadcast, instances: 2 }', 'connections: 1, publish: { every: 1s, size: 64B }'),
  ).toEqual([expect.stringContaining('who publishes would reach the members of one only')]);
});

test('an unknown reference server or dialect brings the list and the nearest name', () => {
  const text = scenarioText('dialect: hartbeat').replace('url: ws://127.0.0.1:8080/', 'server: clsoer');
  expect(problemsOf(text)).toEqual([
    'my.yaml:2:19 target.server: no reference server is called "clsoer", did you mean "closer"? There are echo, heartbeat, closer, broadcast, rooms, chat, reliable, handshake',
    'my.yaml:4:10 dialect: no dialect is called "hartbeat", did you mean "heartbeat"? There are echo, heartbeat, json, chat-b, chat-c, reliable, and a module of your own is written as ./my-dialect.mjs',
  ]);
});

test('a missing section says how to write it', () => {
  expect(problemsOf('seed: 1')).toEqual([
    'my.yaml:1:1 version: is missing: write version: 1',
    'my.yaml:1:1 target: is missing, write for example {"server":"heartbeat"}',
    'my.yaml:1:1 populations: is missing, write for example {"clients":{"connections":1000}}',
  ]);
  expect(problemsOf('version: 1\ntarget: {}\npopulations: {}')).toEqual([
    'my.yaml:2:9 target: needs one of url, server, command',
    'my.yaml:3:14 populations: needs at least one population, such as clients: { connections: 1000 }',
  ]);
});

test('YAML that cannot be parsed is refused with its place', () => {
  expect(problemsOf('a: [1, 2\nb: 3')[0]).toMatch(/^my\.yaml:2:1 /);
  expect(problemsOf('version: 1\nversion: 1')).toEqual([
    'my.yaml:2:1 this key stands in its map twice: keep one of them',
  ]);
  expect(problemsOf('a: 1\n---\nb: 1')).toEqual([
    'my.yaml:2:1 a second document begins here: one file is one scenario',
  ]);
  expect(problemsOf('a: !include x')).toEqual(['my.yaml:1:4 Unresolved tag: !include']);
  expect(problemsOf('{"version": 1,')[0]).toMatch(/^my\.yaml:1:\d+ /);
});

test('an empty file and one that holds no map are refused', () => {
  for (const text of ['', '# nothing\n', '---\n']) {
    expect(problemsOf(text)).toEqual(['my.yaml:1:1 the scenario is empty: it begins with version: 1']);
  }
  expect(problemsOf('- 1')).toEqual(['my.yaml:1:1 must be a map of keys, not [1]']);
});

test('JSON is read with places too', () => {
  expect(
    problemsOf(
      '{\n  "version": 1,\n  "target": { "server": "echo" },\n  "populations": { "a": { "connections": "5" } }\n}',
    ),
  ).toEqual([
    'my.yaml:4:42 populations.a.connections: must be a whole number, not "5", write for example 1000',
  ]);
});

test('files made to exhaust or to poison the reader are refused', () => {
  const doubled = [
    'a: &a [x, x]',
    ...'bcdefghijklmno'
      .split('')
      .map((name, i) => `${name}: &${name} [*${'abcdefghijklmno'[i]}, *${'abcdefghijklmno'[i]}]`),
  ];
  expect(problemsOf(doubled.join('\n'))).toEqual([
    'my.yaml:1:1 aliases repeat more than 100 times: write the values out',
  ]);
  expect(problemsOf('a: &a [*a]')).toEqual(['my.yaml:1:8 the alias *a stands inside of what it repeats']);
  expect(problemsOf('a: *b')).toEqual(['my.yaml:1:4 no anchor &b stands before this alias']);
  for (const deep of ['['.repeat(100_000), '- '.repeat(100_000), '{a: '.repeat(1000)]) {
    expect(problemsOf(deep)).toEqual(['my.yaml:1:1 is nested more than 200 levels deep: make it flatter']);
  }
  expect(problemsOf(scenarioText('connect: { headers: { __proto__: x } }'))).toEqual([
    'my.yaml:4:23 __proto__ cannot be a key: choose another name',
  ]);
});

test('names that every object inherits are unknown keys like any other', () => {
  const problems = problemsOf(scenarioText('constructor: {}', 'toString: 1'));
  expect(problems).toHaveLength(2);
  expect(problems[0]).toMatch(/^my\.yaml:4:1 constructor: is not a known key: there are version, name/);
});
