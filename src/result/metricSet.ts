import { catalogue } from '../metrics/catalogue.js';
import type { Histogram } from '../metrics/histogram.js';
import { TotalHistogram } from './totalHistogram.js';
import type { HistogramMetric, Metrics } from './types.js';

/** Counters and histograms by name, added up over snapshots. */
export class MetricSet {
  private readonly counters = new Map<string, number>();
  private readonly histograms = new Map<string, TotalHistogram>();

  addCounter(name: string, value: number): void {
    this.counters.set(name, this.counter(name) + value);
  }

  addHistogram(name: string, interval: Histogram, censored: number): void {
    let total = this.histograms.get(name);
    if (!total) {
      total = new TotalHistogram();
      this.histograms.set(name, total);
    }
    total.add(interval, censored);
  }

  /** The counter's value, 0 if nothing was counted. */
  counter(name: string): number {
    return this.counters.get(name) ?? 0;
  }

  /** All samples of a histogram, or null without any. */
  histogram(name: string): Histogram | null {
    return this.histograms.get(name)?.histogram ?? null;
  }

  /** By name, sorted. */
  toMetrics(): Metrics {
    const entries = [
      ...[...this.counters].map(([name, value]) => [name, { kind: 'counter', value }] as const),
      ...[...this.histograms].map(([name, total]) => [name, total.toMetric(unitOf(name))] as const),
    ];
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** The metrics of a run or of a phase, in all and per population; the population `''` is none. */
export class MetricGroup {
  readonly all = new MetricSet();
  readonly populations = new Map<string, MetricSet>();

  addCounter(population: string, name: string, value: number): void {
    this.all.addCounter(name, value);
    if (population !== '') this.population(population).addCounter(name, value);
  }

  addHistogram(population: string, name: string, interval: Histogram, censored: number): void {
    this.all.addHistogram(name, interval, censored);
    if (population !== '') this.population(population).addHistogram(name, interval, censored);
  }

  population(name: string): MetricSet {
    let set = this.populations.get(name);
    if (!set) {
      set = new MetricSet();
      this.populations.set(name, set);
    }
    return set;
  }
}

function unitOf(name: string): HistogramMetric['unit'] {
  const entry = Object.entries(catalogue).find(([known]) => known === name)?.[1];
  return entry?.unit === 'count' ? 'count' : 'us';
}
