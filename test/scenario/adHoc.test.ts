import { expect, test } from 'vitest';
import { ScenarioError } from '../../src/errors.js';
import { adHocScenario } from '../../src/scenario/adHoc.js';
import { parse } from './texts.js';

const url = 'ws://127.0.0.1:8080/';

test('without a file, connections arrive at most 1,000 a second and ping every second', () => {
  const scenario = adHocScenario({ url, connections: 5000, hold: '30s', env: {} });
  expect(scenario).toMatchObject({
    name: 'ad-hoc',
    file: null,
    target: { kind: 'url', url, pid: null },
    populations: [
      {
        connections: 5000,
        arrive: { kind: 'over', overUs: 5_000_000 },
        dialect: { kind: 'named', name: 'echo' },
        patterns: [{ kind: 'heartbeat', options: { by: 'ping', everyUs: 1_000_000 } }],
      },
    ],
    timeline: [{ kind: 'ramp' }, { kind: 'hold', forUs: 30_000_000 }, { kind: 'drain', forUs: 5_000_000 }],
  });
  expect(adHocScenario({ url, connections: 10, hold: '1s', env: {} }).populations[0]?.arrive).toEqual({
    kind: 'over',
    overUs: 1_000_000,
  });
});

test('its text is a scenario file that does the same', () => {
  const given = { headers: { 'X-Tenant': 'acme' }, subprotocols: ['chat'], compression: true, engine: 'ws' };
  const scenario = adHocScenario({
    url,
    connections: 10,
    hold: '1m30s',
    heartbeatEvery: null,
    ...given,
    env: {},
  });
  expect(scenario.populations[0]).toMatchObject({ patterns: [], connect: { engine: 'ws', compression: {} } });
  expect({ ...parse(scenario.text), name: 'ad-hoc', file: null, document: null }).toEqual({
    ...scenario,
    document: null,
  });
});

test('mistakes on the command line are listed like those of a file', () => {
  const given = {
    url: 'http://x',
    connections: Number.NaN,
    hold: '30',
    heartbeatEvery: '1 s',
    engine: 'quick',
    env: {},
  };
  const problems = [
    'connect.engine: "quick" is not known: there are fast, ws',
    'populations.clients.connections: must be a whole number, not NaN, write for example 1000',
    'populations.clients.heartbeat.every: "1 s" has a blank in it: write 1s',
    'timeline.1.hold: 30 has no unit: write 30s (units: us, ms, s, m, h)',
    'target.url: must begin with ws:// or wss://, such as ws://127.0.0.1:8080/',
    '--set sed: is not a known key, did you mean "seed"?',
  ];
  expect(() => adHocScenario({ ...given, set: ['sed=1'] })).toThrow(new ScenarioError(problems));
});
