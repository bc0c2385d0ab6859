import type { RunResult, Series } from '../../result/types.js';
import { type Cell, csvText } from './csv.js';

/** What is counted in each interval, and the unit where its name does not say it. */
const COUNTS = [
  'open',
  'planned',
  'attempts',
  'opens',
  'failures',
  'closes',
  'messagesSent',
  'messagesReceived',
  'bytesSent',
  'bytesReceived',
  'eventLoopUtilization',
] as const satisfies ReadonlyArray<keyof Series>;

/** A row for each second: what was counted in it, and of each latency its samples, its median and its p99 in us. */
export function intervalsCsv({ series }: RunResult): string {
  const latencies = Object.entries(series.histograms);
  const columns = [
    'fromMs',
    ...COUNTS,
    ...latencies.flatMap(([name]) => [`${name} count`, `${name} p50 us`, `${name} p99 us`]),
  ];
  const rows = series.open.map((_, i): Cell[] => [
    i * series.intervalMs,
    ...COUNTS.map((name) => series[name][i] ?? null),
    ...latencies.flatMap(([, { counts, p50, p99 }]) => [
      samplesIn(counts[i]),
      p50[i] ?? null,
      p99[i] ?? null,
    ]),
  ]);
  return csvText(columns, rows);
}

/** Of a list of bucket, count, bucket, count, ... */
function samplesIn(counts: readonly number[] | undefined): number {
  return (counts ?? []).reduce((sum, number, i) => (i % 2 === 1 ? sum + number : sum), 0);
}
