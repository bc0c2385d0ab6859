/** Percentile distributions as HdrHistogram prints them, which its plotters read: `hdrhistogram.github.io/HdrHistogram/plotFiles.html`. */
import { decodeHistogram, percentileDistribution } from '../../metrics/histogram.js';
import type { ComparisonRecord } from '../../result/comparison.js';
import type { RunResult } from '../../result/types.js';
import type { ReportFile } from './file.js';

/** A file for each metric with samples; times are in ms. */
export function hgrmOfRun({ metrics }: RunResult): ReportFile[] {
  return Object.entries(metrics).flatMap(([name, metric]) => {
    if (metric.kind !== 'histogram' || metric.count === 0) return [];
    return fileOf(name, metric.encoded, metric.unit === 'us' ? US_PER_MS : 1);
  });
}

/** A file for each curve and side. */
export function hgrmOfComparison({ curves }: ComparisonRecord): ReportFile[] {
  return curves.flatMap(({ name, baseline, candidate }) => [
    ...fileOf(`${name}.baseline`, baseline, US_PER_MS),
    ...fileOf(`${name}.candidate`, candidate, US_PER_MS),
  ]);
}

const US_PER_MS = 1000;

/** All names of ours are so. A record from elsewhere must not write where it likes. */
const FILE_NAME = /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/;

function fileOf(name: string, encoded: string, scale: number): ReportFile[] {
  if (!FILE_NAME.test(name)) return [];
  return [{ name: `${name}.hgrm`, content: percentileDistribution(decodeHistogram(encoded), scale) }];
}
