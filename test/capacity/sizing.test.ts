import { describe, expect, test } from 'vitest';
import { sizingOf } from '../../src/capacity/sizing.js';
import type { CapacityLevel, Sizing, Vary } from '../../src/result/capacity.js';
import { normalNoise } from '../stats/noise.js';
import { SPEC_SDM91 } from '../stats/usl.js';
import { type Figured, levelAt, tryAt } from './levels.js';

const sized = (
  vary: Vary,
  levels: readonly CapacityLevel[],
  loads: readonly number[] = [],
  freshTarget = true,
): Sizing => sizingOf({ vary, levels, loads, freshTarget })!;

const modelOf = ({ resources }: Sizing, resource: string) =>
  resources.find((model) => model.resource === resource);

/** A server of 50 MB and 6,000 bytes a connection, which needs 0.1 core and 30 us a second for each. */
const server = (load: number, given: Partial<Figured> = {}): Figured => ({
  load,
  kernelBytes: 4800 * load,
  target: {
    rssBytes: 50e6 + 6000 * load,
    cores: 0.1 + 30e-6 * load,
    cpuPerConnectUs: 200,
    cpuPerMessageUs: 25,
  },
  ...given,
});

const LOADS = [1000, 2000, 4000, 8000, 10_000];

describe('connections', () => {
  test('a server that needs so much for each is forecast to need just that', () => {
    const sizing = sized(
      'connections',
      LOADS.map((load) => levelAt(server(load))),
      [20_000, 100_000],
    );
    expect(sizing.tested).toEqual({ least: 1000, most: 10_000 });
    expect(modelOf(sizing, 'memory')).toMatchObject({ unit: 'bytes' });
    expect(modelOf(sizing, 'memory')!.slope!.value).toBeCloseTo(6000, 6);
    expect(modelOf(sizing, 'memory')!.base.value).toBeCloseTo(50e6, 0);
    expect(modelOf(sizing, 'kernel-memory')!.slope!.value).toBeCloseTo(4800, 6);
    expect(modelOf(sizing, 'cores')!.slope!.value).toBeCloseTo(30e-6, 12);
    expect(modelOf(sizing, 'connect-cpu')).toMatchObject({ unit: 'us', slope: null });
    expect(modelOf(sizing, 'connect-cpu')!.base.value).toBeCloseTo(200, 9);
    expect(modelOf(sizing, 'message-cpu')!.base.value).toBeCloseTo(25, 9);
    const [near, far] = sizing.forecasts;
    expect(near).toMatchObject({ load: 20_000, times: 2, extrapolated: false });
    expect(far).toMatchObject({ load: 100_000, times: 10, extrapolated: true });
    expect(far!.memoryBytes!.value).toBeCloseTo(650e6, 0);
    expect(far!.kernelBytes!.value).toBeCloseTo(480e6, 0);
    expect(far!.cores!.value).toBeCloseTo(3.1, 9);
    expect(sizing.throughput).toBeNull();
    expect(sizing.notes).toEqual([]);
  });

  test('95 % of servers of the size that is forecast are within the interval, however far off', () => {
    const noise = normalNoise(11);
    const rss = (load: number): number => 50e6 + 6000 * load + 2e6 * noise();
    const times = 1000;
    for (const load of [20_000, 100_000]) {
      let answered = 0;
      let hits = 0;
      for (let i = 0; i < times; i++) {
        const levels = LOADS.map((at) => levelAt(server(at, { target: { rssBytes: rss(at), cores: 1 } })));
        const need = sized('connections', levels, [load]).forecasts[0]!.memoryBytes;
        const seen = rss(load);
        // Where chance bends the points so much that nothing is said.
        if (need === null) continue;
        answered++;
        if (need.low <= seen && seen <= need.high) hits++;
      }
      // Seeded; four standard errors of 1000 draws.
      expect(answered / times).toBeGreaterThan(0.93);
      expect(Math.abs(hits / answered - 0.95)).toBeLessThan(0.028);
    }
  });

  test('memory is over what was really open, not over what was asked for', () => {
    const levels = LOADS.map((load) => {
      const open = load - 500;
      return levelAt(server(load, { open, target: { rssBytes: 50e6 + 6000 * open } }));
    });
    const memory = modelOf(sized('connections', levels), 'memory')!;
    expect(memory.slope!.value).toBeCloseTo(6000, 6);
    expect(memory.base.value).toBeCloseTo(50e6, 0);
    expect(memory.points.map(({ load }) => load)).toEqual([500, 1500, 3500, 7500, 9500]);
  });

  test('tries that did not pass, and those of which the generator was the limit, are in no line', () => {
    const wrong = { rssBytes: 9e9, cores: 64, cpuPerConnectUs: 1e6, cpuPerMessageUs: 1e6 };
    const levels = [
      ...LOADS.map((load) => levelAt(server(load))),
      levelAt(server(12_000, { passed: false, target: wrong })),
      levelAt(server(3000, { validity: 'generator-limited', target: wrong })),
      levelAt(server(5000, { validity: 'partial', target: wrong })),
      levelAt(server(6000, { stoppedEarly: true, target: wrong })),
      {
        load: 7000,
        verdict: 'fail' as const,
        tries: [{ ...tryAt(server(7000)), validity: null, result: null }],
      },
    ];
    const all = sized('connections', levels, [20_000]);
    expect(all).toEqual(sized('connections', levels.slice(0, LOADS.length), [20_000]));
    expect(all.tested.most).toBe(10_000);
  });

  test('each try at the ends of a bracket is a point', () => {
    const twice = {
      load: 10_000,
      verdict: 'pass' as const,
      tries: [tryAt(server(10_000)), tryAt(server(10_000))],
    };
    const sizing = sized('connections', [...LOADS.slice(0, 4).map((load) => levelAt(server(load))), twice]);
    expect(modelOf(sizing, 'memory')!.points).toHaveLength(6);
  });

  test('nothing that passed gives no sizing', () => {
    const levels = LOADS.map((load) => levelAt(server(load, { passed: false })));
    expect(sizingOf({ vary: 'connections', levels, loads: [1], freshTarget: true })).toBeNull();
    expect(sizingOf({ vary: 'connections', levels: [], loads: [1], freshTarget: true })).toBeNull();
  });

  test('with two loads there is no line, and it is said what would help', () => {
    const levels = [1000, 1000, 2000].map((load) => levelAt(server(load)));
    const sizing = sized('connections', levels, [20_000]);
    expect(modelOf(sizing, 'memory')).toBeUndefined();
    expect(sizing.forecasts[0]).toMatchObject({ memoryBytes: null, kernelBytes: null, cores: null });
    expect(sizing.notes).toContain(
      'Memory: a line needs 3 loads that passed, 2 have: search from a lower load, or with a smaller --precision.',
    );
    // Three tries at two loads are enough for a mean.
    expect(modelOf(sizing, 'connect-cpu')!.base.value).toBe(200);
    expect(sized('connections', levels.slice(0, 2)).resources).toEqual([]);
  });

  test('a target that was not watched is told how to be', () => {
    const levels = LOADS.map((load) => levelAt({ load }));
    const sizing = sized('connections', levels, [20_000]);
    expect(sizing.resources).toEqual([]);
    expect(sizing.notes).toEqual([expect.stringContaining('--set target.pid=')]);
  });

  test('where everybody talks to everybody, cores lie on a curve, and nothing is said beyond it', () => {
    const noise = normalNoise(5);
    const levels = LOADS.map((load) => {
      const cores = 0.05 + 1e-8 * load ** 2 * (1 + 0.01 * noise());
      return levelAt(server(load, { target: { rssBytes: 50e6 + 6000 * load, cores } }));
    });
    const { forecasts, notes } = sized('connections', levels, [9000, 20_000]);
    expect(forecasts[0]!.cores).not.toBeNull();
    expect(forecasts[1]!.cores).toBeNull();
    expect(forecasts[1]!.memoryBytes).not.toBeNull();
    expect(notes).toEqual([expect.stringMatching(/^Cores: the points lie on a curve/)]);
  });

  test('memory that does not grow is not forecast to be less than nothing', () => {
    const levels = LOADS.map((load, i) =>
      levelAt(server(load, { target: { rssBytes: 60e6 - 2000 * load + (i % 2) * 30e6, cores: 0.1 } })),
    );
    const { forecasts, notes } = sized('connections', levels, [5000, 1_000_000]);
    expect(forecasts[0]!.memoryBytes!.low).toBeGreaterThanOrEqual(0);
    expect(forecasts[1]!.memoryBytes).toBeNull();
    expect(notes).toContainEqual(expect.stringMatching(/^Memory: no growth with the load/));
  });

  test('what is not fresh is said', () => {
    const levels = LOADS.map((load) => levelAt(server(load)));
    expect(sized('connections', levels, [], false).notes).toEqual([expect.stringContaining('same process')]);
  });
});

test('where rooms are varied, memory is over the rooms whose members were really there', () => {
  const levels = [10, 20, 40, 80].map((load) =>
    levelAt(
      server(load, {
        planned: 100 * load,
        open: 95 * load,
        achieved: 0.95 * load,
        target: { rssBytes: 50e6 + 6000 * 95 * load, cores: 0.01 * 0.95 * load },
      }),
    ),
  );
  const sizing = sized('rooms', levels, [100]);
  expect(modelOf(sizing, 'memory')!.slope!.value).toBeCloseTo(600_000, 3);
  expect(modelOf(sizing, 'cores')!.slope!.value).toBeCloseTo(0.01, 12);
  expect(sizing.forecasts[0]!.memoryBytes!.value).toBeCloseTo(110e6, 0);
});

describe('rates', () => {
  const publishing = SPEC_SDM91.map(({ x, y }) =>
    levelAt({
      load: 100 * x,
      passed: x <= 72,
      planned: 1000,
      achieved: y,
      target: { rssBytes: 80e6, cores: 0.1 + y / 4000, cpuPerMessageUs: 40 },
    }),
  );

  test('throughput is over what was asked for, with the tries that failed', () => {
    const { throughput, notes } = sized('publish-rate', publishing);
    expect(throughput!.points).toHaveLength(SPEC_SDM91.length);
    // The same curve as that of the data set, at loads a hundred times as large.
    expect(throughput!.peak!.load).toBeCloseTo(9651.956, 0);
    expect(throughput!.peak!.value).toBeCloseTo(1884, 0);
    expect(notes).not.toContainEqual(expect.stringMatching(/^Throughput/));
  });

  test('memory follows connections, and is not forecast for a rate', () => {
    const sizing = sized('publish-rate', publishing, [20_000]);
    expect(modelOf(sizing, 'memory')).toBeUndefined();
    expect(sizing.forecasts[0]!.memoryBytes).toBeNull();
    expect(sizing.notes).toContainEqual(expect.stringContaining('search with --vary connections'));
  });

  test('cores are over what was really published', () => {
    const cores = modelOf(sized('publish-rate', publishing), 'cores')!;
    expect(cores.slope!.value).toBeCloseTo(1 / 4000, 9);
    expect(cores.points.map(({ load }) => load)).toEqual([64.9, 995.9, 1652.4, 1853.2]);
  });

  test('without six loads there is no law, and it is said what would help', () => {
    const { throughput, notes } = sized('publish-rate', publishing.slice(0, 5));
    expect(throughput).toBeNull();
    expect(notes).toContainEqual(
      expect.stringMatching(/needs 6 loads, there are 5: search from a lower load/),
    );
  });

  test('the generator never bends the law', () => {
    const limited = levelAt({ load: 50_000, achieved: 10, validity: 'generator-limited', passed: false });
    expect(sized('publish-rate', [...publishing, limited]).throughput).toEqual(
      sized('publish-rate', publishing).throughput,
    );
  });

  test('a server that keeps up with every rate has no peak, and it is said why', () => {
    const levels = [1, 2, 4, 8, 16, 32].map((k) =>
      levelAt({ load: 1000 * k, planned: 1000, achieved: 1000 * k - (k % 3) }),
    );
    const { throughput, notes } = sized('publish-rate', levels);
    expect(throughput!.peak).toBeNull();
    expect(throughput!.lambda.value).toBeCloseTo(1, 2);
    expect(notes).toContainEqual(expect.stringMatching(/no peak is named/));
  });

  test('a peak beyond twice what was tested is not named', () => {
    // A law whose peak is at 1000, seen without noise up to 300.
    const levels = [10, 50, 100, 150, 200, 250, 300].map((load) =>
      levelAt({
        load,
        planned: 1000,
        achieved: load / (1 + 0.001 * (load - 1) + 0.999e-6 * load * (load - 1)),
      }),
    );
    const { throughput, notes } = sized('publish-rate', levels);
    expect(throughput!.kappa.low).toBeGreaterThan(0);
    expect(throughput!.peak).toBeNull();
    expect(notes).toContainEqual(expect.stringContaining('beyond twice the greatest load tested'));
  });

  test('cores of a connect rate are those of the ramp: connects a second times what each costs', () => {
    const levels = [500, 1000, 2000, 4000].map((load) =>
      levelAt({
        load,
        planned: 5000,
        achieved: load,
        opensPerSecond: load,
        target: { cores: 0.03, rssBytes: 80e6, cpuPerConnectUs: 210 },
      }),
    );
    const sizing = sized('connect-rate', levels, [8000]);
    expect(modelOf(sizing, 'cores')!.slope!.value).toBeCloseTo(210e-6, 12);
    expect(sizing.forecasts[0]!.cores!.value).toBeCloseTo(1.68, 9);
  });

  test('a mean that changes with the load is said to', () => {
    const levels = [1000, 2000, 4000, 8000].map((load) =>
      levelAt({
        load,
        planned: 100,
        achieved: load,
        target: { cores: 1, cpuPerMessageUs: 32 - load / 1000 },
      }),
    );
    const { resources, notes } = sized('publish-rate', levels);
    expect(resources.map(({ resource }) => resource)).toContain('message-cpu');
    expect(notes).toContainEqual(expect.stringMatching(/^CPU per message changes with the load/));
  });
});
