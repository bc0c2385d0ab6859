import type { ProcessSample, TargetProcess } from '../../result/targetRecord.js';
import type { Bins } from './bins.js';

export interface ProcessBins {
  readonly rssBytes: Array<number | null>;
  readonly cpuPercent: Array<number | null>;
  readonly hottestThreadPercent: Array<number | null>;
  readonly fds: Array<number | null>;
}

/** All processes of the target together: sums per bin, the hottest of all threads; null where none was sampled. */
export function processBins(processes: readonly TargetProcess[], bins: Bins): ProcessBins {
  const latest = processes.map(({ samples }) => latestPerBin(samples, bins));
  const over = (
    value: (sample: ProcessSample) => number | null,
    join: (a: number, b: number) => number,
  ): Array<number | null> =>
    Array.from({ length: bins.count }, (_, i) => {
      const known = latest.flatMap((samples) => {
        const sample = samples[i];
        const found = sample === undefined ? null : value(sample);
        return found === null ? [] : [found];
      });
      return known.length === 0 ? null : Math.round(known.reduce(join));
    });
  const sum = (a: number, b: number) => a + b;
  return {
    rssBytes: over(({ rssBytes }) => rssBytes, sum),
    cpuPercent: over(({ cpuPercent }) => cpuPercent, sum),
    hottestThreadPercent: over(({ hottestThreadPercent }) => hottestThreadPercent, Math.max),
    fds: over(({ fds }) => fds, sum),
  };
}

function latestPerBin(
  samples: readonly ProcessSample[],
  { ms, count }: Bins,
): Array<ProcessSample | undefined> {
  const latest = new Array<ProcessSample | undefined>(count).fill(undefined);
  for (const sample of samples) {
    const bin = Math.min(count - 1, Math.floor(sample.atMs / ms));
    if (bin >= 0) latest[bin] = sample;
  }
  return latest;
}
