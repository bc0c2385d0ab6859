import { expect, test } from 'vitest';
import { parse, problemsOf, scenarioText } from './texts.js';

test('the least scenario gets every default', () => {
  const scenario = parse(
    'version: 1\ntarget: { server: heartbeat }\npopulations: { clients: { connections: 10 } }',
  );
  expect(scenario).toMatchObject({
    name: 'my',
    file: 'my.yaml',
    seed: 1,
    target: { kind: 'server', server: 'heartbeat', options: {} },
    timeline: [
      { kind: 'ramp', name: 'ramp', toShare: 1, steps: 1, settleUs: 0 },
      { kind: 'hold', name: 'hold', forUs: 30_000_000 },
      { kind: 'drain', name: 'drain', forUs: 5_000_000 },
    ],
    thresholds: [],
    allowSaturated: false,
    proxied: false,
    beside: null,
    secrets: [],
  });
  expect(scenario.populations).toEqual([
    {
      name: 'clients',
      connections: 10,
      arrive: { kind: 'over', overUs: 1_000_000 },
      connect: {
        path: null,
        headers: {},
        subprotocols: [],
        rows: null,
        compression: null,
        handshakeTimeoutUs: 10_000_000,
        maxMessageBytes: 16 * 1024 * 1024,
        tls: { ca: null, cert: null, key: null, servername: null, verify: true, resume: false },
        sourceAddresses: 'auto',
        engine: 'fast',
      },
      dialect: { kind: 'named', name: 'heartbeat' },
      patterns: [],
      lifetimeUs: null,
      reconnect: null,
    },
  ]);
});

test('the document shows the defaults in the words of the file', () => {
  const { document } = parse(scenarioText('timeline: [{ ramp: { steps: 5 } }]'));
  expect(document).toMatchObject({
    name: 'my',
    dialect: 'echo',
    connect: { compression: 'off', handshakeTimeout: '10s' },
    populations: {
      clients: {
        arrive: { over: '1s' },
        echo: { every: '1s', size: '20B', offset: 'uniform', timeout: '10s' },
      },
    },
    timeline: [{ ramp: { to: '100%', steps: 5, settle: '2s' } }, { drain: '5s' }],
  });
});

test('a fault proxy and HTTP requests beside the run go with every kind of target', () => {
  const targets = ['url: ws://127.0.0.1:8080/', 'server: echo', 'command: [node, server.js, "${port}"]'];
  for (const target of targets) {
    const text = scenarioText('beside: { http: "/health?of=${env.PART}" }');
    const scenario = parse(text.replace('url: ws://127.0.0.1:8080/', `${target}, through: proxy`), {
      env: { PART: 'chat' },
    });
    expect(scenario.proxied, target).toBe(true);
    expect(scenario.beside).toEqual({ path: '/health?of=chat', connections: 4 });
  }
});

test('arrivals come over a time, at a rate, or all at once', () => {
  const arrivals = (arrive: string) =>
    parse(scenarioText().replace('connections: 10,', `connections: 10, arrive: ${arrive},`)).populations[0]
      ?.arrive;
  expect(arrivals('{ over: 1m30s }')).toEqual({ kind: 'over', overUs: 90_000_000 });
  expect(arrivals('{ rate: 120/m, spacing: poisson }')).toEqual({
    kind: 'rate',
    perSecond: 2,
    spacing: 'poisson',
  });
  expect(arrivals('{ rate: 5/s }')).toEqual({ kind: 'rate', perSecond: 5, spacing: 'uniform' });
  expect(arrivals('{ at: once }')).toEqual({ kind: 'at-once' });
});

test('patterns are given in base units', () => {
  const text = `version: 1
target: { server: echo }
populations:
  beating: { connections: 1, heartbeat: {}, lifetime: { mean: 10m } }
  paced: { connections: 1, echo: { every: 100ms, size: 1KiB, offset: aligned } }
  answered: { connections: 1, echo: { pace: answered } }
`;
  const [beating, paced, answered] = parse(text).populations;
  expect(beating).toMatchObject({
    lifetimeUs: 600_000_000,
    patterns: [
      {
        kind: 'heartbeat',
        options: {
          by: 'ping',
          everyUs: 25_000_000,
          timeoutUs: 10_000_000,
          offset: 'uniform',
          onTimeout: 'close',
        },
      },
    ],
  });
  expect(paced?.patterns).toEqual([
    {
      kind: 'echo',
      options: {
        sizeBytes: 1024,
        timeoutUs: 10_000_000,
        pace: { kind: 'every', everyUs: 100_000, offset: 'aligned' },
      },
    },
  ]);
  expect(answered?.patterns).toEqual([
    { kind: 'echo', options: { sizeBytes: 20, timeoutUs: 10_000_000, pace: { kind: 'answered' } } },
  ]);
});

test('phases are named by their kind, numbered when it comes again', () => {
  const timeline = `timeline:
  - ramp: { to: 50% }
  - hold: 1s
  - ramp: {}
  - hold: { for: 2s, name: before }
  - hold: 3s
  - drain: { for: 0s, name: end }`;
  expect(parse(scenarioText(timeline)).timeline.map(({ name }) => name)).toEqual([
    'ramp',
    'hold',
    'ramp-2',
    'before',
    'hold-3',
    'end',
  ]);
});

test('a timeline that cannot be run is refused', () => {
  const problems = (phases: string) =>
    problemsOf(scenarioText(`timeline: [${phases}]`)).map((problem) =>
      problem.replace(/^\S+ timeline\./, ''),
    );
  expect(problems('hold: 1s')).toEqual([
    '0: the first phase must be a ramp, in which connections arrive: write - ramp: {}',
  ]);
  expect(problems('ramp: {}, drain: 1s, hold: 1s')).toEqual([
    '1.drain: a drain ends the run: it must be the last phase, and the only drain',
  ]);
  expect(problems('ramp: { to: 60% }, ramp: { to: 50% }')).toEqual([
    '1.ramp.to: must be more than the 60% that have arrived by then',
  ]);
  expect(problems('ramp: { steps: 11 }')).toEqual([
    '0.ramp.steps: 11 steps cannot split 10 connections: write fewer, or leave steps out',
  ]);
  expect(problems('ramp: {}, hold: { for: 1s, name: hold-2 }, hold: 1s')).toEqual([
    '2.hold: an earlier phase is called hold-2 already: give this one another name',
  ]);
  expect(problems('ramp: {}, hold: 0s')).toEqual(['1.hold: must be more than 0, such as 20s']);
});

test('a population changes single settings of the common connect', () => {
  const text = `version: 1
target: { server: echo }
connect: { path: /all, headers: { A: x }, compression: on, handshakeTimeout: 3s }
populations:
  a: { connections: 1 }
  b: { connections: 1, connect: { path: /b, compression: { threshold: 1KiB, clientMaxWindowBits: 10 }, engine: ws } }
  c: { connections: 1, connect: { headers: {}, compression: false } }
`;
  const [a, b, c] = parse(text).populations.map(({ connect }) => connect);
  expect(a).toMatchObject({ path: ['/all'], headers: { A: ['x'] }, compression: {}, engine: 'fast' });
  expect(b).toMatchObject({
    path: ['/b'],
    headers: { A: ['x'] },
    compression: { thresholdBytes: 1024, clientMaxWindowBits: 10 },
    handshakeTimeoutUs: 3_000_000,
    engine: 'ws',
  });
  expect(c).toMatchObject({ path: ['/all'], headers: {}, compression: null });
});

test('options of a reference server are passed on in base units', () => {
  const options =
    '{ tls: true, maxPayload: 64KiB, backlog: 1024, heartbeat: { every: 30s }, stall: { after: 2s, for: 1s, every: 5s } }';
  expect(
    parse(scenarioText().replace('url: ws://127.0.0.1:8080/', `server: echo, options: ${options}`)).target,
  ).toEqual({
    kind: 'server',
    server: 'echo',
    options: {
      tls: true,
      maxPayloadBytes: 65_536,
      backlog: 1024,
      heartbeat: { everyUs: 30_000_000 },
      stall: { afterUs: 2_000_000, forUs: 1_000_000, everyUs: 5_000_000 },
    },
    instances: 1,
  });
});

test('a command keeps its port open and takes the environment', () => {
  const target = 'command: [node, server.js, "--port=${port}", "${env.MODE}"], scheme: wss, ready: 3s';
  const scenario = parse(scenarioText().replace('url: ws://127.0.0.1:8080/', target), {
    env: { MODE: 'cluster' },
  });
  expect(scenario.target).toEqual({
    kind: 'command',
    command: ['node', 'server.js', '--port=${port}', 'cluster'],
    scheme: 'wss',
    path: '/',
    readyUs: 3_000_000,
    instances: 1,
  });
});
