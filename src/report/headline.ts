/** The latency that a run is about: from the intended time to the answer, of the first pattern that sent anything. */
import type { HistogramMetric, Metrics, RunResult } from '../result/types.js';
import { duration } from './numbers.js';

export interface Headline {
  readonly pattern: 'heartbeat' | 'echo';
  /** `heartbeat.response`. */
  readonly name: string;
  /** In words, in the plural: `heartbeats`. */
  readonly what: string;
  readonly response: HistogramMetric;
}

const PATTERNS = [
  { pattern: 'heartbeat', name: 'heartbeat.response', what: 'heartbeats' },
  { pattern: 'echo', name: 'echo.response', what: 'echoes' },
] as const;

/** One for every pattern with samples, the headline first; empty when nothing was timed. */
export function headlines(result: RunResult): Headline[] {
  return PATTERNS.flatMap((pattern) => {
    const response = histogram(result.metrics, pattern.name);
    return response === null ? [] : [{ ...pattern, response }];
  });
}

/** The histogram of that name, or null without one sample. */
export function histogram(metrics: Metrics, name: string): HistogramMetric | null {
  const metric = metrics[name];
  return metric?.kind === 'histogram' && metric.count > 0 ? metric : null;
}

export function counter(metrics: Metrics, name: string): number | null {
  const metric = metrics[name];
  return metric?.kind === 'counter' ? metric.value : null;
}

export interface Tail {
  readonly us: number;
  /** `p99`, or what stands for it: `p90`, `p50`, `slowest of 7`. */
  readonly label: string;
}

/** The highest of p99, p90 and the median that the number of samples allows, else the slowest sample. */
export function tail(metric: HistogramMetric): Tail | null {
  if (metric.p99 !== null) return { us: metric.p99, label: 'p99' };
  if (metric.p90 !== null) return { us: metric.p90, label: 'p90' };
  if (metric.max !== null) return { us: metric.max, label: `slowest of ${metric.count}` };
  return null;
}

/** `3.1 ms (p99)`. */
export function tailWords(metric: HistogramMetric): string | null {
  const found = tail(metric);
  return found === null ? null : `${duration(found.us)} (${found.label})`;
}
