import { describe, expect, test } from 'vitest';
import { peakPerSecond } from '../../src/storm/bins.js';
import { simulateStorm } from '../../src/storm/simulate.js';
import { exponential, fixed, fullJitter, herd, policy, SECOND_US, storm } from './storms.js';

/** The bins with something in them, as pairs of bin and count. */
function filled(bins: readonly number[]): Array<[bin: number, count: number]> {
  return bins.flatMap((count, bin) => (count > 0 ? [[bin, count] as [number, number]] : []));
}

describe('a fixed delay without jitter', () => {
  test('keeps all clients in lockstep: they try at 1, 2 and 3 s, and are back together', () => {
    // A refusal takes no time that would show in a bin.
    const { all, attempts, opens } = simulateStorm(storm([herd('a', 1000)], { refusalUs: 1 }));
    expect(filled(attempts)).toEqual([
      [10, 1000],
      [20, 1000],
      [30, 1000],
    ]);
    expect(filled(opens)).toEqual([[30, 1000]]);
    // The k-th attempt comes k delays and k - 1 refusals after the loss; each handshake takes 1 us.
    expect(all.times).toEqual({ t50Ms: 3000.502, t90Ms: 3000.902, t99Ms: 3000.992, t100Ms: 3001.002 });
  });

  test('makes the herd wait for the first multiple of its delay after the outage', () => {
    const slow = herd('a', 100, { policy: policy(fixed(5 * SECOND_US)) });
    const { all } = simulateStorm(storm([slow], { outage: { untilUs: 12 * SECOND_US, share: 1 } }));
    expect(all.attempts).toBe(300);
    expect(all.times.t50Ms).toBeCloseTo(15_000, -1);
    expect(all.times.t99Ms).toBeCloseTo(15_000, -1);
  });
});

describe('a herd that the server lets in one after the other', () => {
  test('is back after the outage and the time that all handshakes take', () => {
    const retryAtOnce = policy(fixed(0));
    const { all } = simulateStorm(
      storm([herd('a', 5000, { policy: retryAtOnce })], { acceptPerSecond: 1000 }),
    );
    expect(all.times).toEqual({ t50Ms: 5500, t90Ms: 7500, t99Ms: 7950, t100Ms: 8000 });
  });

  test('tries once in the time that a refusal takes, all the while that the server is down', () => {
    const retryAtOnce = policy(fixed(0));
    const { all, attempts } = simulateStorm(
      storm([herd('a', 50, { policy: retryAtOnce })], { refusalUs: 1000 }),
    );
    expect(attempts.slice(0, 30)).toEqual(Array(30).fill(50 * 100));
    expect(all.attempts).toBe(50 * 3000 + 50);
  });
});

test('an exponential delay without jitter makes attempts at base * (2^k - 1)', () => {
  const growing = policy(exponential(SECOND_US, 2));
  const { attempts } = simulateStorm(
    storm([herd('a', 10, { policy: growing })], {
      outage: { untilUs: 60 * SECOND_US, share: 1 },
      refusalUs: 1,
    }),
  );
  expect(filled(attempts)).toEqual([1, 3, 7, 15, 31, 63].map((second) => [second * 10, 10]));
});

test('full jitter makes as many attempts as its delays say on average', () => {
  // Delays uniform in (0, d) without growth: a renewal process. The mean number of renewals until t, and the attempt
  // that comes after, is 2 t / d + 2 / 3 + o(1) (Feller, An Introduction to Probability Theory II, XI.3).
  const delayUs = 100_000;
  const clients = 20_000;
  const jittered = policy(fullJitter(delayUs, delayUs));
  const { all } = simulateStorm(storm([herd('a', clients, { policy: jittered })], { refusalUs: 1 }));
  const expected = (2 * 3 * SECOND_US) / delayUs + 2 / 3;
  // Variance of the number: sigma^2 t / mu^3 = 2 t / (3 d), so that the mean's deviation is this:
  const deviation = Math.sqrt((2 * 3 * SECOND_US) / (3 * delayUs) / clients);
  expect(Math.abs(all.attempts / clients - expected)).toBeLessThan(5 * deviation);
});

describe('clients with a limit of attempts', () => {
  test('give up when it is reached before the target is back', () => {
    const few = herd('few', 300, { policy: policy(fixed(SECOND_US), { attempts: 2 }) });
    const enough = herd('enough', 200, { policy: policy(fixed(SECOND_US), { attempts: 3 }) });
    const { herds } = simulateStorm(storm([few, enough], { refusalUs: 1 }));
    expect(herds.get('few')).toMatchObject({ attempts: 600, opens: 0, gaveUp: 300, stillOut: 0 });
    expect(herds.get('enough')).toMatchObject({ attempts: 600, opens: 200, gaveUp: 0, stillOut: 0 });
  });

  test('do as their policy says about the close code', () => {
    const action = (kind: 'give-up' | 'retry-at-once') =>
      policy(fixed(SECOND_US), { closes: [{ codes: [1001, 1001], action: kind }] });
    const herds = [
      herd('leaves', 10, { policy: action('give-up') }),
      herd('hurries', 10, { policy: action('retry-at-once') }),
      herd('waits', 10),
    ];
    const goingAway = simulateStorm(storm(herds, { closeCode: 1001, outage: { untilUs: 0, share: 0 } }));
    expect(goingAway.herds.get('leaves')).toMatchObject({ attempts: 0, gaveUp: 10 });
    expect(goingAway.herds.get('hurries')?.times.t100Ms).toBeLessThan(1);
    expect(goingAway.herds.get('waits')?.times.t100Ms).toBeCloseTo(1000, 0);
    const withoutFrame = simulateStorm(storm(herds, { outage: { untilUs: 0, share: 0 } }));
    expect(withoutFrame.herds.get('leaves')).toMatchObject({ opens: 10, gaveUp: 0 });
  });

  test('stay out without a policy, and are waited for by nobody', () => {
    const { all, cutOff } = simulateStorm(storm([herd('a', 10, { policy: null }), herd('b', 30)]));
    expect(all).toMatchObject({ dropped: 40, opens: 30, gaveUp: 0, stillOut: 10 });
    expect(all.times.t50Ms).not.toBeNull();
    expect(all.times.t90Ms).toBeNull();
    expect(cutOff).toBeNull();
  });
});

test('the peak is that of the worst second, wherever it begins', () => {
  expect(peakPerSecond([])).toBe(0);
  expect(peakPerSecond([7])).toBe(7);
  const bins = Array<number>(30).fill(1);
  bins[14] = 100;
  bins[23] = 100;
  bins[24] = 100;
  expect(peakPerSecond(bins)).toBe(208);
});
