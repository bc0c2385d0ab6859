import { expect, test } from 'vitest';
import { figuresOf } from '../../src/capacity/figures.js';
import type { HistogramMetric, PhaseResult, RunResult } from '../../src/result/types.js';
import { joining, population, publishing, scenario } from '../plan/scenarios.js';
import { goodRun, QUICKSTART } from '../report/fixture.js';
import { metricOf } from '../report/samples.js';

/** 30 s: a ramp of 9, a hold of 18, a drain of 3. */
const good = goodRun({ ...QUICKSTART, seconds: 30 });
const level = scenario({ populations: [population('listeners', 1000)] });

const counter = (value: number) => ({ kind: 'counter', value }) as const;

function held(): HistogramMetric {
  const metric = good.phases[1]?.metrics['heartbeat.response'];
  if (metric?.kind !== 'histogram') throw new Error('the fixture has no heartbeats');
  return metric;
}

/** The hold in three parts of six seconds, the first of them called settle. */
function inThree(metrics: readonly PhaseResult['metrics'][]): RunResult {
  const [ramp, , drain] = good.phases;
  const parts = metrics.map((own, i) => ({
    name: ['settle', 'hold', 'hold-2'][i] ?? '',
    kind: 'hold' as const,
    startMs: 9000 + 6000 * i,
    endMs: 15_000 + 6000 * i,
    metrics: own,
    populations: {},
  }));
  return { ...good, phases: [ramp!, ...parts, drain!] };
}

test('the figures of a level are those of its hold, and agree with the record', () => {
  const figures = figuresOf(good, 'connections', level);
  const { count, p50, p90, p99 } = held();
  expect(figures).toMatchObject({
    durationMs: 30_000,
    connections: good.connections,
    achieved: 1000,
    generator: { eventLoopUtilization: 0.12, sendLagP99Us: 840 },
  });
  expect(figures.latencies['heartbeat.response']).toMatchObject({
    count,
    p50Us: p50,
    p90Us: p90,
    p99Us: p99,
  });
  expect(figures.latencies['handshake.total']?.count).toBe(1000);
  const samples = good.target.processes[0]!.samples.filter(({ atMs }) => atMs >= 9000 && atMs <= 27_000);
  expect(figures.target).toMatchObject({
    processes: 1,
    rssBytes: samples.at(-1)?.rssBytes,
    pssBytes: null,
    descriptors: 1022,
    cpuPerConnectUs: 240,
    cpuPerMessageUs: 31,
    memoryPerConnectionBytes: 5837,
  });
  const mean = samples.reduce((sum, { cpuPercent }) => sum + cpuPercent, 0) / samples.length;
  expect(figures.target.cores).toBeCloseTo(mean / 100, 1);
});

test('several holds are one, and what settles is none of them', () => {
  const slow = { 'echo.response': metricOf(Array<number>(500).fill(900_000)), 'echo.sent': counter(9000) };
  const fast = { 'echo.response': metricOf(Array<number>(500).fill(1000)), 'echo.sent': counter(600) };
  const slower = { 'echo.response': metricOf(Array<number>(500).fill(4000)), 'echo.sent': counter(1200) };
  const figures = figuresOf(inThree([slow, fast, slower]), 'publish-rate', level);
  expect(figures.latencies['echo.response']).toMatchObject({ count: 1000, p50Us: 1000 });
  expect(figures.latencies['echo.response']?.maxUs).toBeLessThan(5000);
  // 1,800 in twelve seconds.
  expect(figures.achieved).toBe(150);
});

test('what was achieved is in the unit of what is varied', () => {
  const published = { 'broadcast.published': counter(1200), 'messages.sent': counter(1200) };
  const run = inThree([published, published, published]);
  const rooms = scenario({
    populations: [population('members', 1000, { patterns: [joining(40), publishing()] })],
  });
  expect(figuresOf(run, 'publish-rate', rooms)).toMatchObject({ achieved: 200, messagesSentPerSecond: 200 });
  expect(figuresOf(run, 'rooms', rooms).achieved).toBe(40);
  const opening = good.phases.map((phase) =>
    phase.kind === 'ramp' ? { ...phase, metrics: { 'connections.opened': counter(900) } } : phase,
  );
  expect(figuresOf({ ...good, phases: opening }, 'connect-rate', level).achieved).toBe(100);
});

test('a target that nobody watched has no figures, not zeros', () => {
  const target = { ...good.target, processes: [], memoryPerConnection: null, cpuPerConnectUs: null };
  expect(figuresOf({ ...good, target }, 'connections', level).target).toEqual({
    processes: 0,
    rssBytes: null,
    pssBytes: null,
    cores: null,
    hottestThreadPercent: null,
    descriptors: null,
    cpuPerConnectUs: null,
    cpuPerMessageUs: 31,
    memoryPerConnectionBytes: null,
  });
});
