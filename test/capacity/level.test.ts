import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scenarioAt } from '../../src/capacity/level.js';
import type { PatternSpec } from '../../src/patterns/list.js';
import { plannedCurve } from '../../src/plan/curve.js';
import { publishRate } from '../../src/scenario/publishers.js';
import type { PhaseSpec, Scenario } from '../../src/scenario/scenario.js';
import { joining, population, publishing, scenario } from '../plan/scenarios.js';

const asWritten = { settleUs: null, measureUs: null };

const echoing = (everyUs: number): PatternSpec => ({
  kind: 'echo',
  options: { sizeBytes: 20, timeoutUs: 1e6, pace: { kind: 'every', everyUs, offset: 'uniform' } },
});

/** Arrivals per second while they come. */
function connectRate(level: Scenario): number {
  const { arrivalsUs } = plannedCurve(level);
  return (1e6 * (arrivalsUs.length - 1)) / (arrivalsUs.at(-1) ?? 1);
}

const sizes = ({ populations }: Scenario): number[] => populations.map(({ connections }) => connections);

describe('at another load', () => {
  const two = scenario({
    populations: [
      population('many', 900, { arrive: { kind: 'over', overUs: 9e6 } }),
      population('few', 100, { arrive: { kind: 'rate', perSecond: 10, spacing: 'poisson' } }),
    ],
  });

  test('connections keep their shares, and the rate at which they come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 20_000 }), (load) => {
        const level = scenarioAt(two, 'connections', load, asWritten);
        const [many = 0, few = 0] = sizes(level);
        expect(many + few).toBe(load);
        expect(Math.abs(many - 0.9 * load)).toBeLessThan(1);
        const [first, second] = level.populations;
        expect(first?.arrive.kind === 'over' && (1e6 * load * 0.9) / first.arrive.overUs).toBeCloseTo(100, 0);
        expect(second?.arrive).toEqual({ kind: 'rate', perSecond: 10, spacing: 'poisson' });
      }),
      { numRuns: 50 },
    );
  });

  test('all at once stays all at once', () => {
    const herd = scenario({ populations: [population('all', 10, { arrive: { kind: 'at-once' } })] });
    expect(scenarioAt(herd, 'connections', 50, asWritten).populations[0]?.arrive).toEqual({
      kind: 'at-once',
    });
  });

  test('a connect rate is that of all together, and who comes stays', () => {
    const level = scenarioAt(two, 'connect-rate', 500, asWritten);
    expect(sizes(level)).toEqual([900, 100]);
    expect(level.populations.map(({ arrive }) => arrive)).toEqual([
      { kind: 'rate', perSecond: 450, spacing: 'uniform' },
      { kind: 'rate', perSecond: 50, spacing: 'poisson' },
    ]);
    const uniform = scenario({ populations: [population('all', 1000)] });
    expect(connectRate(scenarioAt(uniform, 'connect-rate', 500, asWritten))).toBeCloseTo(500, -1);
  });

  test('a publish rate is that of all publishers together, in their proportions', () => {
    const both = scenario({
      populations: [
        population('fast', 10, { patterns: [joining(1), publishing({ everyUs: 100_000, burst: 2 })] }),
        population('slow', 20, { patterns: [joining(1), publishing({ everyUs: 1e6 }), echoing(1000)] }),
      ],
    });
    expect(publishRate(both.populations)).toBe(220);
    for (const load of [11, 220, 5000]) {
      const level = scenarioAt(both, 'publish-rate', load, asWritten);
      expect(publishRate(level.populations)).toBeCloseTo(load, 0);
      expect(sizes(level)).toEqual([10, 20]);
      // An echo beside them is not what is varied.
      expect(level.populations[1]?.patterns[2]).toEqual(echoing(1000));
    }
  });

  test('without publishers it is the rate of echoes', () => {
    const talking = scenario({ populations: [population('talkers', 50, { patterns: [echoing(500_000)] })] });
    const level = scenarioAt(talking, 'publish-rate', 1000, asWritten);
    expect(level.populations[0]?.patterns).toEqual([echoing(50_000)]);
  });

  test('rooms grow in number and keep their size, listeners and speakers alike', () => {
    const lobby = scenario({
      populations: [
        population('listeners', 80, { patterns: [joining(4)], arrive: { kind: 'over', overUs: 1e6 } }),
        population('speakers', 4, { patterns: [joining(4), publishing()] }),
      ],
    });
    const level = scenarioAt(lobby, 'rooms', 10, asWritten);
    expect(sizes(level)).toEqual([200, 10]);
    expect(level.populations.map(({ patterns }) => patterns[0])).toEqual([joining(10), joining(10)]);
    expect(level.populations[0]?.arrive).toEqual({ kind: 'over', overUs: 2_500_000 });
  });
});

describe('the windows', () => {
  const ramp: PhaseSpec = { kind: 'ramp', name: 'ramp', toShare: 1, steps: 8, settleUs: 0 };
  const hold = (name: string, forUs: number): PhaseSpec => ({ kind: 'hold', name, forUs });
  const drain: PhaseSpec = { kind: 'drain', name: 'drain', forUs: 1e6 };
  const timelineOf = (timeline: readonly PhaseSpec[], settleUs: number | null, measureUs: number | null) =>
    scenarioAt(scenario({ timeline }), 'connections', 100, { settleUs, measureUs }).timeline;

  test('stay as the timeline has them unless they are given', () => {
    const timeline = [ramp, hold('before', 3e6), hold('after', 4e6), drain];
    expect(timelineOf(timeline, null, null)).toEqual(timeline);
  });

  test('settle goes before the first hold, measure is the length of that one, which keeps its name', () => {
    const timeline = [ramp, hold('before', 3e6), hold('after', 4e6), drain];
    expect(timelineOf(timeline, 1e6, 9e6)).toEqual([
      ramp,
      hold('settle', 1e6),
      hold('before', 9e6),
      hold('after', 4e6),
      drain,
    ]);
    expect(timelineOf(timeline, 0, null)).toEqual(timeline);
  });

  test('a settle of the timeline makes room for the one that is given', () => {
    const timeline = [ramp, hold('settle', 5e6), hold('hold', 3e6), drain];
    expect(timelineOf(timeline, 2e6, null)).toEqual([ramp, hold('settle', 2e6), hold('hold', 3e6), drain]);
    expect(timelineOf(timeline, 0, null)).toEqual([ramp, hold('hold', 3e6), drain]);
  });

  test('a ramp has no more steps than connections', () => {
    const level = scenarioAt(scenario({ timeline: [ramp, drain] }), 'connections', 3, asWritten);
    expect(level.timeline[0]).toEqual({ ...ramp, steps: 3 });
  });
});
