import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simulateStorm } from '../../src/storm/simulate.js';
import type { Storm } from '../../src/storm/storm.js';
import { exponential, fixed, fullJitter, herd, policy, SECOND_US, storm } from './storms.js';

const rule = fc.oneof(
  fc.integer({ min: 0, max: 3 * SECOND_US }).map(fixed),
  fc
    .constantFrom(exponential(200_000, 2), exponential(SECOND_US, 1.5))
    .map((growing) => ({ ...growing, capUs: 5 * SECOND_US })),
  fc.integer({ min: 100_000, max: SECOND_US }).map((baseUs) => fullJitter(baseUs, 4 * SECOND_US)),
);

const anyHerd = fc
  .record({
    clients: fc.integer({ min: 0, max: 60 }),
    rule,
    attempts: fc.option(fc.integer({ min: 0, max: 8 })),
    timeoutUs: fc.constantFrom(500_000, 2 * SECOND_US, 10 * SECOND_US),
    away: fc.boolean(),
  })
  .map(({ clients, rule, attempts, timeoutUs, away }) => ({
    clients,
    given: { policy: away ? null : policy(rule, { attempts }), timeoutUs },
  }));

/** Storms small enough to run thousands of, and harsh enough to overflow queues and outlast timeouts. */
const anyStorm: fc.Arbitrary<Storm> = fc
  .record({
    herds: fc.array(anyHerd, { minLength: 1, maxLength: 4 }),
    untilUs: fc.integer({ min: 0, max: 5 * SECOND_US }),
    share: fc.constantFrom(0.3, 1),
    acceptPerSecond: fc.integer({ min: 50, max: 500 }),
    acceptQueue: fc.integer({ min: 1, max: 40 }),
    generator: fc.option(
      fc.record({
        attemptsPerSecond: fc.integer({ min: 100, max: 1000 }),
        refusedPerSecond: fc.integer({ min: 100, max: 1000 }),
      }),
    ),
  })
  .map(({ herds, untilUs, share, ...rest }) =>
    storm(
      herds.map(({ clients, given }, i) => herd(`population-${i}`, clients, given)),
      { outage: { untilUs, share }, refusalUs: 10_000, ...rest },
    ),
  )
  // Some would never end, since everybody who is served has left before.
  .filter(({ acceptPerSecond, acceptQueue, herds }) =>
    herds.every(({ timeoutUs }) => (acceptQueue / acceptPerSecond) * SECOND_US < timeoutUs),
  );

describe('whatever happens', () => {
  test('every attempt opens or fails, and every client is back, has given up, or never tried', () => {
    fc.assert(
      fc.property(anyStorm, (given) => {
        const { all, herds, attempts, opens, cutOff } = simulateStorm(given);
        expect(cutOff).toBeNull();
        for (const tally of [all, ...herds.values()]) {
          expect(tally.attempts).toBe(tally.opens + tally.failures);
          expect(tally.opens + tally.gaveUp + tally.stillOut).toBe(tally.dropped);
        }
        const away = given.herds.filter(({ policy }) => policy === null);
        expect(all.stillOut).toBe(away.reduce((sum, { connections }) => sum + connections.length, 0));
        expect(sum(attempts)).toBe(all.attempts);
        expect(sum(opens)).toBe(all.opens);
        const parts = [...herds.values()];
        for (const key of ['dropped', 'attempts', 'opens', 'failures', 'gaveUp'] as const) {
          expect(sum(parts.map((tally) => tally[key]))).toBe(all[key]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the order of the populations does not matter', () => {
    fc.assert(
      fc.property(anyStorm, (given) => {
        const turned = simulateStorm({ ...given, herds: [...given.herds].reverse() });
        const straight = simulateStorm(given);
        expect(turned.attempts).toEqual(straight.attempts);
        expect(turned.opens).toEqual(straight.opens);
        for (const [name, tally] of straight.herds) expect(turned.herds.get(name)).toEqual(tally);
      }),
      { numRuns: 100 },
    );
  });

  test('no client opens during an outage that hits all', () => {
    fc.assert(
      fc.property(anyStorm, (given) => {
        const untilUs = given.outage.untilUs ?? 0;
        const { opens } = simulateStorm({ ...given, outage: { untilUs, share: 1 } });
        expect(sum(opens.slice(0, Math.floor(untilUs / 100_000)))).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});

/** Makes the model follow every client by itself, and takes no time. */
const NO_LIMIT = { attemptsPerSecond: Number.POSITIVE_INFINITY, refusedPerSecond: Number.POSITIVE_INFINITY };

test('counting equal clients as one gives what each by itself gives', () => {
  fc.assert(
    fc.property(anyStorm, (given) => {
      const together = simulateStorm({ ...given, generator: null });
      const oneByOne = simulateStorm({ ...given, generator: NO_LIMIT });
      expect(oneByOne.attempts).toEqual(together.attempts);
      expect(oneByOne.opens).toEqual(together.opens);
      for (const [name, tally] of together.herds) expect(oneByOne.herds.get(name)).toEqual(tally);
    }),
    { numRuns: 200 },
  );
});

test('with a fixed delay a faster server never takes longer', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 0, max: 3 * SECOND_US }),
      fc.integer({ min: 5, max: 50 }),
      fc.integer({ min: 50, max: 400 }),
      fc.integer({ min: 1, max: 400 }),
      (clients, delayUs, acceptQueue, perSecond, more) => {
        const t100Ms = (acceptPerSecond: number): number => {
          const fixedHerd = herd('a', clients, { policy: policy(fixed(delayUs)) });
          const { all } = simulateStorm(storm([fixedHerd], { acceptPerSecond, acceptQueue }));
          return all.times.t100Ms ?? Number.POSITIVE_INFINITY;
        };
        expect(t100Ms(perSecond + more)).toBeLessThanOrEqual(t100Ms(perSecond));
      },
    ),
    { numRuns: 200 },
  );
});

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
