import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TokenBucket } from '../../src/servers/tokenBucket.js';

/** How many of these instants get a token. */
function passed(bucket: TokenBucket, instantsUs: readonly number[]): number {
  return instantsUs.filter((atUs) => bucket.take(atUs) === 0).length;
}

const instants = (count: number, everyUs: number, fromUs = 5_000_000_000): number[] =>
  Array.from({ length: count }, (_, i) => fromUs + i * everyUs);

describe('a token bucket', () => {
  test('is full at first, and then lets through what it regains', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 4 });
    expect(passed(bucket, instants(100, 0))).toBe(4);
    expect(bucket.take(5_000_099_999)).toBe(1);
    expect(bucket.take(5_000_100_000)).toBe(0);
    expect(bucket.take(5_000_100_000)).toBe(100_000);
  });

  test('saves up no more than its burst', () => {
    const bucket = new TokenBucket({ perSecond: 1000, burst: 3 });
    expect(passed(bucket, instants(9, 0))).toBe(3);
    expect(passed(bucket, instants(9, 0, 9_000_000_000))).toBe(3);
  });

  test.each([1, 3, 7, 30, 999, 2.5])('loses nothing by being asked too often: %f/s', (perSecond) => {
    const asksEveryUs = 17;
    const seconds = 4;
    const asks = instants((seconds * 1_000_000) / asksEveryUs, asksEveryUs);
    // Each token is taken at most one question late, which does not add up.
    const regained = Math.floor(seconds * perSecond * (1 - (asksEveryUs * perSecond) / 1_000_000));
    const all = passed(new TokenBucket({ perSecond, burst: 1 }), asks);
    expect(all).toBeGreaterThanOrEqual(regained);
    expect(all).toBeLessThanOrEqual(Math.floor(seconds * perSecond) + 1);
  });

  test('lets exactly the rate through when it is asked at that rate', () => {
    for (const perSecond of [1, 8, 10, 125, 1000]) {
      const bucket = new TokenBucket({ perSecond, burst: 1 });
      expect(passed(bucket, instants(5000, 1_000_000 / perSecond))).toBe(5000);
    }
  });

  test('never lets more through in any time than its burst and what that time regains', () => {
    const gapsUs = fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 1, maxLength: 200 });
    const rate = fc.record({
      perSecond: fc.integer({ min: 1, max: 500 }),
      burst: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(rate, gapsUs, ({ perSecond, burst }, gaps) => {
        const bucket = new TokenBucket({ perSecond, burst });
        let atUs = 1_000_000_000;
        const passedAtUs: number[] = [];
        for (const gapUs of gaps) {
          atUs += gapUs;
          const waitUs = bucket.take(atUs);
          if (waitUs === 0) passedAtUs.push(atUs);
          else expect(waitUs).toBeLessThanOrEqual(1_000_000 / perSecond);
        }
        passedAtUs.forEach((fromUs, first) => {
          passedAtUs.slice(first).forEach((toUs, more) => {
            // One microsecond of rounding for each.
            const regained = ((toUs - fromUs + more + 1) / 1_000_000) * perSecond;
            expect(more + 1).toBeLessThanOrEqual(burst + regained);
          });
        });
      }),
      { numRuns: 50 },
    );
  });
});
