/** Capacity searches as they would leave their record, from servers with known costs and a fixed scatter. */
import type {
  CapacityFigures,
  CapacityLevel,
  CapacityRecord,
  CapacityTry,
  Interval,
  LevelVerdict,
  Limit,
  ResourceModel,
  Sizing,
  ThroughputModel,
  Vary,
} from '../../../src/result/capacity.js';
import type { ThresholdVerdict } from '../../../src/result/types.js';
import { leastSquares } from '../../../src/stats/line.js';
import { random } from '../samples.js';

export interface Server {
  readonly baseBytes: number;
  readonly bytesPerLoad: number;
  readonly kernelPerLoad: number;
  readonly coresPerLoad: number;
  /** Of one try. */
  readonly achieved: (load: number) => number;
  readonly latencyUs: (load: number) => number;
  readonly generatorBusy: (load: number) => number;
  /** Of the headline latency. */
  readonly metric: string;
}

export const GATEWAY: Server = {
  baseBytes: 61 * 2 ** 20,
  bytesPerLoad: 5_900,
  kernelPerLoad: 9_700,
  coresPerLoad: 0.000031,
  achieved: (load) => load,
  latencyUs: (load) => 900 + load * 0.04 + 40 * (load / 12_400) ** 18,
  generatorBusy: (load) => 0.04 + load * 0.00002,
  metric: 'heartbeat.response',
};

export interface Tried {
  readonly load: number;
  readonly verdict: LevelVerdict;
  readonly limits?: readonly Limit[];
  readonly failed?: readonly ThresholdVerdict[];
  readonly stoppedEarly?: boolean;
}

export function figures(server: Server, load: number, order: number): CapacityFigures {
  const rng = random(order * 7919 + load);
  const about = (value: number, share: number) => value * (1 + (rng() - 0.5) * 2 * share);
  const p50Us = Math.round(about(server.latencyUs(load), 0.06));
  const achieved = Math.round(server.achieved(load));
  const rssBytes = Math.round(about(server.baseBytes + server.bytesPerLoad * load, 0.012));
  const handshakeUs = Math.round(about(700 + load * 0.02, 0.1));
  return {
    durationMs: 42_000,
    connections: {
      planned: load,
      attempted: load,
      opened: achieved,
      failed: load - achieved,
      peakOpen: achieved,
      dropped: 0,
      reconnected: 0,
      gaveUp: 0,
      neverOpened: load - achieved,
      openAtEnd: achieved,
    },
    achieved,
    latencies: {
      'handshake.total': {
        count: achieved,
        p50Us: handshakeUs,
        p90Us: handshakeUs * 3,
        p99Us: handshakeUs * 9,
        maxUs: handshakeUs * 14,
      },
      [server.metric]: {
        count: achieved * 2,
        p50Us,
        p90Us: Math.round(p50Us * about(1.9, 0.05)),
        p99Us: Math.round(p50Us * about(3.6, 0.12)),
        maxUs: Math.round(p50Us * 11),
      },
    },
    messagesSentPerSecond: load / 25,
    messagesReceivedPerSecond: load / 25,
    opensPerSecond: 800,
    target: {
      processes: 1,
      rssBytes,
      pssBytes: Math.round(rssBytes * 0.94),
      cores: about(0.012 + server.coresPerLoad * achieved, 0.05),
      hottestThreadPercent: Math.min(100, about(4 + server.coresPerLoad * achieved * 98, 0.08)),
      descriptors: achieved + 21,
      cpuPerConnectUs: about(212, 0.06),
      cpuPerMessageUs: about(31, 0.06),
      memoryPerConnectionBytes: Math.round(about(server.bytesPerLoad, 0.08)),
    },
    generator: {
      eventLoopUtilization: Math.min(1, server.generatorBusy(load)),
      sendLagP99Us: Math.round(about(900 + server.generatorBusy(load) ** 6 * 60_000, 0.1)),
    },
  };
}

function tryOf(server: Server, tried: Tried, order: number): CapacityTry {
  const { load, verdict, limits = [], failed = [], stoppedEarly = false } = tried;
  return {
    order,
    folder: `${String(order).padStart(2, '0')}-${load}`,
    passed: verdict === 'pass',
    validity:
      verdict === 'invalid'
        ? {
            status: 'generator-limited',
            reasons: ['A worker of the generator was 94 % busy in 11 of 30 seconds.'],
            fromMs: 17_000,
          }
        : { status: 'valid', reasons: [], fromMs: null },
    failedThresholds: failed,
    stoppedEarly,
    limits,
    result: figures(server, load, order),
  };
}

/** In the order in which they were tried; a level of several tries fails when any of them does. */
function levelsOf(server: Server, tried: readonly Tried[]): CapacityLevel[] {
  const tries = tried.map((one, i) => ({ ...one, own: tryOf(server, one, i + 1) }));
  const loads = [...new Set(tried.map(({ load }) => load))].sort((a, b) => a - b);
  return loads.map((load) => {
    const here = tries.filter((one) => one.load === load);
    const worst = here.find(({ verdict }) => verdict !== 'pass')?.verdict ?? 'pass';
    return { load, verdict: worst, tries: here.map(({ own }) => own) };
  });
}

function model(
  levels: readonly CapacityLevel[],
  resource: ResourceModel['resource'],
  unit: ResourceModel['unit'],
  pick: (figures: CapacityFigures, load: number) => number,
): ResourceModel {
  const points = levels.flatMap(({ load, verdict, tries }) => {
    const result = tries[0]?.result ?? null;
    return verdict !== 'pass' || result === null ? [] : [{ load, value: pick(result, load) }];
  });
  const line = leastSquares(points.map(({ load, value }) => ({ x: load, y: value })));
  const slope = line?.slope ?? 0;
  const base = line?.intercept ?? points[0]?.value ?? 0;
  const [low, high] = line?.slopeCi95 ?? [slope, slope];
  return {
    resource,
    unit,
    points,
    slope: { value: slope, low, high },
    base: { value: base, low: base * 0.96, high: base * 1.04 },
  };
}

function at({ slope, base }: ResourceModel, load: number, most: number): Interval {
  const value = base.value + (slope?.value ?? 0) * load;
  const half = value * 0.02 + (((slope?.high ?? 0) - (slope?.low ?? 0)) / 2) * Math.max(load, most / 2);
  return { value, low: value - half, high: value + half };
}

function sizingOf(server: Server, vary: Vary, levels: readonly CapacityLevel[]): Sizing | null {
  const passed = levels.filter(({ verdict }) => verdict === 'pass');
  if (passed.length < 3) return null;
  const memory = model(levels, 'memory', 'bytes', ({ target }) => target.rssBytes ?? 0);
  const kernel = model(
    levels,
    'kernel-memory',
    'bytes',
    ({ target }, load) => 6e6 + server.kernelPerLoad * load + (target.rssBytes ?? 0) * 0.004,
  );
  const cores = model(levels, 'cores', 'cores', ({ target }) => target.cores ?? 0);
  const mean = (resource: ResourceModel['resource'], value: number): ResourceModel => ({
    resource,
    unit: 'us',
    points: [],
    slope: null,
    base: { value, low: value * 0.96, high: value * 1.04 },
  });
  const [least, most] = [passed[0]?.load ?? 0, passed.at(-1)?.load ?? 0];
  return {
    vary,
    tested: { least, most },
    resources: [memory, kernel, cores, mean('connect-cpu', 212), mean('message-cpu', 31)],
    throughput: null,
    forecasts: [1, 2, 5, 10].map((times) => ({
      load: most * times,
      times,
      extrapolated: times > 2,
      memoryBytes: at(memory, most * times, most),
      kernelBytes: at(kernel, most * times, most),
      cores: at(cores, most * times, most),
    })),
    notes: [
      'Beyond twice the greatest load that was tested a forecast assumes that nothing else gives out first.',
    ],
  };
}

export function throughputOf(
  levels: readonly CapacityLevel[],
  [lambda, sigma, kappa]: readonly [Interval, Interval, Interval],
): ThroughputModel {
  const points = levels.flatMap(({ load, tries }) => {
    const value = tries[0]?.result?.achieved ?? null;
    return value === null ? [] : [{ load, value }];
  });
  const named = kappa.low > 0 && sigma.low > 0;
  const n = Math.round(Math.sqrt((1 - sigma.value) / kappa.value));
  return {
    points,
    lambda,
    sigma,
    kappa,
    peak: named ? { load: n, value: usl(lambda.value, sigma.value, kappa.value, n) } : null,
  };
}

export function usl(lambda: number, sigma: number, kappa: number, n: number): number {
  return (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}

export function recordOf(
  server: Server,
  vary: Vary,
  tried: readonly Tried[],
  own: Pick<CapacityRecord, 'outcome'> & Partial<CapacityRecord>,
): CapacityRecord {
  const levels = levelsOf(server, tried);
  const firstFail = levels.find(({ verdict }) => verdict !== 'pass')?.load ?? null;
  const lastPass =
    levels.filter(({ load, verdict }) => verdict === 'pass' && load < (firstFail ?? Infinity)).at(-1)?.load ??
    null;
  const evidence = tried.find(({ load, verdict }) => load === firstFail && verdict !== 'pass')?.limits ?? [];
  const [first] = evidence;
  return {
    schemaVersion: 1,
    tool: { name: 'wsherd', version: '0.1.0' },
    scenario: { name: `capacity-${vary}`, file: `scenarios/capacity-${vary}.yaml` },
    startedAt: '2026-11-28T14:20:31.000Z',
    durationMs: tried.length * 47_000,
    command: `wsherd capacity scenarios/capacity-${vary}.yaml --vary ${vary} --from 100 --to 20000`,
    vary,
    search: {
      from: 100,
      to: 20_000,
      precision: 0.01,
      tries: 3,
      needed: 2,
      freshTarget: true,
      coolDownMs: 2000,
    },
    levels,
    lastPass,
    firstFail,
    limitedBy: first === undefined ? null : { code: first.code, evidence },
    sizing: sizingOf(server, vary, levels),
    notes: [],
    ...own,
  };
}
