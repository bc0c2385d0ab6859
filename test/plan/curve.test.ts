import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plannedCurve } from '../../src/plan/curve.js';
import type { PhaseSpec } from '../../src/scenario/scenario.js';
import { population, scenario } from './scenarios.js';

const SECOND_US = 1_000_000;
const ramp = (given: Partial<Extract<PhaseSpec, { kind: 'ramp' }>> = {}): PhaseSpec => ({
  kind: 'ramp',
  name: 'ramp',
  toShare: 1,
  steps: 1,
  settleUs: 0,
  ...given,
});
const hold = (seconds: number, name = 'hold'): PhaseSpec => ({
  kind: 'hold',
  name,
  forUs: seconds * SECOND_US,
});
const drain: PhaseSpec = { kind: 'drain', name: 'drain', forUs: 5 * SECOND_US };

test('phases follow each other without a gap, and everybody arrives in the ramp', () => {
  const { phases, arrivalsUs, durationUs } = plannedCurve(
    scenario({
      populations: [population('a', 5), population('b', 2, { arrive: { kind: 'at-once' } })],
      timeline: [ramp(), hold(20), drain],
    }),
  );
  expect([...arrivalsUs]).toEqual([0, 0, 0, 200_000, 400_000, 600_000, 800_000]);
  expect(phases).toEqual([
    { name: 'ramp', kind: 'ramp', startUs: 0, endUs: 800_000, mayEndEarly: false },
    { name: 'hold', kind: 'hold', startUs: 800_000, endUs: 20_800_000, mayEndEarly: false },
    { name: 'drain', kind: 'drain', startUs: 20_800_000, endUs: 25_800_000, mayEndEarly: true },
  ]);
  expect(durationUs).toBe(25_800_000);
});

test('a ramp in steps settles after each of them', () => {
  const { phases, arrivalsUs } = plannedCurve(
    scenario({
      populations: [population('a', 4, { arrive: { kind: 'at-once' } })],
      timeline: [ramp({ steps: 4, settleUs: 2 * SECOND_US }), drain],
    }),
  );
  expect([...arrivalsUs]).toEqual([0, 2, 4, 6].map((second) => second * SECOND_US));
  expect(phases[0]).toMatchObject({ startUs: 0, endUs: 8 * SECOND_US });
});

test('a second ramp begins with the connection at which the first one ended', () => {
  const { arrivalsUs, phases } = plannedCurve(
    scenario({
      populations: [population('a', 10)],
      timeline: [ramp({ toShare: 0.5 }), hold(3), ramp({ name: 'ramp-2' }), drain],
    }),
  );
  const secondUs = 3_400_000;
  expect(phases[2]).toMatchObject({ startUs: secondUs, endUs: secondUs + 400_000 });
  expect([...arrivalsUs]).toEqual([
    ...[0, 1, 2, 3, 4].map((i) => i * 100_000),
    ...[0, 1, 2, 3, 4].map((i) => secondUs + i * 100_000),
  ]);
});

test('a target that is down holds the timeline, and a recovery ends at the latest when its fault allows', () => {
  const { phases, durationUs } = plannedCurve(
    scenario({
      timeline: [
        ramp(),
        { kind: 'fault', name: 'fault', fault: { kind: 'kill-target', downUs: 3 * SECOND_US } },
        hold(2),
        { kind: 'recover', name: 'recover', untilShare: 0.99, withinUs: 60 * SECOND_US },
        hold(5, 'after'),
        drain,
      ],
    }),
  );
  const faultUs = phases[0]!.endUs;
  const times = phases.map(({ name, startUs, endUs, mayEndEarly }) => [
    name,
    (startUs - faultUs) / SECOND_US,
    (endUs - faultUs) / SECOND_US,
    mayEndEarly,
  ]);
  expect(times.slice(1)).toEqual([
    ['fault', 0, 3, false],
    ['hold', 3, 5, false],
    ['recover', 5, 60, true],
    ['after', 60, 65, false],
    ['drain', 65, 70, true],
  ]);
  expect(durationUs).toBe(faultUs + 70 * SECOND_US);
});

test('faults that last, and those that are done at once, let the timeline go on', () => {
  const { phases } = plannedCurve(
    scenario({
      timeline: [
        ramp(),
        { kind: 'fault', name: 'fault', fault: { kind: 'refuse', forUs: 9 * SECOND_US } },
        { kind: 'fault', name: 'fault-2', fault: { kind: 'command', run: ['true'], timeoutUs: SECOND_US } },
        { kind: 'recover', name: 'recover', untilShare: 1, withinUs: 4 * SECOND_US },
        hold(8),
        { kind: 'recover', name: 'recover-2', untilShare: 1, withinUs: 6 * SECOND_US },
        drain,
      ],
    }),
  );
  const lengths = phases.slice(1).map(({ startUs, endUs }) => (endUs - startUs) / SECOND_US);
  expect(lengths).toEqual([0, 0, 4, 8, 0, 5]);
});

test('whatever the steps, everybody arrives once, within the ramp', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom('uniform' as const, 'poisson' as const),
      (sizes, steps, spacing) => {
        const { arrivalsUs, phases } = plannedCurve(
          scenario({
            populations: sizes.map((size, i) =>
              population(`p${i}`, size, { arrive: { kind: 'rate', perSecond: 100, spacing } }),
            ),
            timeline: [ramp({ steps, settleUs: SECOND_US }), drain],
          }),
        );
        expect(arrivalsUs).toHaveLength(sizes.reduce((sum, size) => sum + size, 0));
        expect(arrivalsUs.at(-1)).toBeLessThanOrEqual(phases[0]!.endUs);
        expect([...arrivalsUs]).toEqual([...arrivalsUs].sort((a, b) => a - b));
      },
    ),
  );
});
