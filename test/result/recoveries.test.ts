import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Snapshot } from '../../src/metrics/snapshot.js';
import { Accumulator } from '../../src/result/accumulator.js';
import type { PhaseFacts } from '../../src/result/build.js';
import { type RecoveryFacts, recoveriesOf, recoveryGoals } from '../../src/result/recoveries.js';
import type { PhaseSpec } from '../../src/scenario/scenario.js';
import { population } from '../plan/scenarios.js';
import { samples, second } from './parts.js';
import { SECOND_US, START_US } from './runs.js';

const kill = (name: string): PhaseSpec => ({
  kind: 'fault',
  name,
  fault: { kind: 'kill-target', downUs: SECOND_US },
});
const recover = (name: string): PhaseSpec => ({
  kind: 'recover',
  name,
  untilShare: 0.99,
  withinUs: 10 * SECOND_US,
});
const hold = (name: string): PhaseSpec => ({ kind: 'hold', name, forUs: SECOND_US });
const drain: PhaseSpec = { kind: 'drain', name: 'drain', forUs: 0 };

/** Phases of one second each, and what was reported in each of them. */
function facts(
  timeline: readonly PhaseSpec[],
  reported: Readonly<Record<string, Partial<Snapshot>>>,
): RecoveryFacts {
  const accumulator = new Accumulator(START_US, 1);
  timeline.forEach(({ name }, i) => {
    accumulator.add(second(i, { phase: name, ...reported[name] }));
  });
  accumulator.finish();
  const phases: PhaseFacts[] = timeline.map(({ name, kind }, i) => ({
    name,
    kind,
    startUs: i * SECOND_US,
    endUs: (i + 1) * SECOND_US,
  }));
  const scenario = { timeline, populations: [population('p', 1000)] };
  return { accumulator, phases, scenario, predictions: [], proxy: null };
}

const one = [hold('before'), kill('fault'), recover('recover'), hold('after'), drain];

test('the share is of all that were lost: times of those still away are never reached', () => {
  const lost = {
    fault: { counters: { 'p/recovery.dropped': 100 } },
    recover: {
      counters: { 'p/recovery.recovered': 90, 'p/reconnect.attempts': 250 },
      histograms: { 'p/recovery.time': samples(45, 1_500_000, 3_000_000) },
    },
  };
  const [recovery] = recoveriesOf(facts(one, lost), null);
  expect(recovery).toMatchObject({ dropped: 100, recovered: 90, attempts: 250, amplification: 2.5 });
  // Histograms keep three digits.
  expect(recovery?.t50Ms).toBeCloseTo(3000, -1);
  expect(recovery?.t90Ms).toBeCloseTo(3000, -1);
  expect(recovery?.t99Ms).toBeNull();
  expect(recovery?.t100Ms).toBeNull();
  expect(recoveryGoals(facts(one, lost))).toEqual([
    { expression: 'recover until 99% within 10s', withinUs: 10 * SECOND_US, reachedUs: null },
  ]);
});

test('a time of share q is the one of the connection with rank q * dropped, whatever the numbers', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 300 }),
      fc.nat({ max: 50 }),
      (times, away) => {
        const dropped = times.length + away;
        const [recovery] = recoveriesOf(
          facts(one, {
            recover: {
              counters: { 'p/recovery.dropped': dropped, 'p/recovery.recovered': times.length },
              histograms: { 'p/recovery.time': samples(1, ...times) },
            },
          }),
          null,
        );
        const sorted = [...times].sort((a, b) => a - b);
        for (const [share, given] of [
          [0.5, recovery?.t50Ms],
          [0.9, recovery?.t90Ms],
          [0.99, recovery?.t99Ms],
          [1, recovery?.t100Ms],
        ] as const) {
          const expectedUs = sorted[Math.ceil(share * dropped - 1e-9) - 1];
          if (expectedUs === undefined) expect(given).toBeNull();
          else expect(given).toBeCloseTo(expectedUs / 1000, 0);
        }
      },
    ),
  );
});

test('what happens after a second fault belongs to it, and the drain belongs to none', () => {
  const two = [hold('before'), kill('fault'), hold('between'), kill('fault-2'), recover('recover'), drain];
  const counters = (n: number) => ({ counters: { 'p/recovery.dropped': n, 'p/reconnect.attempts': 2 * n } });
  const recoveries = recoveriesOf(
    facts(two, {
      fault: counters(1),
      between: counters(10),
      'fault-2': counters(100),
      drain: counters(1000),
    }),
    null,
  );
  expect(recoveries.map(({ phase, dropped, attempts }) => [phase, dropped, attempts])).toEqual([
    ['fault', 11, 22],
    ['fault-2', 100, 200],
  ]);
});

test('the peak is of any second, not of a second by the clock, and only of the storm', () => {
  const bins = { p: [3, 500, 0, 17, 10, 0, 19, 20, 0, 21, 30, 0, 22, 40, 0, 29, 5, 0, 31, 70, 0] };
  const [recovery] = recoveriesOf(
    facts(one, { before: { bins }, fault: { counters: { 'p/recovery.dropped': 50 } } }),
    'p',
  );
  // From bin 19 to 28 there are 20 + 30 + 40; from 22 to 31 there are 40 + 5 + 70.
  expect(recovery?.peakAttemptsPerSecond).toBe(115);
  expect(recovery?.herdFactor).toBe(2.3);
});

test('collateral is told before, during and after: during is until the recovery ends', () => {
  const response = (us: number) => ({ histograms: { 'p/collateral.response': samples(10, us) } });
  const [recovery] = recoveriesOf(
    facts(one, {
      before: response(1000),
      fault: response(8000),
      recover: response(9000),
      after: response(2000),
      drain: response(5000),
    }),
    null,
  );
  expect(recovery?.collateral?.before?.count).toBe(10);
  expect(recovery?.collateral?.during?.count).toBe(20);
  expect(recovery?.collateral?.after).toMatchObject({ count: 10, maxUs: 2000 });
});

test('where everybody was lost there are no bystanders', () => {
  const all = { counters: { 'p/recovery.dropped': 1000 } };
  const response = { histograms: { 'p/collateral.response': samples(10, 1000) } };
  const [recovery] = recoveriesOf(facts(one, { before: response, fault: { ...all, ...response } }), null);
  expect(recovery?.collateral).toBeNull();
});

test('nothing lost is recovered at once, and has no times', () => {
  const quiet = facts(one, {});
  expect(recoveriesOf(quiet, null)[0]).toMatchObject({ dropped: 0, t50Ms: null, amplification: null });
  expect(recoveryGoals(quiet)[0]?.reachedUs).toBe(0);
});

test('a fault that the run never came to leaves no recovery, and its goal is missed', () => {
  const whole = facts(one, {});
  const cut = { ...whole, phases: whole.phases.slice(0, 1) };
  expect(recoveriesOf(cut, null)).toEqual([]);
  expect(recoveryGoals(cut)[0]?.reachedUs).toBeNull();
});
