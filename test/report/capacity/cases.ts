/** Every capacity search that a page must be able to show. */
import type { CapacityRecord, Limit } from '../../../src/result/capacity.js';
import { HOSTILE } from '../hostile.js';
import { figures, GATEWAY, recordOf, type Server, type Tried, throughputOf, usl } from './search.js';

const pass = (...loads: readonly number[]): Tried[] => loads.map((load) => ({ load, verdict: 'pass' }));

/** A cap of 12,400 connections: 503 for everybody after that. */
function refusedAt(load: number): Tried {
  const count = load - 12_400;
  return {
    load,
    verdict: 'fail',
    stoppedEarly: true,
    limits: [
      { code: 'refused', atMs: 15_200, status: 503, cause: 'upgrade:http-503', count },
      {
        code: 'threshold',
        atMs: null,
        expression: 'connections.neverOpened == 0',
        observed: count,
        unit: 'count',
      },
    ],
    failed: [{ expression: 'connections.neverOpened == 0', observed: count, unit: 'count', passed: false }],
  };
}

const CAPPED: Server = { ...GATEWAY, achieved: (load) => Math.min(load, 12_400) };

function bracketed(): CapacityRecord {
  return recordOf(
    CAPPED,
    'connections',
    [
      ...pass(100, 200, 400, 800, 1600, 3200, 6400),
      refusedAt(12_800),
      ...pass(9600, 11_200, 12_000, 12_400),
      refusedAt(12_600),
      refusedAt(12_524),
      ...pass(12_400, 12_400),
      refusedAt(12_524),
      refusedAt(12_524),
    ],
    { outcome: 'bracketed' },
  );
}

const [LAMBDA, SIGMA, KAPPA] = [1.02, 1.6e-5, 2.4e-9];

/** A server of one thread that loses throughput when it is asked for more than it can. */
const BUSY: Server = {
  baseBytes: 88 * 2 ** 20,
  bytesPerLoad: 2100,
  kernelPerLoad: 300,
  coresPerLoad: 0.000108,
  achieved: (load) => usl(LAMBDA, SIGMA, KAPPA, load),
  latencyUs: (load) => 1400 / Math.max(0.015, 1 - load / 17_950),
  generatorBusy: (load) => 0.06 + load * 0.00003,
  metric: 'broadcast.delivery',
};

function slowAt(load: number): Tried {
  const observedUs = Math.round(BUSY.latencyUs(load) * 3.6);
  const expression = 'broadcast.delivery p99 < 250ms during hold';
  const limits: Limit[] = [
    { code: 'target-cpu', atMs: 9_000, scope: 'thread', pid: 41_231, percent: 99.4, limitPercent: 95 },
    { code: 'latency', atMs: 13_000, expression, observedUs, limitUs: 250_000 },
    { code: 'accept-queue', atMs: 21_400, listenOverflows: 12, synRetransmissions: 31 },
  ];
  return {
    load,
    verdict: 'fail',
    limits,
    failed: [{ expression, observed: observedUs, unit: 'us', passed: false }],
  };
}

function cpuLimited(server = BUSY): CapacityRecord {
  const tried = [
    ...pass(500, 1000, 2000, 4000, 8000, 16_000),
    slowAt(32_000),
    slowAt(24_000),
    slowAt(20_000),
    slowAt(18_000),
    ...pass(17_000, 17_500),
    slowAt(17_700),
    ...pass(17_500),
    slowAt(17_700),
  ];
  const record = recordOf(server, 'publish-rate', tried, { outcome: 'bracketed' });
  const about = (value: number, share: number) => ({
    value,
    low: value * (1 - share),
    high: value * (1 + share),
  });
  return {
    ...record,
    sizing: record.sizing && {
      ...record.sizing,
      throughput: throughputOf(record.levels, [about(LAMBDA, 0.02), about(SIGMA, 0.4), about(KAPPA, 0.15)]),
    },
  };
}

/** One that only levels off. */
function noPeak(): CapacityRecord {
  const [lambda, sigma] = [1.02, 6e-5];
  const record = cpuLimited({ ...BUSY, achieved: (load) => usl(lambda, sigma, 0, load) });
  const throughput = throughputOf(record.levels, [
    { value: lambda, low: 0.99, high: 1.05 },
    { value: sigma, low: 5.1e-5, high: 6.9e-5 },
    { value: 2e-11, low: -6e-10, high: 6.4e-10 },
  ]);
  return { ...record, sizing: record.sizing && { ...record.sizing, throughput } };
}

function generator(): CapacityRecord {
  const reasons = [
    'A worker of the generator was 94 % busy in 11 of 30 seconds.',
    'Messages left 48 ms late (p99); the limit is 10 ms.',
  ];
  const limit: Limit = { code: 'generator', atMs: 17_000, reasons };
  return recordOf(
    { ...GATEWAY, coresPerLoad: 0.00001, generatorBusy: (load) => 0.02 + load * 0.000058 },
    'connections',
    [
      ...pass(1000, 2000, 4000, 8000),
      { load: 16_000, verdict: 'invalid', limits: [limit] },
      ...pass(12_000),
      { load: 14_000, verdict: 'invalid', limits: [limit] },
    ],
    { outcome: 'generator', notes: ['Give the generator more processes, or a machine of its own.'] },
  );
}

function neverPassed(): CapacityRecord {
  return recordOf(
    GATEWAY,
    'connections',
    [
      {
        load: 100,
        verdict: 'fail',
        limits: [
          { code: 'handshake-timeout', atMs: 10_000, stage: 'upgrade', count: 100 },
          { code: 'target-died', atMs: 12_300, how: 'ended with code 1' },
        ],
      },
    ],
    { outcome: 'never-passed' },
  );
}

function interrupted(): CapacityRecord {
  return recordOf(GATEWAY, 'connections', pass(1000, 2000, 4000), {
    outcome: 'interrupted',
    notes: ['The search was interrupted after 3 of its tries.'],
  });
}

function atLeast(): CapacityRecord {
  return recordOf(GATEWAY, 'connections', pass(1000, 2000, 4000, 8000), { outcome: 'at-least' });
}

function oneLevel(): CapacityRecord {
  return recordOf(GATEWAY, 'rooms', pass(500), { outcome: 'at-least' });
}

/** From 1 to 1,000,000 in 30 levels, of which the last two fail. */
function thirtyLevels(): CapacityRecord {
  const loads = Array.from({ length: 30 }, (_, i) => Math.round(10 ** ((i * 6) / 29)));
  const distinct = loads.map((load, i) => (loads[i - 1] === load ? load + 1 : load));
  const memory: Limit[] = [
    { code: 'target-memory', atMs: 31_000, bytes: 23.4 * 2 ** 30, limitBytes: 24 * 2 ** 30 },
    { code: 'target-oom', atMs: 33_500, kills: 1 },
    { code: 'target-died', atMs: 33_600, how: 'was killed by signal SIGKILL' },
    { code: 'closed', atMs: 33_600, closeCode: null, cause: 'reset', count: 612_004 },
  ];
  const tried = distinct.map(
    (load, i): Tried => (i < 28 ? { load, verdict: 'pass' } : { load, verdict: 'fail', limits: memory }),
  );
  const server = { ...GATEWAY, coresPerLoad: 0.000004, latencyUs: (load: number) => 800 + load * 0.02 };
  return recordOf({ ...server, generatorBusy: (load) => 0.02 + load * 4e-7 }, 'connections', tried, {
    outcome: 'bracketed',
  });
}

function connectRate(): CapacityRecord {
  const limits: Limit[] = [
    { code: 'accept-queue', atMs: 3100, listenOverflows: 412, synRetransmissions: 730 },
    { code: 'handshake-timeout', atMs: 11_000, stage: 'tcp', count: 96 },
  ];
  return recordOf(
    {
      ...GATEWAY,
      metric: 'handshake.total',
      achieved: (load) => Math.min(load, 2310),
      latencyUs: (load) => 700 / Math.max(0.01, 1 - load / 2420),
    },
    'connect-rate',
    [
      ...pass(100, 200, 400, 800, 1600),
      { load: 3200, verdict: 'fail', limits },
      ...pass(2000, 2200, 2300),
      { load: 2400, verdict: 'fail', limits },
    ],
    { outcome: 'bracketed' },
  );
}

/** Nothing could be measured of any try. */
function nothingKnown(): CapacityRecord {
  const record = recordOf(GATEWAY, 'connections', pass(0, 1, 10, 100), { outcome: 'target-broken' });
  const { target, generator: own, ...rest } = figures(GATEWAY, 0, 1);
  const unknown = Object.fromEntries(Object.keys(target).map((key) => [key, null]));
  return {
    ...record,
    firstFail: 100,
    lastPass: 10,
    sizing: null,
    levels: record.levels.map((level, i) => ({
      ...level,
      verdict: i === 3 ? 'fail' : 'pass',
      tries: level.tries.map((one) => ({
        ...one,
        passed: i < 3,
        validity: i === 2 ? null : one.validity,
        result:
          i === 2
            ? null
            : {
                ...rest,
                achieved: null,
                latencies:
                  i === 0
                    ? {}
                    : { 'echo.response': { count: 0, p50Us: null, p90Us: null, p99Us: null, maxUs: 0 } },
                messagesSentPerSecond: 0,
                messagesReceivedPerSecond: 0,
                opensPerSecond: 0,
                target: { ...target, ...unknown, processes: 0 },
                generator: { ...own, eventLoopUtilization: 0, sendLagP99Us: null },
              },
      })),
    })),
  };
}

/** The search was interrupted before anything was tried. */
function nothingTried(): CapacityRecord {
  return recordOf(GATEWAY, 'connections', [], { outcome: 'interrupted' });
}

const HOSTILE_LIMITS: readonly Limit[] = [
  { code: 'refused', atMs: 1, status: null, cause: HOSTILE, count: 3 },
  { code: 'closed', atMs: 2, closeCode: 4999, cause: HOSTILE, count: 3 },
  { code: 'handshake-timeout', atMs: 2, stage: HOSTILE, count: 3 },
  { code: 'target-died', atMs: 2, how: HOSTILE },
  { code: 'threshold', atMs: null, expression: HOSTILE, observed: null, unit: HOSTILE },
  { code: 'latency', atMs: null, expression: HOSTILE, observedUs: null, limitUs: 1 },
  { code: 'generator', atMs: null, reasons: [HOSTILE] },
];

function hostileCapacity(): CapacityRecord {
  const record = bracketed();
  return {
    ...record,
    scenario: { name: HOSTILE, file: HOSTILE },
    command: HOSTILE,
    notes: [HOSTILE],
    limitedBy: { code: 'refused', evidence: HOSTILE_LIMITS },
    levels: record.levels.map((level) => ({
      ...level,
      tries: level.tries.map((one) => ({
        ...one,
        folder: `../${HOSTILE}`,
        validity: { status: 'valid', reasons: [HOSTILE], fromMs: null },
        limits: one.passed ? [] : HOSTILE_LIMITS,
        failedThresholds: [{ expression: HOSTILE, observed: 1, unit: HOSTILE, passed: false }],
        result: one.result && {
          ...one.result,
          latencies: {
            [HOSTILE]: { count: 9, p50Us: 3, p90Us: 4, p99Us: 5, maxUs: 6 },
            ...one.result.latencies,
          },
        },
      })),
    })),
    sizing: record.sizing && { ...record.sizing, notes: [HOSTILE] },
  };
}

export const capacities = {
  bracketed,
  cpuLimited: () => cpuLimited(),
  noPeak,
  generator,
  neverPassed,
  interrupted,
  atLeast,
  oneLevel,
  thirtyLevels,
  connectRate,
  nothingKnown,
  nothingTried,
  hostileCapacity,
} as const satisfies Record<string, () => CapacityRecord>;
