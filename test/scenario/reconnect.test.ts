import { expect, test } from 'vitest';
import { findPreset, presetNames } from '../../src/policies/presets.js';
import { parse, problemsOf, scenarioText } from './texts.js';

function withReconnect(reconnect: string): string {
  return scenarioText().replace('echo: { every: 1s }', `reconnect: ${reconnect}`);
}

function policyOf(reconnect: string) {
  return parse(withReconnect(reconnect)).populations[0]?.reconnect;
}

/** Problems without their place in the file. */
function messages(reconnect: string): readonly string[] {
  return problemsOf(withReconnect(reconnect)).map((problem) =>
    problem.replace(/^\S+ populations\.clients\.reconnect/, ''),
  );
}

test('without reconnect a lost connection stays away', () => {
  expect(parse(scenarioText()).populations[0]?.reconnect).toBeNull();
});

test('every policy can be named', () => {
  for (const name of presetNames.filter((name) => name !== 'delays')) {
    expect(policyOf(`{ policy: ${name} }`)).toEqual(findPreset(name)?.policy);
  }
});

test('overrides are read with their units', () => {
  const written =
    '{ policy: full-jitter, base: 500ms, factor: 1.5, cap: 1m, jitter: 50%, attempts: 10, resetAfter: 5s, connectTimeout: 4s, retryAfter: ignore }';
  expect(policyOf(written)).toEqual({
    name: 'full-jitter',
    delay: {
      growth: { kind: 'exponential', baseUs: 500_000, factor: 1.5, mostSteps: null },
      capUs: 60_000_000,
      jitters: [{ kind: 'deviation', share: 0.5 }],
      capAfterJitterUs: null,
      late: null,
    },
    attempts: 10,
    resetAfterUs: 5_000_000,
    connectTimeoutUs: 4_000_000,
    closes: [],
    waitsRetryAfter: false,
  });
  expect(policyOf('{ policy: delays, delays: [0s, 1s, 1m30s], jitter: none }')?.delay.growth).toEqual({
    kind: 'list',
    delaysUs: [0, 1_000_000, 90_000_000],
  });
  expect(policyOf('{ policy: linear, step: 0s, jitter: equal }')?.delay).toMatchObject({
    growth: { kind: 'linear', stepUs: 0 },
    jitters: [{ kind: 'equal' }],
  });
  expect(policyOf('{ policy: signalr-js, attempts: unlimited }')?.attempts).toBeNull();
});

test('of the rules about closes the narrower comes first, and any last', () => {
  const written =
    '{ policy: phoenix, onClose: { any: retry, 4000-4099: retry-at-once, 4004: give-up, 1012: retry-at-once } }';
  expect(policyOf(written)?.closes).toEqual([
    { codes: [1012, 1012], action: 'retry-at-once' },
    { codes: [4004, 4004], action: 'give-up' },
    { codes: [4000, 4099], action: 'retry-at-once' },
    { codes: 'any-frame', action: 'retry' },
    { codes: [1000, 1000], action: 'give-up' },
  ]);
});

test('an unknown policy brings the nearest name', () => {
  expect(problemsOf(withReconnect('{ policy: soket.io }'))).toEqual([
    'my.yaml:3:65 populations.clients.reconnect.policy: no policy is called "soket.io", did you mean "socket.io"? wsherd presets lists them',
  ]);
  expect(messages('{ policy: constructor }')).toEqual([
    '.policy: no policy is called "constructor": wsherd presets lists them',
  ]);
  expect(messages('{}')).toEqual(['.policy: is missing, write for example socket.io']);
});

test('mistakes are listed all at once, each at its key', () => {
  expect(
    messages(
      '{ policy: full-jitter, base: 500, factor: 0.5, cap: 0s, attempts: 0, delays: [], retryAfter: yes, onClose: { 1006: retry, 4099-4000: retry, abc: retry, 1008: stop } }',
    ),
  ).toEqual([
    '.base: 500 has no unit: write 500s (units: us, ms, s, m, h)',
    '.factor: must be at least 1',
    '.cap: must be more than 0, such as 30s',
    '.attempts: must be at least 1',
    '.delays: must have at least 1 item',
    '.retryAfter: "yes" is not known: there are wait, ignore',
    '.onClose.1006: is never in a close frame: without one, clients always retry',
    '.onClose.4099-4000: is not a range: the smaller code comes first',
    '.onClose.abc: is not a close code: write one such as 1012, a range such as 4000-4099, or any',
    '.onClose.1008: "stop" is not known: there are retry, retry-at-once, give-up',
  ]);
});

test('jitter is a word or a percentage', () => {
  const mistakes = {
    '"ful"':
      '.jitter: "ful" is not known, did you mean "full"? There are none, full, equal, decorrelated, or a percentage such as 50%',
    '0.5': '.jitter: must be none, full, equal, decorrelated or a percentage such as 50%, not 0.5',
    '"50"': '.jitter: 50 has no unit: write 50% (units: %)',
    '0%': '.jitter: is no jitter: write none',
    '101%': '.jitter: must be at most 100%',
  };
  for (const [written, problem] of Object.entries(mistakes)) {
    expect(messages(`{ policy: fixed, jitter: ${written} }`), written).toEqual([problem]);
  }
});

test('an override that its policy does not know is refused where it stands', () => {
  expect(problemsOf(withReconnect('{ policy: phoenix, base: 1s, delays: [1s] }'))).toEqual([
    'my.yaml:3:80 populations.clients.reconnect.base: phoenix is a list of delays: write delays, not base',
  ]);
});
