/** A number that a reader would ask for first, with what it is held against. */
import type { HistogramMetric, RunResult } from '../../result/types.js';
import { tail } from '../headline.js';
import { type KnownLimit, limitOn, limitWords } from '../limits.js';
import { duration, durationQuantity, type Quantity } from '../numbers.js';
import { binsOf, percentiles } from './bins.js';
import { type Content, html, type Markup } from './markup.js';
import { sparkline } from './svg.js';

export interface Hero {
  readonly label: string;
  /** A word where the answer is no number; null where it is not known. */
  readonly quantity: Quantity | string | null;
  /** What stands in its place then. */
  readonly unknown: string;
  /** Beside the number: what it is out of, or its interval. */
  readonly note: string;
  readonly limit: KnownLimit | null;
  readonly bad: boolean;
  readonly spark: Markup | null;
}

export const SPARK_POINTS = 80;

export function drawHero({ label, quantity, unknown, note, limit, bad, spark }: Hero): Markup {
  const number: Content =
    quantity === null
      ? html`<span class="unknown">${unknown}</span>`
      : typeof quantity === 'string'
        ? html`<span class="word">${quantity}</span>`
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

/** The p99 of a latency, or what the number of its samples allows. */
export function latencyHero(
  result: RunResult,
  label: string,
  name: string,
  metric: HistogramMetric | null,
): Hero {
  const top = metric === null ? null : tail(metric);
  const series = result.series.histograms[name];
  const bins = binsOf(result.series, SPARK_POINTS);
  return {
    label: `${label} ${top?.label ?? 'p99'}`,
    quantity: top === null ? null : durationQuantity(top.us),
    unknown: 'not known',
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
