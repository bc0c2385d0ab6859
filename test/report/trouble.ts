/** Runs that went wrong, each made from the one that went well. */
import type { RunResult } from '../../src/result/types.js';
import { closed } from './endings.js';
import { goodRun } from './fixture.js';
import { metricOf, seriesOf } from './samples.js';

/** Every attempt refused: no open connection, no sample. */
export function allFailed(): RunResult {
  const run = goodRun();
  const none = run.series.open.map(() => 0);
  const attempts = none.map((_, i) => (i < 14 ? 72 : 0));
  const connections = {
    ...run.connections,
    attempted: 1000,
    opened: 0,
    failed: 1000,
    peakOpen: 0,
    neverOpened: 1000,
    openAtEnd: 0,
  };
  return {
    ...run,
    connections,
    metrics: { 'handshake.total': metricOf([]), 'heartbeat.response': metricOf([]) },
    populations: { listeners: { connections, metrics: {}, recoveries: [] } },
    phases: run.phases.map((phase) => ({ ...phase, metrics: {} })),
    series: {
      ...run.series,
      open: none,
      attempts,
      opens: none,
      failures: attempts,
      closes: none,
      messagesSent: none,
      messagesReceived: none,
      histograms: { 'heartbeat.response': seriesOf(none.map(() => [])) },
    },
    closes: [],
    failures: [
      {
        phase: 'ramp',
        population: 'listeners',
        stage: 'upgrade',
        cause: 'http-503',
        count: 958,
        example: 'HTTP/1.1 503 Service Unavailable',
      },
      {
        phase: 'ramp',
        population: 'listeners',
        stage: 'tcp',
        cause: 'refused',
        count: 42,
        example: 'connect ECONNREFUSED 127.0.0.1:40123',
      },
    ],
    target: {
      ...run.target,
      books: [{ what: 'connections opened', server: 0, ours: 0, inFlight: 0, balanced: true }],
      memoryPerConnection: null,
      memoryUnknownBecause: 'No connection opened, so there is nothing to divide by.',
      cpuPerMessageUs: null,
    },
    thresholds: [
      { expression: 'handshake.total p99 < 500ms', observed: null, unit: 'us', passed: false },
      { expression: 'connections.neverOpened == 0', observed: 1000, unit: 'count', passed: false },
    ],
  };
}

export function thresholdsFailed(): RunResult {
  const run = goodRun();
  return {
    ...run,
    thresholds: run.thresholds.map((threshold) =>
      threshold.expression.startsWith('heartbeat.response')
        ? { ...threshold, observed: 412_000, passed: false }
        : threshold.expression.startsWith('closes')
          ? { ...threshold, observed: 45, passed: false }
          : threshold,
    ),
    closes: [
      closed({ phase: 'drain', code: 1000, cause: 'local-close', initiator: 'client', count: 955 }),
      closed({
        phase: 'hold',
        code: 1012,
        cause: 'close-frame',
        initiator: 'server',
        count: 30,
        example: 'back soon',
      }),
      closed({ phase: 'hold', code: null, cause: 'reset', initiator: 'network', count: 15 }),
    ],
  };
}

export function generatorLimited(): RunResult {
  const run = goodRun();
  const busy = run.series.eventLoopUtilization.map((value, i) => (i >= 21 ? 0.93 + (i % 5) / 100 : value));
  const [host] = run.generator.hosts;
  return {
    ...run,
    run: {
      ...run.run,
      validity: {
        status: 'generator-limited',
        reasons: ['27 of 47 intervals had an event loop more than 80 % busy; at most 2 may.'],
        fromMs: 21_000,
      },
    },
    series: { ...run.series, eventLoopUtilization: busy },
    generator: {
      hosts: [
        {
          machine: 0,
          pid: 4711,
          workers: (host?.workers ?? []).map((worker) => ({ ...worker, sendLagP99Us: 63_000 })),
        },
      ],
    },
  };
}

/** The server crashes half way. */
export function targetDied(): RunResult {
  const run = goodRun();
  const half = 24;
  const alive = (values: readonly number[]) => values.map((value, i) => (i < half ? value : 0));
  return {
    ...run,
    run: {
      ...run.run,
      complete: false,
      durationMs: 27_000,
      validity: {
        status: 'partial',
        reasons: ['The target exited at 00:24 with signal SIGSEGV.'],
        fromMs: null,
      },
    },
    connections: { ...run.connections, dropped: 1000, openAtEnd: 0 },
    phases: run.phases.slice(0, 2),
    series: {
      ...run.series,
      open: alive(run.series.open),
      messagesSent: alive(run.series.messagesSent),
      messagesReceived: alive(run.series.messagesReceived),
      closes: run.series.closes.map((_, i) => (i === half ? 1000 : 0)),
    },
    closes: [
      closed({
        phase: 'hold',
        code: null,
        cause: 'target-exit',
        initiator: 'server',
        count: 1000,
        example: 'SIGSEGV',
      }),
    ],
    target: {
      ...run.target,
      books: [],
      processes: run.target.processes.map((watched) => ({
        ...watched,
        samples: watched.samples.slice(0, half),
      })),
    },
    events: [...run.events, { atMs: 24_300, kind: 'target-exit', detail: 'exited with signal SIGSEGV' }],
    thresholds: run.thresholds.map((threshold) =>
      threshold.expression.startsWith('closes') ? { ...threshold, observed: 1000, passed: false } : threshold,
    ),
  };
}

export function interrupted(): RunResult {
  const run = goodRun();
  return {
    ...run,
    run: {
      ...run.run,
      complete: false,
      validity: { status: 'partial', reasons: ['The run was interrupted at 00:18.'], fromMs: null },
    },
    events: [...run.events, { atMs: 18_000, kind: 'interrupted', detail: 'SIGINT' }],
  };
}

export function workerDied(): RunResult {
  const run = goodRun();
  return {
    ...run,
    run: {
      ...run.run,
      validity: {
        status: 'partial',
        reasons: ['Worker 1 ended at 00:20; what it had reported is kept.'],
        fromMs: null,
      },
    },
    events: [...run.events, { atMs: 20_000, kind: 'worker-died', detail: 'worker 1: out of memory' }],
  };
}

/** Nothing in it at all: a run that ended before its first interval. */
export function empty(): RunResult {
  const run = allFailed();
  return {
    ...run,
    run: {
      ...run.run,
      durationMs: 0,
      complete: false,
      validity: { status: 'partial', reasons: [], fromMs: null },
    },
    connections: { ...run.connections, attempted: 0, failed: 0 },
    metrics: {},
    phases: [],
    series: {
      ...run.series,
      open: [],
      planned: [],
      attempts: [],
      opens: [],
      failures: [],
      closes: [],
      messagesSent: [],
      messagesReceived: [],
      bytesSent: [],
      bytesReceived: [],
      eventLoopUtilization: [],
      histograms: {},
    },
    failures: [],
    target: { ...run.target, processes: [], kernel: [], books: [] },
    generator: { hosts: [] },
    events: [],
    thresholds: [],
  };
}
