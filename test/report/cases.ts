/** Runs that a report must be able to show, each made from the one that went well. */
import type { CloseCount, RunResult } from '../../src/result/types.js';
import { goodRun, QUICKSTART } from './fixture.js';
import { metricOf, seriesOf } from './samples.js';

export function threeSeconds(): RunResult {
  return goodRun({ connections: 50, seconds: 3, heartbeatEverySeconds: 1 });
}

export function oneHour(): RunResult {
  return goodRun({ connections: 10_000, seconds: 3600, heartbeatEverySeconds: 25 });
}

export function oneConnection(): RunResult {
  return goodRun({ connections: 1, seconds: 12, heartbeatEverySeconds: 1 });
}

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
      books: [{ what: 'connections opened', server: 0, ours: 0, balanced: true }],
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
      close({ phase: 'drain', code: 1000, cause: 'local-close', initiator: 'client', count: 955 }),
      close({
        phase: 'hold',
        code: 1012,
        cause: 'close-frame',
        initiator: 'server',
        count: 30,
        example: 'back soon',
      }),
      close({ phase: 'hold', code: null, cause: 'reset', initiator: 'network', count: 15 }),
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
      validity: { status: 'partial', reasons: ['The target exited at 00:24 with signal SIGSEGV.'] },
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
      close({
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
      validity: { status: 'partial', reasons: ['The run was interrupted at 00:18.'] },
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
      validity: { status: 'partial', reasons: ['Worker 1 ended at 00:20; what it had reported is kept.'] },
    },
    events: [...run.events, { atMs: 20_000, kind: 'worker-died', detail: 'worker 1: out of memory' }],
  };
}

/** Three populations, with churn and every kind of ending. */
export function severalPopulations(): RunResult {
  const run = goodRun();
  const own = (share: number) => ({
    ...run.connections,
    planned: Math.round(1000 * share),
    opened: Math.round(1000 * share),
  });
  const echo = metricOf(
    Array.from({ length: 4000 }, (_, i) => 400 + (i % 97) * 9),
    12,
  );
  return {
    ...run,
    metrics: { ...run.metrics, 'echo.response': echo, 'echo.service': echo },
    populations: {
      listeners: { connections: own(0.6), metrics: run.metrics, recoveries: [] },
      speakers: { connections: own(0.3), metrics: { 'echo.response': echo }, recoveries: [] },
      'slow readers': { connections: own(0.1), metrics: {}, recoveries: [] },
    },
    closes: [
      close({
        phase: 'ramp',
        code: 1013,
        cause: 'close-frame',
        initiator: 'server',
        count: 12,
        example: 'try later',
      }),
      close({ phase: 'hold', code: 1000, cause: 'close-frame', initiator: 'client', count: 214 }),
      close({
        phase: 'hold',
        code: 1008,
        cause: 'close-frame',
        initiator: 'server',
        count: 21,
        population: 'speakers',
        example: 'unauthorized',
      }),
      close({
        phase: 'hold',
        code: null,
        cause: 'fin',
        initiator: 'network',
        count: 33,
        population: 'speakers',
      }),
      close({
        phase: 'hold',
        code: 1002,
        cause: 'protocol-error',
        initiator: 'client',
        count: 4,
        example: 'reserved bits set',
      }),
      close({
        phase: 'hold',
        code: null,
        cause: 'heartbeat-timeout',
        initiator: 'client',
        count: 8,
        population: 'slow readers',
      }),
      close({ phase: 'drain', code: 1000, cause: 'local-close', initiator: 'client', count: 922 }),
      close({
        phase: 'drain',
        code: null,
        cause: 'local-abort',
        initiator: 'client',
        count: 6,
        population: 'slow readers',
      }),
    ],
    failures: [
      {
        phase: 'ramp',
        population: 'speakers',
        stage: 'upgrade',
        cause: 'http-429',
        count: 31,
        example: 'HTTP/1.1 429 Too Many Requests',
      },
    ],
    connections: {
      ...run.connections,
      attempted: 1245,
      opened: 1214,
      failed: 31,
      dropped: 78,
      reconnected: 214,
    },
    target: {
      ...run.target,
      books: run.target.books.map((entry, i) =>
        i === 1 ? { ...entry, server: entry.server - 3, balanced: false } : entry,
      ),
    },
  };
}

export const HOSTILE =
  "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"' onload='alert(3) \u001b[31mred\u001b[0m\u2028\u202eevil\r\nnext ${7*7}";

/** 123 bytes, as long as a close reason may be. */
export const LONG_REASON = '<b>'.repeat(41);

/** Whatever may come from outside is hostile. */
export function hostile(): RunResult {
  const run = thresholdsFailed();
  return {
    ...run,
    run: { ...run.run, id: HOSTILE, command: HOSTILE, validity: { status: 'valid', reasons: [HOSTILE] } },
    scenario: { ...run.scenario, name: HOSTILE, file: HOSTILE, text: HOSTILE.repeat(20) },
    environment: {
      ...run.environment,
      machines: run.environment.machines.map((machine) => ({
        ...machine,
        os: HOSTILE,
        node: HOSTILE,
        cpus: { model: HOSTILE, count: 2 },
      })),
    },
    populations: Object.fromEntries(
      Object.values(run.populations).flatMap((own) => [
        [HOSTILE, own],
        ['other', own],
      ]),
    ),
    metrics: { ...run.metrics, [HOSTILE]: { kind: 'counter', value: 1 } },
    phases: run.phases.map((phase, i) => (i === 1 ? { ...phase, name: HOSTILE } : phase)),
    closes: [
      ...run.closes,
      close({
        phase: HOSTILE,
        code: 4999,
        cause: 'close-frame',
        initiator: 'server',
        count: 5,
        population: HOSTILE,
        example: HOSTILE,
      }),
      close({
        phase: 'hold',
        code: 1008,
        cause: 'close-frame',
        initiator: 'server',
        count: 5,
        example: LONG_REASON,
      }),
    ],
    failures: [
      { phase: HOSTILE, population: HOSTILE, stage: 'upgrade', cause: HOSTILE, count: 3, example: HOSTILE },
    ],
    target: {
      ...run.target,
      name: HOSTILE,
      books: [{ what: HOSTILE, server: 1, ours: 2, balanced: false }],
      processes: run.target.processes.map((watched) => ({ ...watched, command: HOSTILE })),
      memoryPerConnection: run.target.memoryPerConnection && {
        ...run.target.memoryPerConnection,
        method: HOSTILE,
        notes: [HOSTILE],
        byPhase: [{ phase: HOSTILE, bytes: 1 }],
      },
    },
    events: [...run.events, { atMs: 9000, kind: HOSTILE, detail: HOSTILE }],
    warnings: [{ code: HOSTILE, message: HOSTILE, advice: HOSTILE }],
    thresholds: [...run.thresholds, { expression: HOSTILE, observed: 3, unit: HOSTILE, passed: false }],
  };
}

/** Nothing in it at all: a run that ended before its first interval. */
export function empty(): RunResult {
  const run = allFailed();
  return {
    ...run,
    run: { ...run.run, durationMs: 0, complete: false, validity: { status: 'partial', reasons: [] } },
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

function close(from: Partial<CloseCount>): CloseCount {
  return {
    phase: 'hold',
    population: 'listeners',
    initiator: 'server',
    code: null,
    cause: 'fin',
    count: 1,
    example: '',
    ...from,
  };
}

export const cases = {
  good: () => goodRun(QUICKSTART),
  threeSeconds,
  oneHour,
  oneConnection,
  allFailed,
  thresholdsFailed,
  generatorLimited,
  targetDied,
  interrupted,
  workerDied,
  severalPopulations,
  hostile,
  empty,
} as const satisfies Record<string, () => RunResult>;
