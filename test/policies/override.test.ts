import { expect, test } from 'vitest';
import { closeAction } from '../../src/policies/close.js';
import { policyOf, type ReconnectOverrides } from '../../src/policies/override.js';
import type { ReconnectPolicy } from '../../src/policies/policy.js';
import { presetNames } from '../../src/policies/presets.js';
import { delaysMs, policyNamed } from './retries.js';

function changed(name: string, overrides: ReconnectOverrides): ReconnectPolicy {
  const result = policyOf(policyNamed(name), overrides);
  if ('problems' in result) throw new Error(result.problems.map(({ message }) => message).join('\n'));
  return result.policy;
}

function problemsOf(name: string, overrides: ReconnectOverrides): Record<string, string> {
  const result = policyOf(policyNamed(name), overrides);
  return 'problems' in result
    ? Object.fromEntries(result.problems.map(({ key, message }) => [key, message]))
    : {};
}

const s = 1_000_000;

test('a policy without overrides stays as it is', () => {
  for (const name of presetNames.filter((name) => name !== 'delays')) {
    expect(changed(name, {})).toEqual(policyNamed(name));
  }
});

test('base, factor, step and cap replace those of the growth that has them', () => {
  const exponential = changed('exponential', { base: s / 2, factor: 3, cap: 10 * s });
  expect(delaysMs(exponential.delay, 4)).toEqual([500, 1500, 4500, 10_000]);
  expect(delaysMs(changed('linear', { base: 2 * s, step: 3 * s }).delay, 3)).toEqual([2000, 5000, 8000]);
  expect(delaysMs(changed('fixed', { base: 7 * s }).delay, 2)).toEqual([7000, 7000]);
  expect(delaysMs(changed('slack-socket-mode', { step: 0 }).delay, 2)).toEqual([5000, 5000]);
  expect(delaysMs(changed('delays', { delays: [s, 3 * s] }).delay, 3)).toEqual([1000, 3000, 3000]);
  const decorrelated = changed('decorrelated-jitter', { base: 2 * s, cap: 5 * s });
  expect(delaysMs(decorrelated.delay, 2, { each: [0.25] })).toEqual([3000, 3750]);
  expect(delaysMs(decorrelated.delay, 2, { each: [0.75] })).toEqual([5000, 5000]);
});

test('a cap goes where the policy has its own, before or after the jitter', () => {
  const before = changed('additive-jitter', { cap: 4 * s });
  expect(delaysMs(before.delay, 3, { each: [0.5] })).toEqual([2500, 4500, 4500]);
  const after = changed('socket.io', { cap: 2 * s });
  expect(delaysMs(after.delay, 3, { each: [0.75] })).toEqual([1375, 2000, 2000]);
  const both = changed('centrifuge-js', { cap: s });
  expect(delaysMs(both.delay, 3, { each: [0.25, 0] })).toEqual([625, 750, 750]);
  expect(delaysMs(both.delay, 3, { each: [0.75, 0] })).toEqual([875, 1000, 1000]);
});

test('a policy without a cap gets one that no delay exceeds', () => {
  const capped = changed('anycable', { cap: 8 * s });
  expect(delaysMs(capped.delay, 3, { each: [0.5, 0.5] })).toEqual([4500, 8000, 8000]);
});

test('jitter replaces all that the policy has', () => {
  expect(delaysMs(changed('socket.io', { jitter: 'none' }).delay, 4)).toEqual([1000, 2000, 4000, 5000]);
  expect(delaysMs(changed('anycable', { jitter: 'none' }).delay, 2)).toEqual([3000, 6000]);
  const deviating = changed('fixed', { jitter: 0.2 });
  expect(delaysMs(deviating.delay, 1, { each: [0.25] })).toEqual([950]);
  expect(delaysMs(deviating.delay, 1, { each: [0.75] })).toEqual([1150]);
  const decorrelated = changed('exponential', { base: 2 * s, jitter: 'decorrelated' });
  expect(delaysMs(decorrelated.delay, 3, { each: [0.5] })).toEqual([4000, 7000, 11_500]);
  expect(delaysMs(changed('phoenix', { jitter: 'full' }).delay, 2, { each: [0.5] })).toEqual([5, 25]);
});

test('jitter that goes down from the delay starts from the cap, also where the cap came after the jitter', () => {
  const full = changed('socket.io', { jitter: 'full' });
  expect(delaysMs(full.delay, 6, { each: [0.5] })).toEqual([500, 1000, 2000, 2500, 2500, 2500]);
});

test('attempts, their limits and what follows a close are replaced one by one', () => {
  expect(changed('signalr-js', { attempts: null }).attempts).toBeNull();
  expect(changed('phoenix', { attempts: 3, resetAfter: 2 * s, connectTimeout: s })).toMatchObject({
    attempts: 3,
    resetAfterUs: 2 * s,
    connectTimeoutUs: s,
  });
  expect(changed('fixed', { retryAfter: 'ignore' }).waitsRetryAfter).toBe(false);
  expect(changed('phoenix', { retryAfter: 'wait' }).waitsRetryAfter).toBe(true);
  const closes = changed('phoenix', { onClose: [{ codes: [1012, 1012], action: 'retry-at-once' }] });
  expect([1012, 1000, 1001].map((code) => closeAction(closes, code))).toEqual([
    'retry-at-once',
    'give-up',
    'retry',
  ]);
  const any = changed('phoenix', { onClose: [{ codes: 'any-frame', action: 'retry' }] });
  expect(closeAction(any, 1000)).toBe('retry');
});

test('an override that means nothing for its policy is refused with what to write instead', () => {
  expect(problemsOf('phoenix', { base: s, cap: s, jitter: 'decorrelated' })).toEqual({
    base: 'phoenix is a list of delays: write delays, not base',
    cap: 'phoenix is a list of delays: write delays, not cap',
    jitter:
      'phoenix is a list of delays, and decorrelated jitter needs a base: write policy: decorrelated-jitter',
  });
  expect(problemsOf('full-jitter', { step: s, delays: [s] })).toEqual({
    step: 'full-jitter grows by a factor: write base or factor, not step',
    delays: 'full-jitter grows by a factor: write base or factor, not delays',
  });
  expect(problemsOf('linear', { factor: 2 })).toEqual({
    factor: 'linear grows by a step: write base or step, not factor',
  });
  expect(problemsOf('naive-fixed', { factor: 2, step: s, cap: 9 * s })).toEqual({
    factor: 'naive-fixed always waits the same: write base, not factor',
    step: 'naive-fixed always waits the same: write base, not step',
    cap: 'naive-fixed always waits the same: write base, not cap',
  });
  expect(problemsOf('immediate', { base: s, jitter: 'full' })).toEqual({
    base: 'immediate does not wait: write policy: fixed, or another one, for base',
    jitter: 'immediate does not wait: write policy: fixed, or another one, for jitter',
  });
  for (const name of ['decorrelated-jitter', 'exponential']) {
    expect(problemsOf(name, { factor: 2, jitter: 'decorrelated' })).toEqual({
      factor: `${name} grows by chance, from base to cap: write those, not factor`,
    });
  }
});

test('a cap below the first delay is refused, at the key that was written', () => {
  expect(problemsOf('exponential', { cap: s / 2 })).toEqual({
    cap: 'is less than base, the first delay: raise it, or lower base',
  });
  expect(problemsOf('socket.io', { base: 6 * s })).toEqual({
    base: 'is more than cap: lower it, or raise cap',
  });
  expect(problemsOf('socket.io', { base: 6 * s, cap: 6 * s })).toEqual({});
});

test('the policy delays needs its list', () => {
  expect(problemsOf('delays', {})).toEqual({ policy: 'delays needs its list: add delays: [1s, 2s, 5s]' });
});
