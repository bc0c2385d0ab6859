/** Runs made up at random, as the snapshots that their workers would send, and the record made from them. */
import fc from 'fast-check';
import { emptyHistogram, encodeHistogram } from '../../src/metrics/histogram.js';
import type {
  CloseDelta,
  EncodedHistogram,
  FailureDelta,
  PhaseKind,
  Snapshot,
} from '../../src/metrics/snapshot.js';
import { Accumulator } from '../../src/result/accumulator.js';
import type { PhaseFacts, RunFacts } from '../../src/result/build.js';
import { machine, population, scenario } from '../plan/scenarios.js';

export const START_US = 7_000_000_000;
export const SECOND_US = 1_000_000;
const TENTH_US = 100_000;
const POPULATIONS = ['listeners', 'speakers'] as const;

export interface MadeUpRun {
  readonly workers: number;
  readonly seconds: number;
  /** In tenths of a second, ascending; the first phase begins at 0. */
  readonly phaseStarts: readonly number[];
  /** In the order of sending, worker by worker. */
  readonly snapshots: readonly Snapshot[];
}

export const PHASES: ReadonlyArray<{ readonly name: string; readonly kind: PhaseKind }> = [
  { name: 'ramp', kind: 'ramp' },
  { name: 'hold', kind: 'hold' },
  { name: 'drain', kind: 'drain' },
];

/** What one worker reports about one part of a second. */
const contents = fc.record({
  population: fc.constantFrom(...POPULATIONS),
  opened: fc.nat({ max: 5 }),
  failed: fc.nat({ max: 3 }),
  reconnected: fc.nat({ max: 5 }),
  sent: fc.nat({ max: 50 }),
  responses: fc.array(fc.nat({ max: 200_000_000 }), { maxLength: 6 }),
  lags: fc.array(fc.nat({ max: 30_000 }), { maxLength: 6 }),
  censored: fc.nat({ max: 2 }),
  closed: fc.nat({ max: 5 }),
  cause: fc.constantFrom('fin' as const, 'reset' as const, 'local-close' as const),
  example: fc.constantFrom('a', 'b', 'c'),
  open: fc.nat({ max: 100 }),
  eighthsBusy: fc.nat({ max: 8 }),
});
type Contents = typeof contents extends fc.Arbitrary<infer T> ? T : never;

export const runs: fc.Arbitrary<MadeUpRun> = fc
  .record({
    workers: fc.integer({ min: 1, max: 3 }),
    seconds: fc.integer({ min: 1, max: 5 }),
    cuts: fc.uniqueArray(fc.integer({ min: 1, max: 49 }), { maxLength: 2 }),
  })
  .chain(({ workers, seconds, cuts }) => {
    const phaseStarts = [0, ...cuts.filter((cut) => cut < 10 * seconds).sort((a, b) => a - b)];
    const bounds = [
      ...new Set([...phaseStarts, ...Array.from({ length: seconds + 1 }, (_, second) => 10 * second)]),
    ].sort((a, b) => a - b);
    const parts = workers * (bounds.length - 1);
    return fc.array(contents, { minLength: parts, maxLength: parts }).map((all) => ({
      workers,
      seconds,
      phaseStarts,
      snapshots: all.map((content, i) => {
        const worker = Math.floor(i / (bounds.length - 1));
        const seq = i % (bounds.length - 1);
        return snapshotOf(content, worker, seq, bounds, phaseStarts);
      }),
    }));
  });

function snapshotOf(
  content: Contents,
  worker: number,
  seq: number,
  bounds: readonly number[],
  phaseStarts: readonly number[],
): Snapshot {
  const [from, to] = [bounds[seq]!, bounds[seq + 1]!];
  const name = content.population;
  const { opened, failed } = content;
  return {
    v: 1,
    source: { machine: 0, host: 0, worker },
    seq,
    fromUs: START_US + from * TENTH_US,
    toUs: START_US + to * TENTH_US,
    phase: PHASES[phaseStarts.findLastIndex((start) => start <= from)]!.name,
    counters: {
      [`${name}/connections.attempted`]: opened + failed,
      [`${name}/connections.opened`]: opened,
      [`${name}/connections.failed`]: failed,
      [`${name}/connections.reconnected`]: Math.min(opened, content.reconnected),
      [`${name}/connections.firstOpened`]: opened - Math.min(opened, content.reconnected),
      [`${name}/messages.sent`]: content.sent,
    },
    values: {
      open: content.open,
      arrived: content.open,
      eventLoopUtilization: content.eighthsBusy / 8,
      cpuPercent: 10 * content.eighthsBusy,
      gcMs: content.sent,
      rssBytes: 1000 * content.sent,
      [`${name}/openAtEnd`]: content.open,
    },
    histograms: {
      [`${name}/echo.response`]: encoded(
        content.responses,
        Math.min(content.censored, content.responses.length),
      ),
      [`${name}/echo.sendLag`]: encoded(content.lags, 0),
    },
    closes: endsOf(content, from),
    failures: failuresOf(content, from),
    bins: { [name]: [from, opened + failed, opened] },
  };
}

function endsOf({ closed, cause, example, population: name }: Contents, bin: number): CloseDelta[] {
  if (closed === 0) return [];
  const initiator = cause === 'local-close' ? 'client' : 'network';
  return [{ population: name, initiator, code: null, cause, count: closed, example, bin }];
}

function failuresOf({ failed, example, population: name }: Contents, bin: number): FailureDelta[] {
  return failed === 0
    ? []
    : [{ population: name, stage: 'tcp', cause: 'refused', count: failed, example, bin }];
}

function encoded(values: readonly number[], censored: number): EncodedHistogram {
  const histogram = emptyHistogram();
  for (const us of values) histogram.recordValue(us);
  return { encoded: encodeHistogram(histogram), censored };
}

/** Everything that `buildResult` wants, from snapshots in the order given. */
export function factsOf(run: MadeUpRun, snapshots: readonly Snapshot[] = run.snapshots): RunFacts {
  const accumulator = new Accumulator(START_US, run.workers);
  for (const snapshot of snapshots) accumulator.add(snapshot);
  accumulator.finish();
  const endUs = run.seconds * SECOND_US;
  const phases: PhaseFacts[] = run.phaseStarts.map((start, i) => ({
    ...PHASES[i]!,
    startUs: start * TENTH_US,
    endUs: (run.phaseStarts[i + 1] ?? endUs / TENTH_US) * TENTH_US,
  }));
  return { ...emptyFacts(accumulator), phases };
}

export function emptyFacts(accumulator: Accumulator): RunFacts {
  return {
    version: '0.0.0',
    run: {
      id: 'r',
      startedAt: '2026-01-01T00:00:00.000Z',
      durationMs: 1,
      complete: true,
      command: 'wsherd run',
    },
    scenario: scenario({ populations: POPULATIONS.map((name) => population(name, 1000)) }),
    plan: { machines: 1, hosts: 1, workers: 1, shards: [] },
    machine: machine(),
    httpFloor: null,
    generatorPids: [1],
    accumulator,
    phases: [],
    downtimes: [],
    endedIn: [],
    events: [],
    missing: [],
    dnsUs: null,
    broadcast: null,
    predictions: [],
    target: {
      kind: 'server',
      name: 'echo',
      counts: null,
      instances: [],
      proxy: null,
      processes: [],
      kernel: [],
      memoryPerConnection: null,
      memoryUnknownBecause: 'made up',
      cpuPerMessageUs: null,
      cpuPerConnectUs: null,
    },
  };
}
