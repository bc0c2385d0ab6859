/** Runs to compare, made up: what they measured, by name. */
import type { MeasuredRun } from '../../dist/compare/measuredRun.js';
import { createRandom } from '../../dist/sequence.js';

type Values = Readonly<Record<string, number>>;

const MACHINE: MeasuredRun['machine'] = {
  node: 'v20.20.2',
  os: 'Linux 6.18',
  cpus: { model: 'AMD EPYC', count: 2 },
  memory: { totalBytes: 25_000_000_000, availableBytes: 20_000_000_000 },
  limits: { descriptors: 20_000, ports: 28_232 },
  coLocated: true,
};

export function measuredRun(values: Values, changes: Partial<MeasuredRun> = {}): MeasuredRun {
  return {
    path: 'reports/a/result.json',
    startedAt: '2026-11-30T12:00:00.000Z',
    durationMs: 20_000,
    target: 'node server.js',
    version: '0.1.0',
    machine: MACHINE,
    scenario: { name: 'quickstart', file: 'scenarios/quickstart.yaml' },
    asked: { populations: { clients: { connections: 1000 } } },
    values,
    saturated: false,
    latencies: {},
    ...changes,
  };
}

/** So many runs whose every value is spread by `spread` (a share) around the given, the same for the same seed. */
export function noisyRuns(count: number, values: Values, spread: number, seed: number): MeasuredRun[] {
  const random = createRandom(seed);
  const noise = () => Math.exp(spread * normal(random));
  return Array.from({ length: count }, () =>
    measuredRun(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value * noise()]))),
  );
}

/** Box and Muller, 1958. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
