/** Bencher Metric Format (bencher.dev/docs/reference/bencher-metric-format): benchmark, measure, value with its bounds. */
import type { ComparisonRecord } from '../../result/comparison.js';
import type { RunResult } from '../../result/types.js';
import { type Figure, figuresOfComparison, figuresOfRun, plainName } from './figures.js';
import { jsonFile, type ReportFile } from './file.js';

interface BencherMetric {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

type BencherReport = Readonly<Record<string, Readonly<Record<string, BencherMetric>>>>;

export function bencherOfRun(result: RunResult): ReportFile[] {
  return [jsonFile('bencher.json', reportOf(figuresOfRun(result), result.scenario.name))];
}

export function bencherOfComparison(record: ComparisonRecord): ReportFile[] {
  return [jsonFile('bencher.json', reportOf(figuresOfComparison(record), record.scenario.name))];
}

/** Bencher's own measures where it has one; `latency` is in nanoseconds there. */
interface Measure {
  readonly slug: string;
  readonly scale: number;
}

const NANOSECONDS_PER_US = 1000;

const MEASURES: Readonly<Record<Figure['unit'], Measure>> = {
  us: { slug: 'latency', scale: NANOSECONDS_PER_US },
  bytes: { slug: 'memory-bytes', scale: 1 },
  share: { slug: 'share', scale: 1 },
  count: { slug: 'count', scale: 1 },
  perSecond: { slug: 'throughput', scale: 1 },
};

/** A bound of its own in Bencher: what a message costs the processor is no latency. */
const CPU_TIME: Measure = { slug: 'cpu-time', scale: NANOSECONDS_PER_US };

/** Where more is better, as of a throughput: Bencher's thresholds are for a measure, and have one direction. */
const OF_BIGGER: Readonly<Partial<Record<Figure['unit'], Measure>>> = {
  share: { slug: 'delivered-share', scale: 1 },
  count: { slug: 'connections', scale: 1 },
};

function measureOf({ name, unit, better }: Figure): Measure {
  if (name.startsWith('target.cpu')) return CPU_TIME;
  return (better === 'bigger' ? OF_BIGGER[unit] : undefined) ?? MEASURES[unit];
}

function reportOf(figures: readonly Figure[], scenario: string): BencherReport {
  return Object.fromEntries(
    figures.map((figure) => {
      const { slug, scale } = measureOf(figure);
      const metric = metricOf(figure, scale);
      return [`${plainName(scenario)} ${plainName(figure.name)}`, { [slug]: metric }];
    }),
  );
}

function metricOf({ value, range }: Figure, scale: number): BencherMetric {
  if (range === null) return { value: value * scale };
  return { value: value * scale, lower_value: range[0] * scale, upper_value: range[1] * scale };
}
