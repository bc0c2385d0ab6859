import { catalogue } from '../metrics/catalogue.js';
import { decodeHistogram, percentile } from '../metrics/histogram.js';
import type { Statistic, Threshold } from '../scenario/scenario.js';
import { isAbnormal } from './endings.js';
import type { HistogramMetric, Metrics, RunResult, ThresholdVerdict } from './types.js';

type Judged = Omit<RunResult, 'thresholds'>;

/**
 * Judges every threshold of the scenario, and the one that stands without being written: unless the scenario
 * says something about it, no connection may fail to open for good. What has no data fails.
 */
export function judgeThresholds(thresholds: readonly Threshold[], result: Judged): ThresholdVerdict[] {
  const verdicts = thresholds.map((threshold) => judge(threshold, result));
  if (thresholds.some(({ name }) => name === 'connections.neverOpened')) return verdicts;
  const observed = result.connections.neverOpened;
  return [
    ...verdicts,
    { expression: 'connections.neverOpened == 0', observed, unit: 'count', passed: observed === 0 },
  ];
}

function judge(threshold: Threshold, result: Judged): ThresholdVerdict {
  const observed = observe(threshold, result);
  const { expression, unit } = threshold;
  return { expression, observed, unit, passed: observed !== null && holds(observed, threshold) };
}

function holds(observed: number, { operator, value }: Threshold): boolean {
  switch (operator) {
    case '<':
      return observed < value;
    case '<=':
      return observed <= value;
    case '>':
      return observed > value;
    case '>=':
      return observed >= value;
    case '==':
      return observed === value;
    case '!=':
      return observed !== value;
  }
}

function observe(threshold: Threshold, result: Judged): number | null {
  const above = observeName(threshold.name, threshold, result);
  if (threshold.denominator === null) return above;
  const below = observeName(threshold.denominator, threshold, result);
  return above === null || below === null || below === 0 ? null : above / below;
}

function observeName(name: string, threshold: Threshold, result: Judged): number | null {
  const { population, phase, statistic } = threshold;
  // A run that was left early never came to its later phases: nothing is known of them, not even zeros.
  if (phase !== null && !result.phases.some(({ name }) => name === phase)) return null;
  if (name === 'memory.perConnection') return result.target.memoryPerConnection?.bytes ?? null;
  if (name === 'closes.abnormal') {
    return result.closes
      .filter((close) => isAbnormal(close) && isOf(close, population, phase))
      .reduce((sum, close) => sum + close.count, 0);
  }
  if (name.startsWith('connections.')) {
    const counts = population === null ? result.connections : result.populations[population]?.connections;
    const entry = Object.entries(counts ?? {}).find(([key]) => name === `connections.${key}`);
    return entry?.[1] ?? null;
  }
  const metric = metricsOf(population, phase, result)?.[name];
  if (metric === undefined) return isCounter(name) ? 0 : null;
  if (metric.kind !== 'histogram') return metric.value;
  return statistic === null ? null : statisticOf(metric, statistic);
}

function isOf(
  close: { readonly population: string; readonly phase: string },
  population: string | null,
  phase: string | null,
): boolean {
  return (
    (population === null || close.population === population) && (phase === null || close.phase === phase)
  );
}

function metricsOf(population: string | null, phase: string | null, result: Judged): Metrics | undefined {
  if (phase === null) return population === null ? result.metrics : result.populations[population]?.metrics;
  const found = result.phases.find(({ name }) => name === phase);
  return population === null ? found?.metrics : found?.populations[population];
}

function statisticOf(metric: HistogramMetric, statistic: Statistic): number | null {
  if (typeof statistic === 'string') return metric[statistic];
  return percentile(decodeHistogram(metric.encoded), statistic.percentile);
}

function isCounter(name: string): boolean {
  return Object.entries(catalogue).some(([known, { kind }]) => known === name && kind === 'counter');
}
