import { decodeHistogram, emptyHistogram, percentile } from '../metrics/histogram.js';
import type { CapacityFigures, TargetFigures, Vary } from '../result/capacity.js';
import { latencyTimes } from '../result/recoveries.js';
import type { ProcessSample } from '../result/targetRecord.js';
import type { PhaseResult, RunResult } from '../result/types.js';
import { publishes, roomsOf } from '../scenario/publishers.js';
import type { Scenario } from '../scenario/scenario.js';
import { kernelBytesOf } from './kernelMemory.js';
import { SETTLE } from './level.js';
import { cpuSeconds, isWithin } from './seconds.js';

/** What is said of how fast a server answers, in the order of interest. */
const LATENCIES = [
  'heartbeat.response',
  'echo.response',
  'broadcast.delivery',
  'broadcast.last',
  'acknowledge.response',
] as const;

/** What levels are compared by, from the record of one. Pure. `level` is the scenario as it was run. */
export function figuresOf(result: RunResult, vary: Vary, level: Scenario): CapacityFigures {
  const holds = result.phases.filter(({ kind, name }) => kind === 'hold' && name !== SETTLE);
  const holdSeconds = secondsOf(holds);
  const ramps = result.phases.filter(({ kind }) => kind === 'ramp');
  const opensPerSecond = perSecond(sumOf(ramps, 'connections.opened'), secondsOf(ramps));
  const workers = result.generator.hosts.flatMap((host) => host.workers);
  const lags = workers.flatMap(({ sendLagP99Us }) => sendLagP99Us ?? []);
  return {
    durationMs: result.run.durationMs,
    connections: result.connections,
    achieved: achievedOf(result, holds, vary, level, opensPerSecond),
    latencies: latenciesOf(result, holds),
    messagesSentPerSecond: perSecond(sumOf(holds, 'messages.sent'), holdSeconds),
    messagesReceivedPerSecond: perSecond(sumOf(holds, 'messages.received'), holdSeconds),
    opensPerSecond,
    kernelBytes: kernelBytesOf(result.phases, result.target.kernel),
    target: targetFigures(result, holds),
    generator: {
      eventLoopUtilization: Math.max(0, ...workers.map(({ eventLoopUtilization }) => eventLoopUtilization)),
      sendLagP99Us: lags.length === 0 ? null : Math.max(...lags),
    },
  };
}

function achievedOf(
  result: RunResult,
  holds: readonly PhaseResult[],
  vary: Vary,
  level: Scenario,
  opensPerSecond: number,
): number | null {
  if (vary === 'connect-rate') return opensPerSecond;
  if (holds.length === 0) return null;
  if (vary === 'publish-rate') {
    const counter = publishes(level.populations) ? 'broadcast.published' : 'echo.sent';
    return perSecond(sumOf(holds, counter), secondsOf(holds));
  }
  const open = openDuring(result, holds);
  if (vary === 'connections') return open;
  const planned = Math.max(1, result.connections.planned);
  return rounded(((roomsOf(level.populations)[0]?.rooms ?? 0) * open) / planned);
}

/** Mean of the seconds that lie in the hold phases altogether; where they are shorter, how many were open after them. */
function openDuring({ series, connections }: RunResult, holds: readonly PhaseResult[]): number {
  const { intervalMs, open } = series;
  const whole = open.filter((_, i) =>
    holds.some(({ startMs, endMs }) => i * intervalMs >= startMs && (i + 1) * intervalMs <= endMs),
  );
  if (whole.length === 0) return connections.openAtEnd;
  return Math.round(whole.reduce((sum, n) => sum + n, 0) / whole.length);
}

function latenciesOf(result: RunResult, holds: readonly PhaseResult[]): CapacityFigures['latencies'] {
  const all: Array<[string, CapacityFigures['latencies'][string]]> = [];
  const add = (name: string, phases: ReadonlyArray<Pick<PhaseResult, 'metrics'>>): void => {
    const merged = emptyHistogram();
    for (const { metrics } of phases) {
      const metric = metrics[name];
      if (metric?.kind === 'histogram' && metric.count > 0) merged.add(decodeHistogram(metric.encoded));
    }
    const times = latencyTimes(merged);
    if (times !== null) all.push([name, { ...times, p90Us: percentile(merged, 0.9) }]);
  };
  add('handshake.total', [result]);
  for (const name of LATENCIES) add(name, holds);
  return Object.fromEntries(all);
}

function targetFigures({ target }: RunResult, holds: readonly PhaseResult[]): TargetFigures {
  const { processes, cpuPerConnectUs, cpuPerMessageUs, memoryPerConnection } = target;
  const watched = processes.filter(({ samples }) => samples.length > 0);
  const ends = holds.map(({ startMs, endMs }) => lastOfEach(watched, startMs, endMs));
  const descriptors = watched.flatMap(({ samples }) => samples.flatMap(({ fds }) => fds ?? []));
  const busy = watched.map(({ samples }) =>
    cpuSeconds(samples, 'cpuPercent').filter((second) => isWithin(second, holds)),
  );
  const hottest = watched.flatMap(({ samples }) =>
    cpuSeconds(samples, 'hottestThreadPercent').filter((second) => isWithin(second, holds)),
  );
  return {
    processes: watched.length,
    rssBytes: most(ends.map((samples) => sum(samples.map(({ rssBytes }) => rssBytes)))),
    pssBytes: most(ends.map((samples) => sum(samples.map(({ pssBytes }) => pssBytes)))),
    cores: busy.some((seconds) => seconds.length > 0)
      ? Math.round(busy.reduce((all, seconds) => all + meanPercent(seconds), 0) * 10) / 1000
      : null,
    hottestThreadPercent: most(hottest.map(({ percent }) => Math.round(percent * 10) / 10)),
    descriptors: most(descriptors),
    cpuPerConnectUs,
    cpuPerMessageUs,
    memoryPerConnectionBytes: memoryPerConnection?.bytes ?? null,
  };
}

/** The last sample of each process in a span; of processes that have ended before it there is none. */
function lastOfEach(
  processes: RunResult['target']['processes'],
  fromMs: number,
  untilMs: number,
): ProcessSample[] {
  return processes.flatMap(
    ({ samples }) => samples.findLast(({ atMs }) => atMs >= fromMs && atMs <= untilMs) ?? [],
  );
}

function meanPercent(seconds: ReturnType<typeof cpuSeconds>): number {
  const spanMs = seconds.reduce((all, { atMs, endMs }) => all + endMs - atMs, 0);
  if (spanMs === 0) return 0;
  return seconds.reduce((all, { atMs, endMs, percent }) => all + percent * (endMs - atMs), 0) / spanMs;
}

/** Null when one of them is not known, or there is none. */
function sum(values: ReadonlyArray<number | null>): number | null {
  if (values.length === 0) return null;
  return values.reduce<number | null>(
    (all, value) => (all === null || value === null ? null : all + value),
    0,
  );
}

function most(values: ReadonlyArray<number | null>): number | null {
  return values.reduce<number | null>(
    (greatest, value) => (value === null ? greatest : Math.max(value, greatest ?? value)),
    null,
  );
}

function sumOf(phases: readonly PhaseResult[], counter: string): number {
  return phases.reduce((all, { metrics }) => {
    const metric = metrics[counter];
    return all + (metric?.kind === 'counter' ? metric.value : 0);
  }, 0);
}

function secondsOf(phases: readonly PhaseResult[]): number {
  return phases.reduce((all, { startMs, endMs }) => all + (endMs - startMs) / 1000, 0);
}

function perSecond(count: number, seconds: number): number {
  return seconds === 0 ? 0 : rounded(count / seconds);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
