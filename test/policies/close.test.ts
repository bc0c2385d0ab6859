import { expect, test } from 'vitest';
import { closeAction } from '../../src/policies/close.js';
import type { CloseAction } from '../../src/policies/policy.js';
import { presetNames } from '../../src/policies/presets.js';
import { policyNamed } from './retries.js';

/** Codes by what a policy does after them; those that are not here it retries. */
function actionsOf(name: string): Record<CloseAction, string> {
  const ranges: Record<CloseAction, string[]> = { retry: [], 'retry-at-once': [], 'give-up': [] };
  let from = 1000;
  for (let code = 1000; code <= 4999; code++) {
    const action = closeAction(policyNamed(name), code);
    if (code < 4999 && closeAction(policyNamed(name), code + 1) === action) continue;
    ranges[action].push(from === code ? `${code}` : `${from}-${code}`);
    from = code + 1;
  }
  return {
    retry: ranges.retry.join(' '),
    'retry-at-once': ranges['retry-at-once'].join(' '),
    'give-up': ranges['give-up'].join(' '),
  };
}

test.each([
  ['phoenix', '', '1000'],
  ['liveview', '', '1000'],
  ['additive-jitter', '', '1000'],
  ['graphql-ws', '1000', '1002-1004 1007-1011 1015-1999 4004-4005 4400-4401 4406 4409 4429 4500'],
  ['centrifuge-js', '', '1009 3500-3999 4500-4999'],
  ['pusher-js', '4000 4200-4299', '4001-4099 4300-4999'],
  ['discord-gateway', '', '4004 4010-4014'],
  ['capped-additive-jitter', '', '1000-4999'],
])(
  '%s retries at once after [%s], gives up after [%s], and retries all other closes',
  (name, atOnce, never) => {
    expect(actionsOf(name)).toMatchObject({ 'retry-at-once': atOnce, 'give-up': never });
  },
);

test('all other policies retry whatever the code', () => {
  const choosy = presetNames.filter((name) => policyNamed(name).closes.length > 0);
  expect(choosy.sort()).toEqual([
    'additive-jitter',
    'capped-additive-jitter',
    'centrifuge-js',
    'discord-gateway',
    'graphql-ws',
    'liveview',
    'phoenix',
    'pusher-js',
  ]);
  expect(actionsOf('socket.io').retry).toBe('1000-4999');
});

test('a connection that was lost without a close frame is retried by everybody', () => {
  for (const name of presetNames) expect(closeAction(policyNamed(name), null), name).toBe('retry');
});

test('the first rule that matches applies', () => {
  const closes = [
    { codes: [4004, 4004], action: 'give-up' },
    { codes: [4000, 4099], action: 'retry-at-once' },
    { codes: 'any-frame', action: 'give-up' },
    { codes: [1000, 1000], action: 'retry' },
  ] as const;
  expect([4004, 4005, 4100, 1000].map((code) => closeAction({ closes }, code))).toEqual([
    'give-up',
    'retry-at-once',
    'give-up',
    'give-up',
  ]);
});
