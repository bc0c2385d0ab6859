import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { presetGroups, presetNames } from '../../src/policies/presets.js';
import { type Draws, delaysMs, delayUs, policyNamed } from './retries.js';

/** Computed by hand from the formulas, in ms: n = 0, 1, 2, ... */
const sequences: ReadonlyArray<readonly [name: string, draws: Draws, delaysMs: readonly number[]]> = [
  ['immediate', {}, [0, 0, 0]],
  ['fixed', {}, [1000, 1000, 1000]],
  ['linear', {}, [1000, 2000, 3000, 4000]],
  ['exponential', {}, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]],
  ['full-jitter', { each: [0.25] }, [250, 500, 1000, 2000, 4000, 7500, 7500]],
  ['equal-jitter', { each: [0.5] }, [750, 1500, 3000, 6000, 12_000, 22_500, 22_500]],
  // U(1, 3), U(1, 6), U(1, 10.5), U(1, 17.25), ... at their middles
  ['decorrelated-jitter', { each: [0.5] }, [2000, 3500, 5750, 9125, 14_187.5, 21_781.25, 30_000, 30_000]],
  ['rfc6455', { each: [0.5] }, [2500, 5000, 10_000, 15_000, 15_000]],
  ['delays', {}, [1000, 2000, 5000, 10_000, 10_000]],
  ['phoenix', {}, [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000, 5000]],
  ['liveview', {}, [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000, 5000]],
  // 0.04: shorter by 0.02 d; 0.75: longer by 0.375 d; 0.8: shorter by 0.4 d
  ['socket.io', { each: [0.04] }, [980, 1960, 3920, 5000, 5000]],
  ['socket.io', { each: [0.75] }, [1375, 2750, 5000, 5000]],
  ['socket.io', { each: [0.8] }, [600, 1200, 2400, 4800, 5000, 5000]],
  ['graphql-ws', { each: [0.5] }, [2650, 3650, 5650, 9650, 17_650]],
  // shorter by the whole ms of 0.3125 d: 31 of 31.25, 62 of 62.5, 125, ...
  [
    'subscriptions-transport-ws',
    { each: [0.625] },
    [69, 138, 275, 550, 1100, 2200, 4400, 8800, 10_000, 10_000],
  ],
  ['reconnecting-websocket', { once: 0 }, [1000, 1300, 1690, 2197, 2856.1, 3712.93]],
  ['reconnecting-websocket', { once: 0.5 }, [3000, 3900, 5070, 6591, 8568.3, 10_000, 10_000]],
  ['partysocket', {}, [3000, 3900, 5070, 6591, 8568.3, 10_000, 10_000]],
  ['reconnecting-websocket-joewalnes', {}, [1000, 1500, 2250, 3375, 5062.5, 7593.75, 11_390.625]],
  ['signalr-js', {}, [0, 2000, 10_000, 30_000]],
  ['actioncable', { each: [0] }, [6000, 6900, 7935, 9125.25]],
  // half of U(1, 2), then half of U(1, 1.15)
  ['actioncable', { each: [0.5] }, [9000, 7417.5, 8530.125]],
  ['anycable', { each: [0, 0] }, [1500, 3000, 6000, 12_000]],
  ['anycable', { each: [0.5, 0.25] }, [3375, 6750, 13_500]],
  ['anycable', { each: [0.25, 0.5] }, [3750, 7500, 15_000]],
  ['centrifuge-js', { each: [0.5, 0.9] }, [750, 1000, 1500, 2500, 4500, 8500, 10_500, 10_500]],
  ['centrifuge-js', { each: [0.75, 0] }, [875, 1250, 2000, 3500, 6500, 12_500, 15_500, 15_500]],
  ['pusher-js', {}, [1000, 15_000, 30_000, 60_000, 60_000]],
  // after 0 + 18 + 22.5 + 3 * 27 = 121.5 s it is suspended
  ['ably-js', { each: [0.5] }, [0, 18_000, 22_500, 27_000, 27_000, 27_000, 30_000, 30_000]],
  [
    'mattermost',
    { each: [0.5] },
    [4000, 4000, 4000, 4000, 4000, 4000, 4000, 193_000, 244_000, 301_000, 301_000],
  ],
  ['nats.js', { each: [0.5] }, [0, 2050, 2050]],
  ['mqtt.js', {}, [1000, 1000, 1000]],
  ['supabase-realtime', {}, [1000, 2000, 5000, 10_000, 10_000]],
  ['slack-socket-mode', {}, [5000, 10_000, 15_000, 20_000]],
  ['discord-gateway', {}, [0, 5000, 5000]],
  ['additive-jitter', { each: [0.5] }, [2500, 4500, 8500, 16_500, 30_500, 30_500]],
  ['capped-additive-jitter', { each: [0.5] }, [1500, 2500, 4500, 8500, 16_500, 30_000, 30_000]],
  ['naive-exponential', {}, [1000, 2000, 4000, 8000, 15_000, 15_000]],
  ['naive-fixed', {}, [5000, 5000, 5000]],
];

test.each(sequences)('%s with draws %j waits %j ms', (name, draws, expected) => {
  expect(delaysMs(policyNamed(name).delay, expected.length, draws)).toEqual(expected);
});

test('every policy has a sequence here, and a name of its own', () => {
  expect([...new Set(sequences.map(([name]) => name))].sort()).toEqual([...presetNames].sort());
  const all = Object.values(presetGroups).flat();
  expect(presetNames).toHaveLength(all.length);
});

test('what grows step by step ends at its cap, or where its growth ends', () => {
  expect(delayUs(policyNamed('linear').delay, 28)).toBe(29_000_000);
  expect(delayUs(policyNamed('linear').delay, 30)).toBe(30_000_000);
  // 6 s * 1.15^10 = 24.273346 s; and half of 15 % more: 26.093847 s
  for (const n of [10, 11, 1000]) {
    expect(delayUs(policyNamed('actioncable').delay, n, { each: [0] })).toBe(24_273_346);
    expect(delayUs(policyNamed('actioncable').delay, n, { each: [0.5] })).toBe(26_093_847);
  }
});

test('a preset is more than its delays: attempts, when they count anew, and how long one may take', () => {
  const settings = presetNames.map((name) => {
    const { attempts, resetAfterUs, connectTimeoutUs } = policyNamed(name);
    return [name, attempts, resetAfterUs / 1e6, connectTimeoutUs === null ? null : connectTimeoutUs / 1e6];
  });
  expect(settings.filter(([, ...rest]) => rest.join() !== ',0,')).toEqual([
    ['socket.io', null, 0, 20],
    ['graphql-ws', 5, 0, null],
    ['reconnecting-websocket', null, 5, 4],
    ['partysocket', null, 5, 4],
    ['reconnecting-websocket-joewalnes', null, 0, 2],
    ['signalr-js', 4, 0, null],
    ['centrifuge-js', null, 0, 5],
    ['pusher-js', null, 0, 15],
    ['ably-js', null, 0, 10],
    ['nats.js', 10, 0, 20],
    ['mqtt.js', null, 0, 30],
    ['capped-additive-jitter', 10, 0, null],
    ['naive-exponential', 8, 0, null],
  ]);
});

test('only generic policies see a Retry-After: browsers show none to their pages', () => {
  const waiting = presetNames.filter((name) => policyNamed(name).waitsRetryAfter);
  expect(waiting).toEqual(presetGroups.Generic.map(({ policy }) => policy.name));
});

test('the manual has a row for every policy', () => {
  const manual = readFileSync(new URL('../../docs/reconnect-policies.md', import.meta.url), 'utf8');
  for (const name of presetNames) expect(manual).toContain(`\n| \`${name}\` |`);
});
