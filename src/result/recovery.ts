/** The part of the record that is about faults and how connections came back from them. */

/** One per fault. All times count from the fault's start. */
export interface Recovery {
  /** The kind of fault. */
  readonly fault: string;
  /** The phase that it is. */
  readonly phase: string;
  readonly atMs: number;
  /** Connections that were lost from the fault's start to that of the next one, each counted once. */
  readonly dropped: number;
  /** Of these, open again. */
  readonly recovered: number;
  /** When that share of the dropped was open again; null when it never was. */
  readonly t50Ms: number | null;
  readonly t90Ms: number | null;
  readonly t99Ms: number | null;
  readonly t100Ms: number | null;
  /** Attempts to reconnect, in all. */
  readonly attempts: number;
  /** Attempts / dropped; null when nothing was dropped. */
  readonly amplification: number | null;
  /** Attempts that connections needed until they were open again. */
  readonly attemptsPerClient: {
    readonly p50: number | null;
    readonly p99: number | null;
    readonly max: number | null;
  };
  /** In the worst second, which may begin at any 100 ms. */
  readonly peakAttemptsPerSecond: number;
  /** Peak attempts per second / dropped; null when nothing was dropped. */
  readonly herdFactor: number | null;
  readonly gaveUp: number;
  /** How long until the loss was known; null when nothing was lost. */
  readonly noticed: {
    readonly byClient: NoticedTimes | null;
    /** By the target, of connections that the proxy's blackhole held; null without. */
    readonly byTarget: NoticedTimes | null;
  };
  /** What connections that were not dropped went through; null when all were, or nothing of it was timed. */
  readonly collateral: Collateral | null;
  /** What the model says of the same fault; null when it says nothing about this kind. */
  readonly predicted: Prediction | null;
}

export interface NoticedTimes {
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number;
}

/** Response times of connections that no fault has dropped. */
export interface Collateral {
  /** In the phase before the fault. */
  readonly before: LatencyTimes | null;
  /** From the fault's start until its recovery's end. */
  readonly during: LatencyTimes | null;
  /** After it, until the next fault or the drain. */
  readonly after: LatencyTimes | null;
}

export interface LatencyTimes {
  readonly count: number;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  readonly maxUs: number;
}

/** Of the discrete-event model, for all of the dropped. */
export interface Prediction extends PopulationPrediction {
  /** In the worst second, which may begin at any 100 ms. */
  readonly peakAttemptsPerSecond: number;
  /** Attempts per 100 ms from the fault's start, and of the dropped how many are open at the end of each. */
  readonly binMs: number;
  readonly attemptBins: readonly number[];
  readonly openBins: readonly number[];
  readonly populations: Readonly<Record<string, PopulationPrediction>>;
  readonly assumptions: StormAssumptions;
  /** Why the model was stopped before everybody was back or had given up, in words; null when it was not. */
  readonly stopped: string | null;
}

/** Times count from the fault's start; null when that share of the dropped is never open again. */
export interface PopulationPrediction {
  readonly dropped: number;
  readonly t50Ms: number | null;
  readonly t90Ms: number | null;
  readonly t99Ms: number | null;
  readonly t100Ms: number | null;
  readonly attempts: number;
  readonly gaveUp: number;
  /** Neither back nor given up: without a policy, or still trying when the model was stopped. */
  readonly stillOut: number;
}

/** What the model takes for given beside the scenario. */
export interface StormAssumptions {
  /** From the loss until attempts succeed again: the fault's own time and the start-up of the target; null: they never do. */
  readonly outageMs: number | null;
  /** Handshakes per second that both ends manage. */
  readonly acceptPerSecond: number;
  /** Where that number is from, in words. */
  readonly acceptSource: string;
  /** Handshakes that the accept queue holds. */
  readonly acceptQueue: number;
  /** Attempts that the generator makes per second; null: every client has a machine of its own. */
  readonly attemptsPerSecond: number | null;
  /** The same while they are refused, which takes less of it. */
  readonly refusedPerSecond: number | null;
}
