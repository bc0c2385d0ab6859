import type { ProcessSample } from '../result/targetRecord.js';
import type { PhaseResult } from '../result/types.js';

/** CPU time is counted in ticks of 10 ms: over less than this a percentage says nothing. */
const LEAST_MS = 900;

/** What a process, or its busiest thread, used over about a second; `atMs` is when that began. */
export interface CpuSecond {
  readonly atMs: number;
  readonly endMs: number;
  readonly percent: number;
}

/**
 * The samples of a process as stretches of at least 0.9 s that do not overlap: samples are also taken where a phase ends, a
 * moment after the one before.
 */
export function cpuSeconds(
  samples: readonly ProcessSample[],
  of: 'cpuPercent' | 'hottestThreadPercent',
): CpuSecond[] {
  const seconds: CpuSecond[] = [];
  let usedMs = 0;
  let fromMs = samples[0]?.atMs ?? 0;
  samples.forEach((sample, i) => {
    const before = samples[i - 1];
    if (before === undefined) return;
    usedMs += (sample[of] * (sample.atMs - before.atMs)) / 100;
    const lastsMs = sample.atMs - fromMs;
    if (lastsMs < LEAST_MS) return;
    seconds.push({ atMs: fromMs, endMs: sample.atMs, percent: (100 * usedMs) / lastsMs });
    usedMs = 0;
    fromMs = sample.atMs;
  });
  return seconds;
}

/** Whether the middle of a stretch lies in one of the phases. */
export function isWithin({ atMs, endMs }: CpuSecond, phases: readonly PhaseResult[]): boolean {
  const middleMs = (atMs + endMs) / 2;
  return phases.some(({ startMs, endMs: untilMs }) => middleMs >= startMs && middleMs < untilMs);
}
