/** A whole record of a run that went well, of any length and size; `cases.ts` makes it go wrong. */
import type { ConnectionCounts, Metrics, PhaseResult, RunResult } from '../../src/result/types.js';
import { latencyUs, metricOf, type Random, random, seriesOf } from './samples.js';
import { memoryOf, processOf } from './watched.js';

export interface Shape {
  readonly connections: number;
  readonly seconds: number;
  /** Per connection. */
  readonly heartbeatEverySeconds: number;
}

export const QUICKSTART: Shape = { connections: 1000, seconds: 48, heartbeatEverySeconds: 2 };

/** What every reader of the record can rely on holds here too: intervals sum to totals, books balance. */
export function goodRun(shape: Shape = QUICKSTART): RunResult {
  const rng = random(42);
  const { connections, seconds } = shape;
  const rampSeconds = Math.max(1, Math.round(seconds * 0.3));
  const drainSeconds = seconds > 10 ? 3 : 1;
  const open = openCurve(shape, rampSeconds, drainSeconds);
  const beats = beatsOf(shape, open, rng);
  const handshakes = open.map((n, i) =>
    Array.from({ length: Math.max(0, n - (open[i - 1] ?? 0)) }, () => latencyUs(1900, rng)),
  );
  const sent = beats.response.map((samples) => samples.length);
  const phases = phasesOf(seconds, rampSeconds, drainSeconds, beats, handshakes);
  const total = sent.reduce((a, b) => a + b, 0);
  const metrics = metricsOf(beats, handshakes, total);
  const counts = countsOf(connections, open);
  return {
    schemaVersion: 1,
    tool: { name: 'wsherd', version: '0.1.0' },
    run: {
      id: '20260302-101500-7f3a',
      startedAt: '2026-03-02T10:15:00.000Z',
      durationMs: seconds * 1000,
      complete: true,
      validity: { status: 'valid', reasons: [], fromMs: null },
      command: 'wsherd run scenarios/quickstart.yaml --out reports/quickstart',
    },
    environment: {
      machines: [
        {
          node: 'v20.20.2',
          os: 'Linux 6.8.0 x64',
          cpus: { model: 'AMD EPYC 7B13', count: 2 },
          memory: { totalBytes: 8.3e9, availableBytes: 6.9e9 },
          limits: { descriptors: 20_000, ports: 28_232 },
          coLocated: true,
        },
      ],
      httpFloor: {
        measuredAt: '2026-03-02T09:58:11.000Z',
        connections: 64,
        requestsPerSecond: 18_412,
        latencyP50Us: 3100,
        latencyP99Us: 7800,
      },
    },
    scenario: { name: 'quickstart', file: 'scenarios/quickstart.yaml', text: SCENARIO, resolved: {} },
    plan: {
      machines: 1,
      hosts: 1,
      workers: 1,
      shards: [{ worker: 0, connections: { listeners: connections } }],
    },
    connections: counts,
    metrics,
    populations: { listeners: { connections: counts, metrics, recoveries: [] } },
    phases,
    series: {
      intervalMs: 1000,
      open,
      planned: open.map((_, i) => Math.min(connections, Math.ceil((connections * (i + 1)) / rampSeconds))),
      attempts: handshakes.map((samples) => samples.length),
      opens: handshakes.map((samples) => samples.length),
      failures: open.map(() => 0),
      closes: open.map((n, i) => Math.max(0, (open[i - 1] ?? 0) - n)),
      messagesSent: sent,
      messagesReceived: sent,
      bytesSent: sent.map((n) => n * 24),
      bytesReceived: sent.map((n) => n * 19),
      eventLoopUtilization: sent.map((n) => Math.min(0.6, 0.02 + n / 6000 + rng() * 0.03)),
      histograms: {
        'handshake.total': seriesOf(handshakes),
        'heartbeat.response': seriesOf(beats.response),
        'heartbeat.sendLag': seriesOf(beats.sendLag),
      },
    },
    attempts: { binMs: 100, attempts: [], opens: [], failures: {}, predicted: [] },
    recoveries: [],
    broadcast: null,
    closes: [
      {
        phase: 'drain',
        population: 'listeners',
        initiator: 'client',
        code: 1000,
        cause: 'local-close',
        count: connections,
        example: '',
      },
    ],
    failures: [],
    target: {
      kind: 'server',
      name: 'heartbeat',
      counts: null,
      instances: [],
      proxy: null,
      books: [
        { what: 'connections opened', server: connections, ours: connections, inFlight: 0, balanced: true },
        { what: 'messages to the server', server: total, ours: total, inFlight: 0, balanced: true },
        { what: 'messages from the server', server: total, ours: total, inFlight: 0, balanced: true },
        { what: 'closes with 1000', server: connections, ours: connections, inFlight: 0, balanced: true },
      ],
      processes: [processOf(open, rng)],
      kernel: open.map((n, i) => ({
        atMs: i * 1000 + 500,
        socketBytes: n * 9800,
        slabBytes: 8e7 + n * 1200,
        listenOverflows: 0,
      })),
      memoryPerConnection: connections >= 8 ? memoryOf(connections, rng) : null,
      memoryUnknownBecause:
        connections >= 8 ? null : 'A slope needs at least 4 plateaus of the ramp; this run had 1.',
      cpuPerMessageUs: 31,
      cpuPerConnectUs: 240,
    },
    generator: {
      hosts: [
        {
          machine: 0,
          pid: 4711,
          workers: [
            {
              cpuPercent: 21,
              eventLoopUtilization: 0.12,
              sendLagP99Us: 840,
              gcMs: 38,
              rssBytes: 9.4e7,
              died: false,
            },
          ],
        },
      ],
    },
    events: phases.map(({ name, startMs }) => ({ atMs: startMs, kind: 'phase', detail: name })),
    warnings: [
      {
        code: 'co-located',
        message: 'The target ran on the same machine as the generator.',
        advice: 'They shared its processors: for absolute numbers run the target on a machine of its own.',
      },
    ],
    thresholds: [
      { expression: 'handshake.total p99 < 500ms', observed: 4300, unit: 'us', passed: true },
      { expression: 'heartbeat.response p99 < 250ms during hold', observed: 3100, unit: 'us', passed: true },
      {
        expression: 'heartbeat.unanswered / heartbeat.sent < 0.1%',
        observed: 0,
        unit: 'ratio',
        passed: true,
      },
      { expression: 'closes.abnormal == 0', observed: 0, unit: 'count', passed: true },
      { expression: 'connections.neverOpened == 0', observed: 0, unit: 'count', passed: true },
    ],
  };
}

const SCENARIO = `version: 1
name: quickstart
target:
  server: heartbeat                # a reference server in its own process
populations:
  listeners:
    connections: 1000
    arrive: { over: 14s }
    heartbeat: { by: message, every: 2s, timeout: 5s }
timeline:
  - ramp: { steps: 8, settle: 1s }
  - hold: 30s
  - drain: 3s
thresholds:
  - handshake.total p99 < 500ms
  - heartbeat.response p99 < 250ms during hold
`;

function openCurve({ connections, seconds }: Shape, rampSeconds: number, drainSeconds: number): number[] {
  return Array.from({ length: seconds }, (_, i) => {
    const arrived = Math.min(1, Math.ceil(((i + 1) / rampSeconds) * 8) / 8);
    return i >= seconds - drainSeconds + (drainSeconds > 1 ? 1 : 0) ? 0 : Math.round(connections * arrived);
  });
}

interface Beats {
  readonly response: number[][];
  readonly service: number[][];
  readonly sendLag: number[][];
}

function beatsOf({ heartbeatEverySeconds }: Shape, open: readonly number[], rng: Random): Beats {
  // Of a long run a sample of the heartbeats is enough to draw it.
  const most = Math.ceil(60_000 / open.length);
  const sendLag = open.map((n) =>
    Array.from({ length: Math.min(most, Math.round(n / heartbeatEverySeconds)) }, () =>
      latencyUs(140, rng, 0.6),
    ),
  );
  const service = sendLag.map((lags, i) => lags.map(() => latencyUs(900 + 250 * Math.sin(i / 9), rng)));
  const response = service.map((times, i) => times.map((us, k) => us + (sendLag[i]?.[k] ?? 0)));
  return { sendLag, service, response };
}

function metricsOf(beats: Beats, handshakes: number[][], sent: number): Metrics {
  const opened = handshakes.flat();
  const counter = (value: number) => ({ kind: 'counter', value }) as const;
  return {
    'handshake.tcp': metricOf(opened.map((us) => Math.max(1, Math.round(us * 0.2)))),
    'handshake.upgrade': metricOf(opened.map((us) => Math.max(1, Math.round(us * 0.8)))),
    'handshake.total': metricOf(opened),
    'heartbeat.sendLag': metricOf(beats.sendLag.flat()),
    'heartbeat.service': metricOf(beats.service.flat()),
    'heartbeat.response': metricOf(beats.response.flat()),
    'heartbeat.planned': counter(sent),
    'heartbeat.sent': counter(sent),
    'heartbeat.answered': counter(sent),
    'heartbeat.skipped': counter(0),
    'heartbeat.unanswered': counter(0),
    'messages.sent': counter(sent),
    'messages.received': counter(sent),
    'bytes.sent': counter(sent * 24),
    'bytes.received': counter(sent * 19),
  };
}

function phasesOf(
  seconds: number,
  rampSeconds: number,
  drainSeconds: number,
  beats: Beats,
  handshakes: number[][],
): PhaseResult[] {
  const cut = (from: number, to: number): Metrics => {
    const part = <T>(all: readonly T[]) => all.slice(from, to);
    const own: Beats = {
      response: part(beats.response),
      service: part(beats.service),
      sendLag: part(beats.sendLag),
    };
    return metricsOf(own, part(handshakes), own.response.flat().length);
  };
  const bounds = [
    ['ramp', 0, rampSeconds],
    ['hold', rampSeconds, seconds - drainSeconds],
    ['drain', seconds - drainSeconds, seconds],
  ] as const;
  return bounds.map(([name, from, to]) => ({
    name,
    kind: name,
    startMs: from * 1000,
    endMs: to * 1000,
    metrics: cut(from, to),
    populations: {},
  }));
}

function countsOf(connections: number, open: readonly number[]): ConnectionCounts {
  return {
    planned: connections,
    attempted: connections,
    opened: connections,
    failed: 0,
    peakOpen: open.reduce((a, b) => Math.max(a, b), 0),
    dropped: 0,
    reconnected: 0,
    gaveUp: 0,
    neverOpened: 0,
    openAtEnd: connections,
  };
}
