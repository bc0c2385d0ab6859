import { describe, expect, test } from 'vitest';
import { simulateStorm } from '../../src/storm/simulate.js';
import { fixed, herd, policy, SECOND_US, storm } from './storms.js';

const NO_OUTAGE = { untilUs: 0, share: 0 };
const GENERATOR = { attemptsPerSecond: 2000, refusedPerSecond: 5000 };
const atOnce = policy(fixed(0));

/** Opens in the second that begins at `second`. */
function inSecond(opens: readonly number[], second: number): number {
  return opens.slice(second * 10, second * 10 + 10).reduce((sum, count) => sum + count, 0);
}

describe('a full accept queue', () => {
  test('lets in exactly its length, and the others when their SYNs are sent again after 1, 3 and 7 s', () => {
    const { all, opens } = simulateStorm(
      storm([herd('a', 1000, { policy: atOnce })], {
        outage: NO_OUTAGE,
        acceptPerSecond: 10_000,
        acceptQueue: 250,
      }),
    );
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((second) => inSecond(opens, second))).toEqual([
      250, 250, 0, 250, 0, 0, 0, 250,
    ]);
    expect(all).toMatchObject({ attempts: 1000, failures: 0 });
    expect(all.times).toEqual({ t50Ms: 1025, t90Ms: 7015, t99Ms: 7024, t100Ms: 7025 });
  });

  test('has room again for as many as were served meanwhile', () => {
    const { opens } = simulateStorm(
      storm([herd('a', 300, { policy: atOnce })], {
        outage: NO_OUTAGE,
        acceptPerSecond: 100,
        acceptQueue: 150,
      }),
    );
    // After 1 s 100 of the 150 are served, so that 100 find room; the last 50 come back after 3 s.
    expect([0, 1, 2, 3].map((second) => inSecond(opens, second))).toEqual([99, 100, 51, 50]);
  });

  test('fails an attempt whose handshake timeout leaves no time for another SYN', () => {
    // Tries once, because of the close code, and never again.
    const closes = [{ codes: [1001, 1001] as const, action: 'retry-at-once' as const }];
    const once = herd('a', 20, {
      policy: policy(fixed(0), { attempts: 0, closes }),
      timeoutUs: 2 * SECOND_US,
    });
    const { all } = simulateStorm(
      storm([once], {
        closeCode: 1001,
        outage: NO_OUTAGE,
        acceptPerSecond: 10_000,
        acceptQueue: 8,
      }),
    );
    // 8 at once, 8 after 1 s; the SYN after 3 s is never sent.
    expect(all).toMatchObject({ attempts: 20, opens: 16, failures: 4, gaveUp: 4 });
  });
});

describe('a client that is not served before its timeout', () => {
  test('fails and tries again, while the server serves those that have left', () => {
    const impatient = herd('a', 30, { policy: policy(fixed(0)), timeoutUs: SECOND_US });
    const { all, attempts, cutOff } = simulateStorm(
      storm([impatient], { outage: NO_OUTAGE, acceptPerSecond: 10, acceptQueue: 100 }),
    );
    // The first 10 are in time. From then on the server is busy with those who have left, and never catches up.
    expect(all).toMatchObject({ opens: 10, stillOut: 20 });
    expect([0, 10, 20, 30].map((bin) => attempts[bin])).toEqual([30, 20, 20, 20]);
    expect(cutOff).toBe('simulatedUs');
  });
});

describe('a generator that makes so many attempts a second', () => {
  test('spreads a herd that wants to try at once', () => {
    const { attempts, all } = simulateStorm(
      storm([herd('a', 1000, { policy: atOnce })], { outage: NO_OUTAGE, generator: GENERATOR }),
    );
    expect(attempts.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    expect(all.times.t100Ms).toBeCloseTo(499.5, 1);
  });

  test('bounds the attempts while the target is down', () => {
    const { attempts } = simulateStorm(
      storm([herd('a', 1000, { policy: atOnce })], { generator: GENERATOR }),
    );
    expect(Math.max(...attempts)).toBeLessThanOrEqual(501);
    expect(attempts.slice(0, 30).reduce((sum, count) => sum + count, 0)).toBe(15_000);
  });
});

test('a fault that hits half of the attempts fails exactly half of them', () => {
  const { all, attempts } = simulateStorm(
    storm([herd('a', 1000)], { outage: { untilUs: 1.5 * SECOND_US, share: 0.5 } }),
  );
  expect(all).toMatchObject({ attempts: 1500, failures: 500, opens: 1000 });
  expect([attempts[10], attempts[20]]).toEqual([1000, 500]);
});

describe('a storm without end', () => {
  test('is ended by a bound, and says so', () => {
    const { all, cutOff } = simulateStorm(
      storm([herd('a', 1_000_000, { policy: policy(fixed(60 * SECOND_US)) })], {
        outage: { untilUs: null, share: 1 },
      }),
    );
    expect(cutOff).toBe('simulatedUs');
    expect(all).toMatchObject({ opens: 0, stillOut: 1_000_000, gaveUp: 0 });
    expect(all.attempts).toBe(359 * 1_000_000);
  });
});
