import type { RunResult } from '../../result/types.js';
import { duration, stopwatch } from '../numbers.js';
import { logAxis } from './axis.js';
import { binsOf, mergedCounts, middles, percentiles } from './bins.js';
import { HEAT_LEVELS, type Heat, type TimeChart } from './chart.js';
import { RUN_FRAME } from './frame.js';

/** A page of 240 columns tells as much as one of 3,600, and weighs a fifteenth. */
const MOST_COLUMNS = 240;

/** How long something took, over time; null without a sample. `many` is what took long, in words. */
export function heatChart(result: RunResult, metric: string, id: string, many: string): TimeChart | null {
  const series = result.series.histograms[metric];
  if (series === undefined) return null;
  const bins = binsOf(result.series, MOST_COLUMNS);
  const columnsOf = Array.from({ length: bins.count }, (_, i) =>
    mergedCounts(series, i * bins.size, (i + 1) * bins.size),
  );
  const used = columnsOf.flatMap((column) => [...column.keys()]);
  if (used.length === 0) return null;
  // An empty row on either side: what lies at the rim of a picture is hard to read.
  const lowest = Math.max(0, used.reduce((a, b) => Math.min(a, b)) - 1);
  const highest = used.reduce((a, b) => Math.max(a, b)) + 2;
  const edges = rowEdges(series.buckets, lowest, highest);
  const p99 = percentiles(series, 0.99, bins);
  const p50 = percentiles(series, 0.5, bins);
  return {
    id,
    frame: RUN_FRAME,
    title: `How long ${many} took, over time`,
    alt: heatAlt(many, p99, bins.ms),
    height: 220,
    axis: logAxis(edges[0] ?? 1, edges.at(-1) ?? 10, 'us'),
    atMs: middles(bins),
    form: 'line',
    lines: [
      { name: 'p50', tone: 'ink', style: 'dashed', values: p50 },
      { name: 'p99', tone: 'ink', style: 'solid', values: p99 },
    ],
    heat: { columnMs: bins.ms, edges, cells: heatCells(columnsOf, lowest) },
    notes: [],
    names: false,
  };
}

/** Edges of rows `lowest` to `highest`; zero has no place on a log axis and the last bucket no upper edge. */
function rowEdges(buckets: readonly number[], lowest: number, highest: number): number[] {
  const ratio = (buckets.at(-1) ?? 2) / (buckets.at(-2) ?? 1);
  return Array.from({ length: highest - lowest + 1 }, (_, i) => {
    const edge = buckets[lowest + i] ?? (buckets.at(-1) ?? 1) * ratio ** (lowest + i - buckets.length + 1);
    return edge > 0 ? edge : Math.max(0.5, (buckets[1] ?? 1) / ratio);
  });
}

function heatCells(columnsOf: ReadonlyArray<ReadonlyMap<number, number>>, lowest: number): Heat['cells'] {
  const most = columnsOf.reduce((top, column) => Math.max(top, ...column.values()), 1);
  return columnsOf.flatMap((column, index) =>
    [...column].flatMap(([bucket, n]) => {
      const strength = Math.log(n + 1) / Math.log(most + 1);
      return [index, bucket - lowest, Math.max(1, Math.ceil(strength * HEAT_LEVELS))];
    }),
  );
}

function heatAlt(many: string, p99: ReadonlyArray<number | null>, columnMs: number): string {
  const known = p99.flatMap((value, i) => (value === null ? [] : [{ value, atMs: i * columnMs }]));
  if (known.length === 0) return `Heatmap of how long ${many} took over time.`;
  const worst = known.reduce((a, b) => (b.value > a.value ? b : a));
  const best = known.reduce((a, b) => (b.value < a.value ? b : a));
  return `Heatmap of how long ${many} took over time. The p99 lay between ${duration(best.value)} and ${duration(worst.value)}, highest at ${stopwatch(worst.atMs)}.`;
}
