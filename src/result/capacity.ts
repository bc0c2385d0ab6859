/**
 * The record of a capacity search, `capacity.json`: every level that was tried, the bracket, what gave out first, and what
 * the next size up would need. Schema version 1 is additive only. Loads are plain numbers in the unit of `vary`.
 */
import type { Vary } from '../scenario/capacitySpec.js';
import type { LatencyTimes } from './recovery.js';
import type { ConnectionCounts, ThresholdVerdict, Validity } from './types.js';

export type { Vary } from '../scenario/capacitySpec.js';

export const CAPACITY_SCHEMA_VERSION = 1;

export interface CapacityRecord {
  readonly schemaVersion: typeof CAPACITY_SCHEMA_VERSION;
  readonly tool: { readonly name: 'wsherd'; readonly version: string };
  readonly scenario: { readonly name: string; readonly file: string | null };
  /** ISO 8601, UTC, of the first try. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** The command that repeats the search. */
  readonly command: string;
  readonly vary: Vary;
  readonly search: SearchSettings;
  /** Ascending by load. */
  readonly levels: readonly CapacityLevel[];
  /** The highest load that passed below the lowest that did not; null when none passed. */
  readonly lastPass: number | null;
  /** The lowest load that failed, or at which the generator was the limit; null when none did. */
  readonly firstFail: number | null;
  readonly outcome: CapacityOutcome;
  /** Why `firstFail` did not pass; null when nothing failed. */
  readonly limitedBy: LimitedBy | null;
  /** Null when there is too little to fit anything to. */
  readonly sizing: Sizing | null;
  /** What a reader should know, in sentences. */
  readonly notes: readonly string[];
}

/**
 * `bracketed`: a capacity. `at-least`: the end of the range passed. `generator`: the generator, not the server, was the
 * limit, so at least `lastPass`. `never-passed`: the first level failed. The last two were left early.
 */
export type CapacityOutcome =
  | 'bracketed'
  | 'at-least'
  | 'generator'
  | 'never-passed'
  | 'target-broken'
  | 'interrupted';

export interface SearchSettings {
  readonly from: number;
  readonly to: number;
  /** Share of the load that the bracket may be wide, 0 to 1; never less than one unit. */
  readonly precision: number;
  /** The ends of the bracket are tried `tries` times in all, and pass with `needed` passes. */
  readonly tries: number;
  readonly needed: number;
  readonly freshTarget: boolean;
  readonly coolDownMs: number;
}

export type LevelVerdict = 'pass' | 'fail' | 'invalid';

export interface CapacityLevel {
  readonly load: number;
  readonly verdict: LevelVerdict;
  readonly tries: readonly CapacityTry[];
}

export interface CapacityTry {
  /** From 1, over the whole search. */
  readonly order: number;
  /** Of its own run, relative to that of the search. */
  readonly folder: string;
  readonly passed: boolean;
  /** Null when it did not come to a run. */
  readonly validity: Validity | null;
  readonly failedThresholds: readonly ThresholdVerdict[];
  /** Left before its end, since it could not pass any more. */
  readonly stoppedEarly: boolean;
  /** What showed to be at its limit, ordered by when each first did. */
  readonly limits: readonly Limit[];
  /** Null when it did not come to a run. */
  readonly result: CapacityFigures | null;
}

/** Of a run, what levels are compared by. Null where it was not measured. */
export interface CapacityFigures {
  readonly durationMs: number;
  readonly connections: ConnectionCounts;
  /** Of the hold phases, in the unit of what is varied: what was really there or done. */
  readonly achieved: number | null;
  /** `handshake.total` and the headline latencies of the hold phases, by metric. */
  readonly latencies: Readonly<Record<string, LatencyTimes & { readonly p90Us: number | null }>>;
  /** Means over the hold phases. */
  readonly messagesSentPerSecond: number;
  readonly messagesReceivedPerSecond: number;
  /** Mean over the ramp. */
  readonly opensPerSecond: number;
  readonly target: TargetFigures;
  /**
   * What kernel memory of the whole machine (socket buffers and slab) had grown by at the end of the hold phases, since
   * before the first ramp; both ends of connections that share the machine. Absent in older records.
   */
  readonly kernelBytes?: number | null;
  readonly generator: {
    /** The busiest worker, mean over the run, 0 to 1. */
    readonly eventLoopUtilization: number;
    readonly sendLagP99Us: number | null;
  };
}

/** All processes of the target together, unless said otherwise. */
export interface TargetFigures {
  readonly processes: number;
  /** Most at the end of the hold phases. */
  readonly rssBytes: number | null;
  readonly pssBytes: number | null;
  /** Mean over the hold phases; 1 is one core. */
  readonly cores: number | null;
  /** Of the busiest thread of any process, in its busiest second of the hold phases; 100 is one core. */
  readonly hottestThreadPercent: number | null;
  /** Most of any process. */
  readonly descriptors: number | null;
  readonly cpuPerConnectUs: number | null;
  readonly cpuPerMessageUs: number | null;
  /** By slope over the plateaus of this run's own ramp. */
  readonly memoryPerConnectionBytes: number | null;
}

/** Why the bracket ends where it does: `code` is that of the first of the evidence. */
export interface LimitedBy {
  readonly code: Limit['code'];
  readonly evidence: readonly Limit[];
}

interface LimitAt<Code extends string> {
  readonly code: Code;
  /** When it first showed, from the start of the run; null for what is known of the whole run only. */
  readonly atMs: number | null;
}

/** What was seen to be at its limit, as data; a closed set of codes. */
export type Limit =
  /** `scope`: one thread has used up a core, or all processes together the machine or what their cgroup gives them. */
  | (LimitAt<'target-cpu'> & {
      readonly scope: 'thread' | 'all';
      readonly pid: number | null;
      readonly percent: number;
      readonly limitPercent: number;
    })
  | (LimitAt<'target-memory'> & { readonly bytes: number; readonly limitBytes: number })
  | (LimitAt<'target-oom'> & { readonly kills: number })
  | (LimitAt<'target-descriptors'> & {
      readonly pid: number;
      readonly descriptors: number;
      readonly limit: number;
    })
  | (LimitAt<'accept-queue'> & { readonly listenOverflows: number; readonly synRetransmissions: number })
  /**
   * Attempts that the server, or the application, answered otherwise than by opening. `cause` is `stage:cause`, as in the
   * attempt bins: `upgrade:http-503`, `tcp:refused`.
   */
  | (LimitAt<'refused'> & { readonly status: number | null; readonly cause: string; readonly count: number })
  /** Attempts that were not answered in time. `stage` is that of the handshake: `tcp`, `tls`, `upgrade`, `dialect`. */
  | (LimitAt<'handshake-timeout'> & { readonly stage: string; readonly count: number })
  /** Connections that the server ended; `cause` as in the close records: `close-frame`, `fin`, `reset`. */
  | (LimitAt<'closed'> & {
      readonly closeCode: number | null;
      readonly cause: string;
      readonly count: number;
    })
  /** `how` goes on after "the target": `ended with code 1`. */
  | (LimitAt<'target-died'> & { readonly how: string })
  /** A threshold about a time. Times in us. */
  | (LimitAt<'latency'> & {
      readonly expression: string;
      readonly observedUs: number | null;
      readonly limitUs: number;
    })
  /** Any other threshold; `unit` as in its verdict. */
  | (LimitAt<'threshold'> & {
      readonly expression: string;
      readonly observed: number | null;
      readonly unit: string;
    })
  | (LimitAt<'generator'> & { readonly reasons: readonly string[] });

/** What the tested loads say about others. */
export interface Sizing {
  readonly vary: Vary;
  /** The least and the greatest load that passed. */
  readonly tested: { readonly least: number; readonly most: number };
  readonly resources: readonly ResourceModel[];
  /** Null with fewer than six loads, or when what is varied is no rate. */
  readonly throughput: ThroughputModel | null;
  readonly forecasts: readonly Forecast[];
  /** What cannot be said, and why. */
  readonly notes: readonly string[];
}

/**
 * `connect-cpu` and `message-cpu` are means; the others lines over the load that was really there: connections open (or
 * the rooms they make up), messages published. `cores` are those of the hold phases; where connects are varied, of the ramp.
 */
export type Resource = 'memory' | 'kernel-memory' | 'cores' | 'connect-cpu' | 'message-cpu';

export interface ResourceModel {
  readonly resource: Resource;
  readonly unit: 'bytes' | 'cores' | 'us';
  readonly points: ReadonlyArray<{ readonly load: number; readonly value: number }>;
  /** Per unit of load; null for a mean. */
  readonly slope: Interval | null;
  /** Without load; for a mean, the mean. */
  readonly base: Interval;
}

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Universal Scalability Law, X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)) (Gunther, Guerrilla Capacity
 * Planning, 2007), of achieved over offered load.
 */
export interface ThroughputModel {
  readonly points: ReadonlyArray<{ readonly load: number; readonly value: number }>;
  readonly lambda: Interval;
  readonly sigma: Interval;
  readonly kappa: Interval;
  /**
   * Where it is highest; null when no peak can be named: the interval of kappa or of sigma includes 0, or it would lie beyond
   * twice the greatest load tested.
   */
  readonly peak: { readonly load: number; readonly value: number } | null;
}

/** What one load would need. Each interval is that of a new observation, 95 %. */
export interface Forecast {
  readonly load: number;
  /** Of the greatest load tested. */
  readonly times: number;
  /** More than twice the greatest load tested: a guess that grows with the distance. */
  readonly extrapolated: boolean;
  readonly memoryBytes: Interval | null;
  readonly kernelBytes: Interval | null;
  readonly cores: Interval | null;
}
