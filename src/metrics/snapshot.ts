import type { Close, Failure } from '../client/types.js';

export type PhaseKind = 'ramp' | 'hold' | 'fault' | 'recover' | 'drain';

/**
 * The one message that carries numbers, between threads, processes, machines and the live view: what
 * happened at one source since its previous snapshot. Merging is commutative, and idempotent by (source, seq).
 */
export interface Snapshot {
  readonly v: 1;
  readonly source: Source;
  readonly seq: number;
  /** Nominal bounds on the monotonic clock: whole seconds of the run, cut again where a phase begins. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly phase: string;
  /** Deltas. Keys are `population/metric`, or `/metric` for what belongs to no population. */
  readonly counters: Readonly<Record<string, number>>;
  /**
   * States at the end of the interval: `open`, `arrived` (connections), `population/openAtEnd` (when the drain
   * began to close), `eventLoopUtilization` (0 to 1), `cpuPercent` (of the worker's thread, 100 is one core),
   * `gcMs`, `rssBytes` (of the process that the worker lives in).
   */
  readonly values: Readonly<Record<string, number>>;
  /** Keys as for counters; HDR V2 compressed base64 with how many of the samples are censored. */
  readonly histograms: Readonly<Record<string, EncodedHistogram>>;
  readonly closes: readonly CloseDelta[];
  readonly failures: readonly FailureDelta[];
  /** Messages that this worker has nothing more to say about; absent without any. */
  readonly fanOuts?: readonly FanOutDelta[];
  /** By population, attempts and opens in bins of `BIN_US` from the start of the run: bin, attempts, opens, bin, ... */
  readonly bins: Readonly<Record<string, readonly number[]>>;
}

/** Width of the bins that attempts, opens and losses are counted in. */
export const BIN_US = 100_000;

export interface Source {
  readonly machine: number;
  readonly host: number;
  /** What reports beside the workers, such as the HTTP requests, has the numbers after theirs. */
  readonly worker: number;
}

export interface EncodedHistogram {
  readonly encoded: string;
  readonly censored: number;
}

export interface CloseDelta extends Close {
  readonly population: string;
  readonly count: number;
  /** The bin in which these connections were lost: losses are told apart by what happened to the target at that time. */
  readonly bin: number;
}

export interface FailureDelta extends Omit<Failure, 'retryAfterUs'> {
  readonly population: string;
  readonly count: number;
  readonly bin: number;
}

/** A message is followed so long after it was due, in us: who gets it later has not got it in time. */
export const FAN_OUT_WINDOW_US = 10_000_000;

/**
 * What the members in one worker have got of one message, those who read slowly on purpose left out: told once, when
 * all of them have it or ten seconds after it was due. A worker whose members got nothing tells nothing.
 */
export interface FanOutDelta {
  readonly publisher: number;
  readonly sequence: number;
  /** From the start of the run. */
  readonly dueUs: number;
  /** Members of its room but for the publisher itself, in all workers. */
  readonly members: number;
  /** How many of these got it in this worker. */
  readonly heard: number;
  /** From its due time to the first and to the last of them, the publisher's own copy among them where it came. */
  readonly firstUs: number;
  readonly lastUs: number;
  /** The median, when this worker has all the members; else null, and `latencies` say what it needs. */
  readonly medianUs: number | null;
  /** Of `latencyBuckets.ts`, ascending: bucket, count, bucket, count, ... */
  readonly latencies: readonly number[];
}

/** Whether the end of an open connection was a loss, as opposed to wsherd's own doing at a time of its choosing. */
export function isDrop(close: Pick<Close, 'initiator' | 'cause'>): boolean {
  if (close.cause === 'local-close' || close.cause === 'local-abort') return false;
  return !(close.initiator === 'client' && close.cause === 'close-frame');
}
