/** What the record holds of the time after a fault, until the next one or the drain. */
import { decodeHistogram, emptyHistogram, forEachRecorded, type Histogram } from '../metrics/histogram.js';
import { episodeOf } from './episode.js';
import type { Recovery } from './recovery.js';
import type { PhaseResult, RunResult } from './types.js';

/** The parts of a record that tell of its faults. */
export type FaultRecord = Pick<RunResult, 'phases' | 'recoveries' | 'attempts'>;

export interface Aftermath {
  readonly recovery: Recovery;
  /** From the phase of the fault on. */
  readonly phases: readonly PhaseResult[];
  /** Of these, those until the recovery's end: up to the last phase `recover`, or all where there is none. */
  readonly recovering: readonly PhaseResult[];
  /** The phase before the fault. */
  readonly before: PhaseResult | null;
  /** How long all this lasts, in ms from the fault's start. */
  readonly lastsMs: number;
}

/** Of fault number `index`, or null when there is no such fault. */
export function aftermathOf({ phases, recoveries }: FaultRecord, index: number): Aftermath | null {
  const recovery = recoveries[index];
  const episode = recovery === undefined ? null : episodeOf(phases, recovery.phase);
  if (recovery === undefined || episode === null) return null;
  const own = [...episode.during, ...episode.after];
  return {
    recovery,
    phases: own,
    recovering: episode.during,
    before: episode.before,
    lastsMs: Math.max(0, (own.at(-1)?.endMs ?? recovery.atMs) - recovery.atMs),
  };
}

/** All samples of a metric in some phases, of one population or, with null, of all. */
export function samplesIn(
  phases: readonly PhaseResult[],
  name: string,
  population: string | null,
): Histogram {
  const merged = emptyHistogram();
  for (const phase of phases) {
    const metric = (population === null ? phase.metrics : phase.populations[population])?.[name];
    if (metric?.kind === 'histogram' && metric.count > 0) merged.add(decodeHistogram(metric.encoded));
  }
  return merged;
}

/** What a counter counted in some phases, over all populations. */
export function countedIn(phases: readonly PhaseResult[], name: string): number {
  return phases.reduce((sum, { metrics }) => {
    const metric = metrics[name];
    return sum + (metric?.kind === 'counter' ? metric.value : 0);
  }, 0);
}

/** How many of the samples are at most so long, for every entry of `ms`, which ascend. */
export function countUpTo(samples: Histogram, ms: readonly number[]): number[] {
  const counts = ms.map(() => 0);
  let index = 0;
  forEachRecorded(samples, (us, count) => {
    while (index < ms.length && us > (ms[index] ?? 0) * 1000) index++;
    if (index < ms.length) counts[index] = (counts[index] ?? 0) + count;
  });
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return sum;
  });
}
