/**
 * The record of a run, `result.json`: the one thing that every report, threshold and comparison is drawn from.
 * Schema version 1 is additive only. Times: `...Ms` count from the start of the run unless they are durations,
 * `...Us` are durations in microseconds.
 */
import type { CloseCause, CloseInitiator, FailureStage } from '../client/types.js';
import type { PhaseKind } from '../metrics/snapshot.js';
import type { BroadcastResult } from './broadcast.js';
import type { Recovery } from './recovery.js';
import type { TargetResult } from './targetRecord.js';

export const SCHEMA_VERSION = 1;

export interface RunResult {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly tool: { readonly name: 'wsherd'; readonly version: string };
  readonly run: RunSummary;
  readonly environment: Environment;
  /** The scenario with its defaults filled in, in the file's own words; secrets are redacted. */
  readonly scenario: ScenarioRecord;
  readonly plan: PlanRecord;
  readonly connections: ConnectionCounts;
  readonly metrics: Metrics;
  readonly populations: Readonly<Record<string, PopulationResult>>;
  readonly phases: readonly PhaseResult[];
  readonly series: Series;
  readonly attempts: AttemptBins;
  readonly recoveries: readonly Recovery[];
  /** Null when nobody publishes. */
  readonly broadcast: BroadcastResult | null;
  readonly closes: readonly CloseCount[];
  readonly failures: readonly FailureCount[];
  readonly target: TargetResult;
  readonly generator: GeneratorResult;
  readonly events: readonly RunEvent[];
  readonly warnings: readonly Warning[];
  readonly thresholds: readonly ThresholdVerdict[];
}

export interface RunSummary {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** False when the run was interrupted or could not follow its timeline to the end. */
  readonly complete: boolean;
  readonly validity: Validity;
  /** The command that repeats this run. */
  readonly command: string;
}

export interface Validity {
  readonly status: 'valid' | 'generator-limited' | 'partial';
  /** In words, each a whole sentence. */
  readonly reasons: readonly string[];
  /** From when on the generator was the limit; null when it was not. */
  readonly fromMs: number | null;
}

export interface Environment {
  readonly machines: readonly Machine[];
  /** What plain HTTP does on this machine, from `wsherd doctor --floor`, when it was measured. */
  readonly httpFloor: HttpFloor | null;
}

export interface Machine {
  readonly node: string;
  readonly os: string;
  readonly cpus: { readonly model: string; readonly count: number };
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number };
  readonly limits: {
    readonly descriptors: number | null;
    /** That the kernel gives to outgoing connections, for each source address. */
    readonly ports: number | null;
    /** The first of them; absent in older records. */
    readonly firstPort?: number | null;
  };
  /** True when the target ran on this machine too. */
  readonly coLocated: boolean;
}

/** A closed loop of one autocannon thread against `/stats` of a reference server. */
export interface HttpFloor {
  readonly measuredAt: string;
  readonly connections: number;
  readonly requestsPerSecond: number;
  readonly latencyP50Us: number;
  readonly latencyP99Us: number;
}

export interface ScenarioRecord {
  readonly name: string;
  /** The file, relative to the working directory, or null for `run ws://...`. */
  readonly file: string | null;
  /** The scenario as written (YAML or JSON), secrets redacted. */
  readonly text: string;
  /** The same with defaults and `--set` applied, as plain data in the file's words. */
  readonly resolved: unknown;
}

export interface PlanRecord {
  readonly machines: number;
  readonly hosts: number;
  readonly workers: number;
  readonly shards: readonly ShardRecord[];
}

export interface ShardRecord {
  readonly worker: number;
  /** Connections of each population that this shard runs. */
  readonly connections: Readonly<Record<string, number>>;
}

/** `attempted`, `opened`, `failed`, `dropped`, `reconnected` count events; the others identities. `attempted = opened + failed`. */
export interface ConnectionCounts {
  readonly planned: number;
  readonly attempted: number;
  readonly opened: number;
  readonly failed: number;
  readonly peakOpen: number;
  readonly dropped: number;
  readonly reconnected: number;
  readonly gaveUp: number;
  readonly neverOpened: number;
  /** Open when the drain began to close. */
  readonly openAtEnd: number;
}

export interface HistogramMetric {
  readonly kind: 'histogram';
  /** What is counted is how often a number came up: `recovery.attempts`. */
  readonly unit: 'us' | 'count';
  readonly count: number;
  /** How many of `count` were never answered and stand in at their deadline: their true value is at least that. */
  readonly censored: number;
  /** Null without samples. */
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
  /** A percentile q is given from 1 / (1 - q) samples on, else null. */
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  /** HDR histogram, V2, compressed, base64. */
  readonly encoded: string;
}

export interface CounterMetric {
  readonly kind: 'counter';
  readonly value: number;
}

export interface ValueMetric {
  readonly kind: 'value';
  readonly unit: string;
  readonly value: number | null;
}

export type Metric = HistogramMetric | CounterMetric | ValueMetric;
export type Metrics = Readonly<Record<string, Metric>>;

export interface PopulationResult {
  readonly connections: ConnectionCounts;
  readonly metrics: Metrics;
  readonly recoveries: readonly Recovery[];
}

export interface PhaseResult {
  readonly name: string;
  readonly kind: PhaseKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly metrics: Metrics;
  readonly populations: Readonly<Record<string, Metrics>>;
}

/** One entry per interval in every array; interval i covers `[i, i + 1) * intervalMs`. */
export interface Series {
  readonly intervalMs: number;
  /** Open connections at the end of the interval. */
  readonly open: readonly number[];
  /** Connections whose arrival was due by the end of the interval. */
  readonly planned: readonly number[];
  readonly attempts: readonly number[];
  readonly opens: readonly number[];
  readonly failures: readonly number[];
  readonly closes: readonly number[];
  readonly messagesSent: readonly number[];
  readonly messagesReceived: readonly number[];
  readonly bytesSent: readonly number[];
  readonly bytesReceived: readonly number[];
  /** Highest event-loop utilisation of any worker, 0 to 1. */
  readonly eventLoopUtilization: readonly number[];
  readonly histograms: Readonly<Record<string, HistogramSeries>>;
}

export interface HistogramSeries {
  readonly unit: 'us';
  /** Lower edges of logarithmic buckets, in us, ascending; the last bucket is open above. */
  readonly buckets: readonly number[];
  /** One list per interval: bucket index, count, bucket index, count, ... for the buckets that are not empty. */
  readonly counts: ReadonlyArray<readonly number[]>;
  /** Per interval; null when it has too few samples. */
  readonly p50: ReadonlyArray<number | null>;
  readonly p99: ReadonlyArray<number | null>;
}

export interface AttemptBins {
  readonly binMs: number;
  readonly attempts: readonly number[];
  readonly opens: readonly number[];
  /** By cause, `stage:cause`. */
  readonly failures: Readonly<Record<string, readonly number[]>>;
  readonly predicted: readonly number[];
}

export interface CloseCount {
  readonly phase: string;
  readonly population: string;
  readonly initiator: CloseInitiator;
  readonly code: number | null;
  readonly cause: CloseCause;
  readonly count: number;
  /** The first close reason seen, as the server sent it: hostile text. */
  readonly example: string;
}

export interface FailureCount {
  readonly phase: string;
  readonly population: string;
  readonly stage: FailureStage;
  readonly cause: string;
  readonly count: number;
  readonly example: string;
}

export interface GeneratorResult {
  readonly hosts: ReadonlyArray<{
    readonly machine: number;
    readonly pid: number;
    readonly workers: readonly WorkerResult[];
  }>;
}

export interface WorkerResult {
  /** Mean over the run. */
  readonly cpuPercent: number | null;
  readonly eventLoopUtilization: number;
  readonly sendLagP99Us: number | null;
  readonly gcMs: number;
  readonly rssBytes: number;
  /** The worker ended before the run did; what it had reported is kept. */
  readonly died: boolean;
}

export interface RunEvent {
  readonly atMs: number;
  /** `phase`, `fault`, `target-exit`, `worker-died`, `interrupted`, ... */
  readonly kind: string;
  readonly detail: string;
}

export interface Warning {
  /** One of a closed set, see `result/warnings.ts`. */
  readonly code: string;
  readonly message: string;
  readonly advice: string;
}

export interface ThresholdVerdict {
  readonly expression: string;
  /** In the unit of the metric (us, bytes, ms, ratio); null when there was no data, which fails. */
  readonly observed: number | null;
  readonly unit: string;
  readonly passed: boolean;
}
