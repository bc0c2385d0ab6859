import { catalogue, knownAtEnd, ofNoPopulation } from '../metrics/catalogue.js';
import { decodeHistogram, percentile } from '../metrics/histogram.js';
import type { Statistic, Threshold } from '../scenario/scenario.js';
import { isAbnormal } from './endings.js';
import type { GoalReached } from './recoveries.js';
import type { Recovery } from './recovery.js';
import type { HistogramMetric, Metrics, RunResult, ThresholdVerdict } from './types.js';

type Judged = Omit<RunResult, 'thresholds'>;

/**
 * Judges every threshold of the scenario, what its recover phases ask for, and the one that stands without being
 * written: unless the scenario says something about it, no connection may fail to open for good. What has no data
 * fails.
 */
export function judgeThresholds(
  thresholds: readonly Threshold[],
  goals: readonly GoalReached[],
  result: Judged,
): ThresholdVerdict[] {
  const verdicts = [
    ...thresholds.map((threshold) => judge(threshold, result)),
    ...goals.map(({ expression, withinUs, reachedUs }) => ({
      expression,
      observed: reachedUs,
      unit: 'us',
      passed: reachedUs !== null && reachedUs <= withinUs,
    })),
  ];
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
  // These would be zeros that nobody has counted.
  if (phase !== null && knownAtEnd.some((known) => known === name)) return null;
  if (population !== null && ofNoPopulation.some((known) => known === name)) return null;
  if (name === 'memory.perConnection') return result.target.memoryPerConnection?.bytes ?? null;
  if (name === 'memory.retained') return retainedEach(result);
  const recovery = recoveryNames[name];
  if (recovery !== undefined) return worst(recovery, population, result);
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

/** The heap is exact, where it is known: resident memory is kept by a process for its next connections too. */
function retainedEach({ target }: Judged): number | null {
  const retained = target.memoryPerConnection?.retained;
  if (retained === undefined || retained === null || retained.opened === 0) return null;
  return Math.round((retained.heapBytes ?? retained.bytes) / retained.opened);
}

/** In the base unit of the name. */
const recoveryNames: Readonly<Record<string, (recovery: Recovery) => number | null>> = {
  'recovery.t50': ({ t50Ms }) => microseconds(t50Ms),
  'recovery.t90': ({ t90Ms }) => microseconds(t90Ms),
  'recovery.t99': ({ t99Ms }) => microseconds(t99Ms),
  'recovery.t100': ({ t100Ms }) => microseconds(t100Ms),
  'recovery.amplification': ({ amplification }) => amplification,
  'recovery.herdFactor': ({ herdFactor }) => herdFactor,
};

/** Of all faults that took connections down; null when there was none, or one of them has no such number. */
function worst(
  numberOf: (recovery: Recovery) => number | null,
  population: string | null,
  result: Judged,
): number | null {
  const recoveries = population === null ? result.recoveries : result.populations[population]?.recoveries;
  const numbers = (recoveries ?? []).filter(({ dropped }) => dropped > 0).map(numberOf);
  return numbers.reduce(
    (most, number) => (most === null || number === null ? null : Math.max(most, number)),
    numbers[0] ?? null,
  );
}

function microseconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000);
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
