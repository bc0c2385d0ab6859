import { type Aftermath, aftermathOf } from '../../../result/aftermath.js';
import type { Recovery } from '../../../result/recovery.js';
import { binWidthMs, type StormBins, stormBins, stormSpan } from '../../../result/stormBins.js';
import type { RunResult } from '../../../result/types.js';
import { faultWords } from '../../stormWords.js';
import { escapeTerminal } from '../../visible.js';
import type { Frame } from '../chart.js';
import { marksOf, phasesOf } from '../frame.js';

/** One fault that connections were lost to, with what its pictures are drawn from. */
export interface Storm {
  readonly recovery: Recovery;
  readonly aftermath: Aftermath;
  readonly bins: StormBins;
  /** `kill`, or `second kill`. */
  readonly fault: string;
  /** Ends the ids and names of its sections: `` for the first, `-2`, `-3`. */
  readonly suffix: string;
  /** Name of the frame of its charts. */
  readonly frame: string;
}

/** A page of more would be too long to be read; the others are in the table of all faults. */
const MOST_DRAWN = 4;
const MOST_BINS = 300;

export function stormsOf(result: RunResult): Storm[] {
  const lossy = result.recoveries.flatMap((recovery, index) => (recovery.dropped > 0 ? [index] : []));
  return lossy.slice(0, MOST_DRAWN).flatMap((index, i) => {
    const aftermath = aftermathOf(result, index);
    if (aftermath === null) return [];
    const span = stormSpan(result, aftermath);
    const binMs = binWidthMs(span, result.attempts.binMs, MOST_BINS);
    const suffix = i === 0 ? '' : `-${i + 1}`;
    return [
      {
        recovery: aftermath.recovery,
        aftermath,
        bins: stormBins(result, aftermath, span, binMs),
        fault: escapeTerminal(faultWords(result.recoveries, aftermath.recovery)),
        suffix,
        frame: `storm${suffix}`,
      },
    ];
  });
}

/** What is told of a fault within this time of its start is that it was made. */
const ITSELF_MS = 1000;

/** The time axis of a storm, which counts from the fault's start. */
export function stormFrame(result: RunResult, { recovery, bins, fault }: Storm): Frame {
  const fromMs = bins.edgesMs[0] ?? 0;
  const untilMs = Math.max(fromMs + bins.binMs, bins.edgesMs.at(-1) ?? 0);
  const isInside = (ms: number) => ms > fromMs && ms < untilMs;
  // The fault itself is marked where its clock begins.
  const events = result.events.filter(
    ({ kind, atMs }) =>
      isInside(atMs - recovery.atMs) &&
      kind !== 'target-down' &&
      !(kind === 'fault' && atMs < recovery.atMs + ITSELF_MS),
  );
  return {
    fromMs,
    untilMs,
    clock: 'fault',
    phases: phasesOf(result)
      .map(({ name, startMs, endMs }) => ({
        name,
        startMs: Math.max(fromMs, startMs - recovery.atMs),
        endMs: Math.min(untilMs, endMs - recovery.atMs),
      }))
      .filter(({ startMs, endMs }) => startMs < endMs),
    marks: [
      { atMs: 0, tone: 'doubt', name: fault },
      ...marksOf({ ...result, events })
        .map((mark) => ({ ...mark, atMs: mark.atMs - recovery.atMs }))
        .filter(({ atMs }) => isInside(atMs)),
    ],
  };
}
