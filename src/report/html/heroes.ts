/** Up to six numbers that a reader would ask for first. */
import type { HistogramMetric, RunResult } from '../../result/types.js';
import { counter, headlines, histogram, tail } from '../headline.js';
import { type KnownLimit, limitOn, limitWords } from '../limits.js';
import {
  bytes,
  bytesQuantity,
  count,
  duration,
  durationQuantity,
  type Quantity,
  rateQuantity,
} from '../numbers.js';
import { abnormalCloses } from '../words.js';
import { binsOf, peaks, percentiles, rates, states } from './bins.js';
import { type Content, html, type Markup } from './markup.js';
import { processBins } from './processes.js';
import { sparkline } from './svg.js';

interface Hero {
  readonly label: string;
  /** Null where it is not known. */
  readonly quantity: Quantity | null;
  /** Beside the number: what it is out of, or its interval. */
  readonly note: string;
  readonly limit: KnownLimit | null;
  readonly bad: boolean;
  readonly spark: Markup | null;
}

const SPARK_POINTS = 80;

export function heroes(result: RunResult): Markup {
  const shown = [
    connections(result),
    handshake(result),
    latency(result),
    memory(result),
    abnormal(result),
    throughput(result),
  ].filter((hero) => hero !== null);
  return html`<dl class="heroes">${shown.map(drawHero)}</dl>`;
}

function drawHero({ label, quantity, note, limit, bad, spark }: Hero): Markup {
  const number: Content =
    quantity === null
      ? html`<span class="unknown">not known</span>`
      : html`${quantity.digits}<small>${quantity.unit}</small>`;
  return html`<div class="${bad || limit?.verdict.passed === false ? 'hero bad' : 'hero'}"><dt>${label}</dt><dd><span class="number">${number}</span><span class="note">${note}</span>${limitNote(limit)}${spark}</dd></div>`;
}

function limitNote(known: KnownLimit | null): Markup | null {
  if (known === null) return null;
  const { limit, verdict } = known;
  const asked = limit.operator.startsWith('>') ? 'at least' : 'limit';
  const during = limit.phase === null ? '' : ` in ${limit.phase}`;
  return html`<span class="note limit">${verdict.passed ? '✓' : '✕'} ${asked} ${limitWords(limit)}${during}</span>`;
}

function connections(result: RunResult): Hero {
  const { planned, peakOpen } = result.connections;
  const bins = binsOf(result.series, SPARK_POINTS);
  return {
    label: 'Connections open',
    quantity: { digits: count(peakOpen), unit: '' },
    note: `of ${count(planned)} planned`,
    limit: null,
    bad: peakOpen < planned,
    spark: sparkline(states(result.series.open, bins), 'server'),
  };
}

function handshake(result: RunResult): Hero {
  const metric = histogram(result.metrics, 'handshake.total');
  return latencyHero(result, 'Handshake', 'handshake.total', metric);
}

function latency(result: RunResult): Hero | null {
  const main = headlines(result)[0];
  if (main === undefined) return null;
  const label = main.pattern === 'heartbeat' ? 'Heartbeat' : 'Echo';
  return latencyHero(result, label, main.name, main.response);
}

function latencyHero(result: RunResult, label: string, name: string, metric: HistogramMetric | null): Hero {
  const top = metric === null ? null : tail(metric);
  const series = result.series.histograms[name];
  const bins = binsOf(result.series, SPARK_POINTS);
  return {
    label: `${label} ${top?.label ?? 'p99'}`,
    quantity: top === null ? null : durationQuantity(top.us),
    note: medianNote(metric),
    limit: limitOn(result, name, 'p99'),
    bad: false,
    spark: series === undefined ? null : sparkline(percentiles(series, 0.99, bins), 'server'),
  };
}

function medianNote(metric: HistogramMetric | null): string {
  if (metric === null) return 'nothing timed';
  return metric.p50 === null ? 'too few for a p50' : `p50 ${duration(metric.p50)}`;
}

function memory(result: RunResult): Hero | null {
  const { memoryPerConnection, processes } = result.target;
  if (memoryPerConnection === null && processes.length === 0) return null;
  const bins = binsOf(result.series, SPARK_POINTS);
  return {
    label: 'Memory per connection',
    quantity: memoryPerConnection === null ? null : bytesQuantity(memoryPerConnection.bytes),
    note:
      memoryPerConnection === null
        ? 'see below why'
        : `${bytes(memoryPerConnection.ci95[0])} to ${bytes(memoryPerConnection.ci95[1])}`,
    limit: limitOn(result, 'memory.perConnection', null),
    bad: false,
    spark: sparkline(processBins(processes, bins).rssBytes, 'server'),
  };
}

function abnormal(result: RunResult): Hero {
  const ended = result.closes.reduce((sum, close) => sum + close.count, 0);
  const many = abnormalCloses(result.closes);
  return {
    label: 'Abnormal closes',
    quantity: { digits: count(many), unit: '' },
    note: `of ${count(ended)}`,
    limit: limitOn(result, 'closes.abnormal', null),
    bad: many > 0,
    spark:
      many === 0 ? null : sparkline(peaks(result.series.closes, binsOf(result.series, SPARK_POINTS)), 'bad'),
  };
}

function throughput(result: RunResult): Hero | null {
  const received = counter(result.metrics, 'messages.received') ?? 0;
  if (received === 0) return null;
  const { messagesReceived, intervalMs } = result.series;
  const perSecond = rates(messagesReceived, binsOf(result.series, SPARK_POINTS), intervalMs);
  return {
    label: 'Messages at peak',
    quantity: rateQuantity(Math.max(0, ...perSecond)),
    note: `${count(received)} in all`,
    limit: null,
    bad: false,
    spark: sparkline(perSecond, 'server'),
  };
}
