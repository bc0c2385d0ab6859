/** The record of a matrix, `matrix.json`: what of each run is needed to lay them side by side. */
import { type Aftermath, aftermathOf, countedIn, samplesIn } from './aftermath.js';
import { type MatrixBroadcast, matrixBroadcast } from './matrixBroadcast.js';
import { latencyTimes } from './recoveries.js';
import type { LatencyTimes, Recovery } from './recovery.js';
import { binWidthMs, type StormBins, type StormSpan, stormBins, stormSpan } from './stormBins.js';
import type { ConnectionCounts, Metrics, RunResult, ThresholdVerdict, Validity } from './types.js';

const MATRIX_SCHEMA_VERSION = 1;

export interface MatrixRecord {
  readonly schemaVersion: typeof MATRIX_SCHEMA_VERSION;
  readonly tool: RunResult['tool'];
  readonly scenario: { readonly name: string; readonly file: string | null };
  /** ISO 8601, UTC, of the first run. */
  readonly startedAt: string;
  /** The command that repeats all runs. */
  readonly command: string;
  /** In the order in which they ran. */
  readonly variants: readonly MatrixVariant[];
}

export interface MatrixVariant {
  /** What it is called in tables and beside lines. */
  readonly label: string;
  /** Of its own run, relative to that of the matrix. */
  readonly folder: string;
  /** What was set, by path in the scenario. */
  readonly settings: Readonly<Record<string, string>>;
  readonly exitCode: number;
  /** Null when it did not come to a run. */
  readonly result: MatrixResult | null;
}

/** The part of a run's record that is compared. */
export interface MatrixResult {
  readonly target: string;
  readonly durationMs: number;
  readonly validity: Validity;
  readonly connections: ConnectionCounts;
  readonly thresholds: readonly ThresholdVerdict[];
  /** `handshake.total` and the response times of the patterns, over the whole run. */
  readonly latencies: Readonly<Record<string, LatencyTimes>>;
  /** One for each fault, in the order of the timeline, which is the same in all variants. */
  readonly storms: readonly MatrixStorm[];
  /** Absent when nobody published. */
  readonly broadcast?: MatrixBroadcast;
}

export interface MatrixStorm {
  /** Without the curves of the model. */
  readonly recovery: Recovery;
  /** Most attempts in one of the record's own bins: what a herd in step shows, and a second hides. */
  readonly peakInBin: { readonly binMs: number; readonly attempts: number };
  /** Of the same width in all variants; without failures. */
  readonly bins: StormBins;
  /** `handshake.total` from the fault's start until its recovery's end. */
  readonly handshake: LatencyTimes | null;
  /** Plain HTTP beside the run: before the fault, and until its recovery's end. */
  readonly http: MatrixHttp | null;
}

interface MatrixHttp {
  readonly before: LatencyTimes | null;
  readonly during: LatencyTimes | null;
  readonly requests: number;
  /** Refused or not answered. */
  readonly failed: number;
}

export interface MatrixFacts {
  readonly tool: RunResult['tool'];
  readonly scenario: MatrixRecord['scenario'];
  readonly startedAt: string;
  readonly command: string;
  readonly runs: ReadonlyArray<Omit<MatrixVariant, 'result'> & { readonly result: RunResult | null }>;
}

/** Takes from each run what the comparison needs. Pure. */
export function matrixRecord({ runs, ...facts }: MatrixFacts): MatrixRecord {
  const scales = scalesOf(runs.flatMap(({ result }) => (result === null ? [] : [result])));
  return {
    schemaVersion: MATRIX_SCHEMA_VERSION,
    ...facts,
    variants: runs.map(({ result, ...variant }) => ({
      ...variant,
      result: result === null ? null : extract(result, scales),
    })),
  };
}

const MOST_BINS = 240;

/** How far the pictures of one fault reach in all variants, and in what bins: curves are compared bin by bin. */
interface Scale {
  readonly untilMs: number;
  readonly binMs: number;
}

function scalesOf(results: readonly RunResult[]): Scale[] {
  const most = results.reduce((faults, { recoveries }) => Math.max(faults, recoveries.length), 0);
  return Array.from({ length: most }, (_, index) => {
    const spans = results.flatMap((result): StormSpan[] => {
      const aftermath = aftermathOf(result, index);
      return aftermath === null ? [] : [stormSpan(result, aftermath)];
    });
    const longest: StormSpan = {
      fromMs: spans.reduce((least, { fromMs }) => Math.min(least, fromMs), 0),
      untilMs: spans.reduce((greatest, { untilMs }) => Math.max(greatest, untilMs), 0),
    };
    const leastMs = results.reduce((width, { attempts }) => Math.max(width, attempts.binMs), 1);
    return { untilMs: longest.untilMs, binMs: binWidthMs(longest, leastMs, MOST_BINS) };
  });
}

function extract(result: RunResult, scales: readonly Scale[]): MatrixResult {
  const { target, run, connections, thresholds, metrics } = result;
  const broadcast = matrixBroadcast(result);
  return {
    target: target.name,
    durationMs: run.durationMs,
    validity: run.validity,
    connections,
    thresholds,
    latencies: latenciesOf(metrics),
    storms: scales.flatMap((scale, index) => {
      const aftermath = aftermathOf(result, index);
      return aftermath === null ? [] : [stormOf(result, aftermath, scale)];
    }),
    ...(broadcast === null ? {} : { broadcast }),
  };
}

const LATENCIES = ['handshake.total', 'heartbeat.response', 'echo.response'] as const;

function latenciesOf(metrics: Metrics): Record<string, LatencyTimes> {
  return Object.fromEntries(
    LATENCIES.flatMap((name) => {
      const metric = metrics[name];
      if (metric?.kind !== 'histogram' || metric.count === 0) return [];
      const { count, p50, p99, max } = metric;
      return [[name, { count, p50Us: p50, p99Us: p99, maxUs: max ?? 0 }] as const];
    }),
  );
}

function stormOf(result: RunResult, aftermath: Aftermath, { untilMs, binMs }: Scale): MatrixStorm {
  const { recovery, recovering, lastsMs } = aftermath;
  const { predicted } = recovery;
  const span = { ...stormSpan(result, aftermath), untilMs: Math.max(binMs, Math.min(untilMs, lastsMs)) };
  return {
    recovery: {
      ...recovery,
      predicted: predicted === null ? null : { ...predicted, attemptBins: [], openBins: [] },
    },
    peakInBin: peakInBin(result, aftermath),
    bins: { ...stormBins(result, aftermath, span, binMs), failures: {} },
    handshake: latencyTimes(samplesIn(recovering, 'handshake.total', null)),
    http: httpOf(aftermath),
  };
}

function peakInBin(
  { attempts: { attempts, binMs } }: RunResult,
  { recovery, lastsMs }: Aftermath,
): MatrixStorm['peakInBin'] {
  const first = Math.floor(recovery.atMs / binMs);
  const own = attempts.slice(first, Math.ceil((recovery.atMs + lastsMs) / binMs));
  return { binMs, attempts: own.reduce((most, count) => Math.max(most, count), 0) };
}

function httpOf({ before, recovering }: Aftermath): MatrixHttp | null {
  const requests = countedIn(recovering, 'http.requests');
  if (requests === 0) return null;
  return {
    before: before === null ? null : latencyTimes(samplesIn([before], 'http.response', null)),
    during: latencyTimes(samplesIn(recovering, 'http.response', null)),
    requests,
    failed: requests - countedIn(recovering, 'http.answered'),
  };
}
