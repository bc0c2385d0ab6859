/** Runs of two sides as they would have been measured, from servers with known costs and a fixed scatter. */
import { type Comparing, compareRuns, type GivenSide } from '../../../src/compare/compare.js';
import type { MeasuredRun, UselessRun } from '../../../src/compare/measuredRun.js';
import { emptyHistogram, encodeHistogram, percentile } from '../../../src/metrics/histogram.js';
import type { CalibrationRecord, ComparisonRecord, Side } from '../../../src/result/comparison.js';
import type { Machine } from '../../../src/result/types.js';
import { latencyUs, type Random, random } from '../samples.js';

export const MACHINE: Machine = {
  node: 'v20.20.2',
  os: 'linux 6.1.0 x64',
  cpus: { model: 'AMD EPYC 7B13', count: 2 },
  memory: { totalBytes: 8 * 2 ** 30, availableBytes: 6 * 2 ** 30 },
  limits: { descriptors: 20_000, ports: 28_232 },
  coLocated: true,
};

export interface Server {
  readonly target: string;
  /** Medians of latencies in us. */
  readonly latencies: Readonly<Record<string, number>>;
  /** Everything else, by name of the measure. */
  readonly values: Readonly<Record<string, number>>;
  /** Relative scatter between runs. */
  readonly scatter: number;
  readonly machine: Machine;
}

export const GATEWAY: Server = {
  target: 'node server-1.4.js --port 8080',
  latencies: { 'heartbeat.response': 1450, 'handshake.total': 2900 },
  values: {
    'target.cpuPerConnect': 212,
    'target.cpuPerMessage': 31,
    'memory.perConnection': 5837,
    'heartbeat.unanswered': 0,
    'closes.abnormal': 0,
    'connections.neverOpened': 0,
  },
  scatter: 0.02,
  machine: MACHINE,
};

/** The same server with some of its costs multiplied. */
export function changed(
  server: Server,
  target: string,
  factors: Readonly<Record<string, number>>,
  own: Partial<Server> = {},
): Server {
  const times = (numbers: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, value * (factors[name] ?? 1)]));
  return { ...server, target, latencies: times(server.latencies), values: times(server.values), ...own };
}

const SAMPLES = 3000;
const PERCENTILES = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 } as const;

function measured(server: Server, side: Side, order: number, round: number | null): MeasuredRun {
  const rng = random(order * 7919 + (side === 'baseline' ? 1 : 2));
  const values: Record<string, number> = {};
  const latencies: Record<string, string> = {};
  for (const [name, medianUs] of Object.entries(server.latencies)) {
    const samples = emptyHistogram();
    const middle = about(medianUs, server.scatter, rng);
    for (let i = 0; i < SAMPLES; i++) samples.recordValue(latencyUs(middle, rng));
    latencies[name] = encodeHistogram(samples);
    for (const [label, share] of Object.entries(PERCENTILES)) {
      values[`${name} ${label}`] = percentile(samples, share) ?? 0;
    }
  }
  for (const [name, value] of Object.entries(server.values)) {
    values[name] = value === 0 ? 0 : about(value, server.scatter, rng);
  }
  const minute = String(order % 60).padStart(2, '0');
  return {
    path: round === null ? `reports/${side}-${order}/result.json` : folderOf(round, side),
    startedAt: `2026-11-28T14:${minute}:31.000Z`,
    durationMs: 42_000 + order * 13,
    target: server.target,
    version: '0.1.0',
    machine: server.machine,
    scenario: { name: 'gateway', file: 'scenarios/gateway.yaml' },
    asked: { populations: { clients: { connections: 1000 } } },
    values,
    saturated: false,
    latencies,
    ...(round === null ? {} : { round }),
  };
}

function folderOf(round: number, side: Side): string {
  return `round-${String(round).padStart(2, '0')}-${side}/result.json`;
}

function about(value: number, scatter: number, rng: Random): number {
  const normal = Math.sqrt(-2 * Math.log(rng() + 1e-12)) * Math.cos(2 * Math.PI * rng());
  return value * Math.exp(normal * scatter);
}

export interface Compared {
  readonly kind?: ComparisonRecord['kind'];
  readonly runs: number;
  readonly useless?: readonly UselessRun[];
  readonly tolerance?: number;
  readonly calibration?: CalibrationRecord | null;
  readonly rounds?: ComparisonRecord['rounds'];
  readonly name?: string;
  readonly notes?: readonly string[];
}

/** What the comparison of two servers leaves behind. */
export function comparisonOf(baseline: Server, candidate: Server, compared: Compared): ComparisonRecord {
  const { kind = 'ab', runs, useless = [], name = null } = compared;
  const sideOf = (server: Server, side: Side, own: string | null): GivenSide => ({
    name: own,
    runs: Array.from({ length: runs }, (_, i) =>
      measured(server, side, i + 1, kind === 'compare' ? null : i + 1),
    ),
    useless: side === 'candidate' ? useless : [],
  });
  const comparing: Comparing = {
    kind,
    startedAt: '2026-11-28T14:01:31.000Z',
    durationMs: kind === 'compare' ? 400 : runs * 2 * 47_000,
    command: COMMANDS[kind],
    tolerance: compared.tolerance ?? 0.05,
    calibration: compared.calibration ?? null,
    allowOtherMachines: true,
    seed: 1,
    level: 0.02,
    rounds: compared.rounds ?? (kind === 'compare' ? null : roundsOf(runs)),
    notes: compared.notes ?? [],
  };
  return compareRuns(sideOf(baseline, 'baseline', name), sideOf(candidate, 'candidate', null), comparing);
}

const COMMANDS = {
  ab: 'wsherd ab scenarios/gateway.yaml --baseline "node server-1.4.js" --candidate "node server-1.5.js" --rounds 12',
  calibrate: 'wsherd calibrate scenarios/gateway.yaml --rounds 12',
  compare: 'wsherd compare reports/baseline-* --candidate reports/candidate-*',
} as const;

function roundsOf(done: number): NonNullable<ComparisonRecord['rounds']> {
  return { planned: done, done, endedBecause: 'all-done', overheadMs: 5200 };
}
