import type { HistogramMetric, RunResult } from '../../../result/types.js';
import { headlines, histogram } from '../../headline.js';
import { count, duration, share } from '../../numbers.js';
import type { Tone } from '../chart.js';
import { heatChart } from '../heatChart.js';
import { type Curve, percentileCurves } from '../percentileCurve.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';

interface Subject {
  readonly id: string;
  readonly name: string;
  readonly metric: string;
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
    many: 'handshakes',
    curves: [{ metric: 'handshake.total', label: 'handshake', tone: 'server' }],
  });
}

function latencySection(result: RunResult, metric: HistogramMetric, subject: Subject): Section {
  const curves = subject.curves.flatMap(({ metric: name, label, tone }): Curve[] => {
    const found = histogram(result.metrics, name);
    return found === null ? [] : [{ label, tone, metric: found }];
  });
  const heat = heatChart(result, subject.metric, subject.id, subject.many);
  const curve = percentileCurves(curves);
  return {
    id: subject.id,
    name: subject.name,
    title: finding(metric, subject),
    pictures: [
      ...(heat === null ? [] : [heat]),
      ...(curve === null ? [] : [{ title: `How long the slowest ${subject.many} took`, still: curve }]),
    ],
    reading: [
      ...(heat === null
        ? []
        : ['Each column is a slice of time; the stronger the colour of a cell, the more took that long.']),
      ...(curve === null ? [] : ['On the curve, each step to the right is ten times rarer.']),
      ...(curves.length > 1 ? [WHOSE_TIME] : []),
      ...unanswered(metric),
    ].join(' '),
    numbers: [curveTable(curves)],
  };
}

function finding({ p50, p99, p999, max, count: n }: HistogramMetric, { many }: Subject): string {
  const slowest = `the slowest of ${count(n)} took ${duration(max ?? 0)}`;
  const half = p50 === null ? '' : `Half of the ${many} took ${duration(p50)}, `;
  if (p99 === null) return half === '' ? `Of the ${many}, ${slowest}` : half + slowest;
  const rare = p999 === null ? slowest : `one in 1,000 more than ${duration(p999)}`;
  return `${half}one in 100 more than ${duration(p99)}, ${rare}`;
}

const WHOSE_TIME =
  "Response counts from when a message was due, service from when it was sent; the send lag between them is the generator's.";

function unanswered({ censored, count: n }: HistogramMetric): string[] {
  if (censored === 0) return [];
  return [
    `${count(censored)} of ${count(n)} (${share(censored / n)}) were never answered and stand at their deadline: their true time is at least that.`,
  ];
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
