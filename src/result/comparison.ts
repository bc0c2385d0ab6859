/**
 * The record of a comparison, `comparison.json`: two sets of runs of the same scenario, what each metric came to on either side, and
 * whether the candidate is worse. Schema version 1 is additive only. A value is that of one run; the unit of all statistics is the run.
 */
import type { Machine, Validity } from './types.js';

export const COMPARISON_SCHEMA_VERSION = 1;

export type ComparisonVerdict = 'better' | 'same' | 'worse' | 'inconclusive';
export type Side = 'baseline' | 'candidate';

export interface ComparisonRecord {
  readonly schemaVersion: typeof COMPARISON_SCHEMA_VERSION;
  readonly tool: { readonly name: 'wsherd'; readonly version: string };
  /** `ab` and `calibrate` ran what they compared; `calibrate` ran the same on both sides. */
  readonly kind: 'compare' | 'ab' | 'calibrate';
  readonly scenario: { readonly name: string; readonly file: string | null };
  /** ISO 8601, UTC: when the comparison was made or, where it ran something, when that began. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** The command that repeats it. */
  readonly command: string;
  readonly baseline: ComparedSide;
  readonly candidate: ComparedSide;
  /**
   * Over the gated metrics: `worse` when one is, else `inconclusive` when one is, else `better` when one is, else `same`;
   * `inconclusive` when there is none.
   */
  readonly verdict: ComparisonVerdict;
  /** Gated ones first, each group in the order of a reader's interest. */
  readonly metrics: readonly ComparedMetric[];
  /** In the order in which they ran, or were given. */
  readonly runs: readonly ComparedRun[];
  /** Runs that nothing was made of, and why. */
  readonly unused: readonly UnusedRun[];
  /** Of latencies, all used runs of a side together, for pictures only. */
  readonly curves: readonly ComparedCurve[];
  readonly method: ComparisonMethod;
  /** What `ab` and `calibrate` spent beside the runs themselves; null where nothing was run. */
  readonly rounds: RoundsSpent | null;
  /** What a reader should know, in sentences: other machines, an end before all rounds, metrics that were left out. */
  readonly notes: readonly string[];
}

export interface ComparedSide {
  /** The command line, the reference server or the URL; several where the runs differ. */
  readonly targets: readonly string[];
  /** The name of the baseline that the runs were kept under, or null. */
  readonly name: string | null;
  /** Where its runs were measured; more than one when they differ. */
  readonly machines: readonly Machine[];
  /** Used runs. */
  readonly runs: number;
}

export type MetricUnit = 'us' | 'bytes' | 'share' | 'count';

/** `ratio` is candidate / baseline of the medians, `difference` candidate - baseline in the metric's unit. */
export interface ComparedMetric {
  /** `heartbeat.response p50`, `target.cpuPerMessage`, `memory.perConnection`: less is better in every one of them. */
  readonly name: string;
  /** A share is of 1. */
  readonly unit: MetricUnit;
  /** Counts towards the verdict; the others are shown only. */
  readonly gated: boolean;
  /** Medians over the runs; null without one. */
  readonly baseline: number | null;
  readonly candidate: number | null;
  /** `difference` where the baseline is 0 in any run. */
  readonly basis: 'ratio' | 'difference';
  readonly ratio: number | null;
  readonly difference: number | null;
  /** Of the ratio or the difference, as `basis` says; null with fewer than 6 runs on a side. */
  readonly ci95: readonly [low: number, high: number] | null;
  /** Two-sided, of the exact rank-sum test; null with fewer than 6 runs on a side. */
  readonly pValue: number | null;
  /** Corrected over the gated metrics (Holm); null where it is not one of them. */
  readonly adjustedPValue: number | null;
  /** The change that the user tolerates: a share of the baseline, or a difference in the unit. */
  readonly tolerance: number;
  /** The smallest change that this many runs here can tell from none; null where it is not known. */
  readonly detectable: number | null;
  readonly detectableFrom: 'calibration' | 'baseline-spread' | null;
  readonly verdict: ComparisonVerdict;
  /** Why it is inconclusive; null where it is not. */
  readonly because: InconclusiveReason | null;
  /** By run, in the order of `runs` of that side. Null where a run has none. */
  readonly values: {
    readonly baseline: ReadonlyArray<number | null>;
    readonly candidate: ReadonlyArray<number | null>;
  };
}

/**
 * `too-few-runs`: fewer than 6 on a side have it. `wide-interval`: it holds both no change and one that matters.
 * `not-significant`: a change that matters, but the test does not exclude chance. `undetectable`: a change that the test
 * finds and the user does not tolerate, yet smaller than what can be told from none here.
 */
export type InconclusiveReason = 'too-few-runs' | 'wide-interval' | 'not-significant' | 'undetectable';

export interface ComparedRun {
  readonly side: Side;
  /** The file of its record, or its place in a kept baseline. */
  readonly path: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly target: string;
  /** From 1, for what ran in rounds; else null. */
  readonly round: number | null;
}

export interface UnusedRun {
  readonly side: Side;
  readonly path: string;
  readonly validity: Validity['status'] | null;
  /** A whole sentence; may quote what a server said. */
  readonly reason: string;
}

export interface ComparedCurve {
  /** `heartbeat.response`. */
  readonly name: string;
  /** HDR histograms, V2, compressed, base64; in us. */
  readonly baseline: string;
  readonly candidate: string;
}

interface ComparisonMethod {
  /** Most of `worse` verdicts that identical sides may get, over all metrics: 0.01. */
  readonly alarmRate: number;
  /** Two-sided level that the corrected p-values were held against: at a look before the last, less than 2 * alarmRate. */
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  /** Runs that a side must have. */
  readonly leastRuns: number;
  /** Metrics that were corrected for: those of the gated ones that could come to a verdict at all. */
  readonly family: number;
  readonly calibration: string | null;
}

export interface RoundsSpent {
  /** In which both runs can be used. */
  readonly planned: number;
  /** More than planned where rounds were made up for. */
  readonly done: number;
  readonly endedBecause: 'all-done' | 'clear' | 'time-up' | 'interrupted' | 'target-failed';
  /** Per round, what starting, settling and stopping both targets took beside the runs, median. */
  readonly overheadMs: number;
}

/** `calibration.json`: what runs of the same thing differ by on a machine, metric by metric. */
export interface CalibrationRecord {
  readonly schemaVersion: typeof COMPARISON_SCHEMA_VERSION;
  readonly tool: ComparisonRecord['tool'];
  readonly scenario: ComparisonRecord['scenario'];
  /** Identifies the scenario without its target. */
  readonly scenarioKey: string;
  readonly measuredAt: string;
  readonly machine: Machine;
  /** Runs that it was made of. */
  readonly runs: number;
  readonly metrics: readonly CalibratedMetric[];
}

export interface CalibratedMetric {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly basis: ComparedMetric['basis'];
  readonly median: number;
  /** Robust standard deviation between runs: of the logarithm for a ratio, else in the unit. */
  readonly spread: number;
  /** The same without what drifts from run to run: what is left of it where two sides run in turn. */
  readonly spreadInTurn: number;
  /** The smallest change that `perSide` runs a side in turn can tell from none, as in `ComparedMetric`. */
  readonly detectable: number;
  readonly perSide: number;
}
