import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelayUs } from '../../src/policies/delay.js';
import type { DelayRule, Jitter, Retry } from '../../src/policies/policy.js';
import { presetNames } from '../../src/policies/presets.js';
import { delayUs, policyNamed } from './retries.js';

const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const us = fc.integer({ min: 0, max: 1_800_000_000_000 });
/** Far beyond any run too. */
const n = fc.oneof(fc.nat(40), fc.nat(2 ** 31));

const retry: fc.Arbitrary<Retry> = fc
  .record({ n, previousUs: us, sinceLossUs: us, draws: fc.array(uniform, { minLength: 4 }), once: uniform })
  .map(({ draws, once, ...known }) => ({
    ...known,
    draw: (j: number) => draws[j % draws.length]!,
    drawOnce: () => once,
  }));

const factor = fc.double({ min: 1, max: 100, noNaN: true });
const range = fc.tuple(factor, factor).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const jitter: fc.Arbitrary<Jitter> = fc.oneof(
  fc.constantFrom({ kind: 'full' } as const, { kind: 'equal' } as const),
  us.map((baseUs) => ({ kind: 'decorrelated' as const, baseUs })),
  uniform.map((share) => ({ kind: 'deviation' as const, share })),
  us.map((highUs) => ({ kind: 'plus' as const, lowUs: 0, highUs })),
  fc.record({
    kind: fc.constant('times' as const),
    low: uniform,
    high: factor,
    first: fc.option(range),
    once: fc.boolean(),
  }),
);
const growth: fc.Arbitrary<DelayRule['growth']> = fc.oneof(
  fc.record({ kind: fc.constant('list' as const), delaysUs: fc.array(us, { minLength: 1 }) }),
  fc.record({ kind: fc.constant('linear' as const), baseUs: us, stepUs: us }),
  fc.record({
    kind: fc.constant('exponential' as const),
    baseUs: us,
    factor,
    mostSteps: fc.option(fc.nat()),
  }),
);
const rule: fc.Arbitrary<DelayRule> = fc.record({
  growth,
  capUs: fc.option(us),
  jitters: fc.array(jitter, { maxLength: 3 }),
  capAfterJitterUs: fc.option(us),
  late: fc.option(fc.record({ afterUs: us, delayUs: us })),
});

test('a delay is a whole number of us, never negative and never beyond the last cap, however long it has grown', () => {
  fc.assert(
    fc.property(rule, retry, (rule, retry) => {
      const delay = retryDelayUs(rule, retry);
      expect(Number.isSafeInteger(delay)).toBe(true);
      expect(delay).toBeGreaterThanOrEqual(0);
      const isLate = rule.late !== null && retry.sinceLossUs >= rule.late.afterUs;
      if (rule.capAfterJitterUs !== null && !isLate) expect(delay).toBeLessThanOrEqual(rule.capAfterJitterUs);
    }),
    { numRuns: 2000 },
  );
});

test.each(presetNames)('%s gives a sound delay for every retry', (name) => {
  const { delay } = policyNamed(name);
  fc.assert(
    fc.property(retry, (retry) => {
      const delayUs = retryDelayUs(delay, retry);
      expect(Number.isSafeInteger(delayUs) && delayUs >= 0).toBe(true);
    }),
  );
});

test('from the fifth retry on every client of socket.io waits exactly 5 s, as its cap comes after the jitter', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 2 ** 31 }), uniform, (n, drawn) => {
      expect(delayUs(policyNamed('socket.io').delay, n, { each: [drawn] })).toBe(5_000_000);
    }),
  );
  expect(delayUs(policyNamed('socket.io').delay, 3, { each: [0.89] })).toBe(4_440_000);
});

test('full jitter lies between 0 and the exponential delay, equal jitter in its upper half', () => {
  fc.assert(
    fc.property(n, uniform, (n, drawn) => {
      const expectedUs = delayUs(policyNamed('exponential').delay, n);
      const fullUs = delayUs(policyNamed('full-jitter').delay, n, { each: [drawn] });
      expect(fullUs).toBeGreaterThanOrEqual(0);
      expect(fullUs).toBeLessThanOrEqual(expectedUs);
      const equalUs = delayUs(policyNamed('equal-jitter').delay, n, { each: [drawn] });
      expect(equalUs).toBeGreaterThanOrEqual(expectedUs / 2);
      expect(equalUs).toBeLessThanOrEqual(expectedUs);
    }),
  );
});

test('decorrelated jitter lies between base and three times the delay before, and within the cap', () => {
  fc.assert(
    fc.property(retry, (retry) => {
      const delay = retryDelayUs(policyNamed('decorrelated-jitter').delay, retry);
      const mostUs = Math.min(30_000_000, 3 * Math.max(retry.previousUs, 1_000_000));
      expect(delay).toBeGreaterThanOrEqual(1_000_000);
      expect(delay).toBeLessThanOrEqual(mostUs);
    }),
  );
});

test('what the original draws once per page stays the same for a connection, and differs between connections', () => {
  const { delay } = policyNamed('reconnecting-websocket');
  fc.assert(
    fc.property(uniform, fc.nat(5), (once, n) => {
      const ratio = delayUs(delay, n + 1, { once }) / delayUs(delay, n, { once });
      expect(ratio).toBeLessThan(1.300001);
      expect(delayUs(delay, 0, { once })).toBe(Math.round(1_000_000 * (1 + 4 * once)));
    }),
  );
});

test('the late rule takes over once the loss is that long ago', () => {
  const { delay } = policyNamed('ably-js');
  const at = (sinceLossUs: number): number =>
    retryDelayUs(delay, { n: 3, previousUs: 0, sinceLossUs, draw: () => 0, drawOnce: () => 0 });
  expect([at(119_999_999), at(120_000_000)]).toEqual([24_000_000, 30_000_000]);
});
