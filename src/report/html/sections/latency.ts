import type { HistogramMetric, HistogramSeries, RunResult } from '../../../result/types.js';
import { headlines, histogram } from '../../headline.js';
import { count, duration, share, stopwatch } from '../../numbers.js';
import { logAxis } from '../axis.js';
import { binsOf, mergedCounts, middles, percentiles } from '../bins.js';
import type { Tone } from '../chart.js';
import { HEAT_LEVELS, type Heat, type TimeChart } from '../chart.js';
import { type Curve, percentileCurves } from '../percentileCurve.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';

/** A page of 240 columns tells as much as one of 3,600, and weighs a fifteenth. */
const MOST_COLUMNS = 240;

interface Subject {
  readonly id: string;
  readonly name: string;
  readonly metric: string;
  readonly one: string;
  readonly many: string;
  readonly curves: ReadonlyArray<{ readonly metric: string; readonly label: string; readonly tone: Tone }>;
}

/** Latency of the first pattern that sent anything. */
export function headlineLatency(result: RunResult): Section | null {
  return patternLatency(result, 0);
}

/** Latency of the second pattern, when two were at work. */
export function secondLatency(result: RunResult): Section | null {
  return patternLatency(result, 1);
}

function patternLatency(result: RunResult, index: number): Section | null {
  const main = headlines(result)[index];
  if (main === undefined) return null;
  return latencySection(result, main.response, {
    id: main.pattern,
    name: main.pattern === 'heartbeat' ? 'Heartbeats' : 'Echoes',
    metric: main.name,
    one: main.one,
    many: main.what,
    curves: [
      { metric: `${main.pattern}.response`, label: 'response', tone: 'server' },
      { metric: `${main.pattern}.service`, label: 'service', tone: 'service' },
      { metric: `${main.pattern}.sendLag`, label: 'send lag', tone: 'context' },
    ],
  });
}

export function handshakeLatency(result: RunResult): Section | null {
  const metric = histogram(result.metrics, 'handshake.total');
  if (metric === null) return null;
  return latencySection(result, metric, {
    id: 'handshake',
    name: 'Handshakes',
    metric: 'handshake.total',
    one: 'handshake',
    many: 'handshakes',
    curves: [{ metric: 'handshake.total', label: 'handshake', tone: 'server' }],
  });
}

function latencySection(result: RunResult, metric: HistogramMetric, subject: Subject): Section {
  const curves = subject.curves.flatMap(({ metric: name, label, tone }): Curve[] => {
    const found = histogram(result.metrics, name);
    return found === null ? [] : [{ label, tone, metric: found }];
  });
  const series = result.series.histograms[subject.metric];
  const heat = series === undefined ? null : heatChart(result, series, subject);
  const curve = percentileCurves(curves);
  return {
    id: subject.id,
    name: subject.name,
    title: finding(metric, subject),
    pictures: [
      ...(heat === null ? [] : [heat]),
      ...(curve === null ? [] : [{ title: `How long the slowest ${subject.many} took`, still: curve }]),
    ],
    reading: reading(metric, curves.length),
    numbers: [curveTable(curves)],
  };
}

function finding({ p50, p99, p999, max, count: n }: HistogramMetric, { one, many }: Subject): string {
  const name = many.charAt(0).toUpperCase() + many.slice(1);
  const slowest = max === null ? '' : `; the slowest of ${count(n)} took ${duration(max)}`;
  if (p99 === null)
    return `${name}: ${p50 === null ? '' : `half within ${duration(p50)}`}${slowest}`.replace(': ;', ':');
  if (p999 !== null) {
    return `Half of the ${many} took ${duration(p50 ?? 0)}, one in 100 more than ${duration(p99)}, one in 1,000 more than ${duration(p999)}`;
  }
  return `Half of the ${many} took ${duration(p50 ?? 0)}, one ${one} in 100 more than ${duration(p99)}${slowest}`;
}

function reading({ censored, count: n }: HistogramMetric, curves: number): string {
  const heat =
    'Each column is a slice of time; the darker a cell, the more took that long. On the curve, each step to the right is ten times rarer.';
  const split =
    curves > 1
      ? ' Response counts from when a message was due, service from when it was sent; the generator owns the send lag between them.'
      : '';
  const lost =
    censored === 0
      ? ''
      : ` ${count(censored)} of ${count(n)} (${share(censored / n)}) were never answered and stand at their deadline: their true time is at least that.`;
  return heat + split + lost;
}

function heatChart(result: RunResult, series: HistogramSeries, subject: Subject): TimeChart | null {
  const bins = binsOf(result.series, MOST_COLUMNS);
  const columnsOf = Array.from({ length: bins.count }, (_, i) =>
    mergedCounts(series, i * bins.size, (i + 1) * bins.size),
  );
  const used = columnsOf.flatMap((column) => [...column.keys()]);
  if (used.length === 0) return null;
  // The edges of the record are kept for one row more on either side: latency at the rim is hard to read.
  const lowest = Math.max(0, used.reduce((a, b) => Math.min(a, b)) - 1);
  const highest = used.reduce((a, b) => Math.max(a, b)) + 1;
  const edges = rowEdges(series.buckets, lowest, highest);
  const p99 = percentiles(series, 0.99, bins);
  const p50 = percentiles(series, 0.5, bins);
  return {
    id: subject.id,
    title: `How long ${subject.many} took, over time`,
    alt: heatAlt(subject, p99, bins.ms),
    height: 220,
    axis: logAxis(edges[0] ?? 1, edges.at(-1) ?? 10, 'us'),
    atMs: middles(bins),
    lines: [
      { name: 'p50', tone: 'ink', style: 'dashed', values: p50 },
      { name: 'p99', tone: 'ink', style: 'solid', values: p99 },
    ],
    heat: { columnMs: bins.ms, edges, cells: heatCells(columnsOf, lowest) },
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

function heatAlt({ many }: Subject, p99: ReadonlyArray<number | null>, columnMs: number): string {
  const known = p99.flatMap((value, i) => (value === null ? [] : [{ value, atMs: i * columnMs }]));
  if (known.length === 0) return `Heatmap of how long ${many} took over time.`;
  const worst = known.reduce((a, b) => (b.value > a.value ? b : a));
  const best = known.reduce((a, b) => (b.value < a.value ? b : a));
  return `Heatmap of how long ${many} took over time. The p99 lay between ${duration(best.value)} and ${duration(worst.value)}, highest at ${stopwatch(worst.atMs)}.`;
}

function curveTable(curves: readonly Curve[]): Table {
  const figure = (us: number | null) => (us === null ? '–' : duration(us));
  return {
    caption: null,
    columns: [
      ...columns('name', 'from'),
      ...columns('number', 'samples', 'unanswered', 'min', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'max'),
    ],
    rows: curves.map(({ label, metric: m }) => [
      label,
      count(m.count),
      count(m.censored),
      ...[m.min, m.mean, m.p50, m.p90, m.p99, m.p999, m.max].map(figure),
    ]),
  };
}
