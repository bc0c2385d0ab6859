import type { ComparedMetric, ComparisonRecord, UnusedRun } from '../../result/comparison.js';
import { cutShort } from '../comparedSides.js';
import { changeSentence, comparisonAnswer, REASONS } from '../comparisonWords.js';
import { type Annotation, workflowCommands } from './workflowCommands.js';

/** Annotations, one a line; to be printed, since GitHub reads them from the log. */
export function annotationsOfComparison(record: ComparisonRecord): string[] {
  const { name } = record.scenario;
  const gated = record.metrics.filter((metric) => metric.gated);
  const of = (verdict: ComparedMetric['verdict']) => gated.filter((metric) => metric.verdict === verdict);
  const cut = cutShort(record);
  return workflowCommands([
    ...(cut === null ? [] : [{ level: 'error', title: `${name}: not compared`, message: cut } as const]),
    ...of('worse').map((metric) => worse(name, metric)),
    ...of('inconclusive').map((metric) => inconclusive(name, metric)),
    ...record.unused.map((run) => unused(name, run)),
    { level: 'notice', title: name, message: comparisonAnswer(record).sentence },
  ]);
}

function worse(scenario: string, metric: ComparedMetric): Annotation {
  return {
    level: 'error',
    title: `${scenario}: ${metric.name} is worse`,
    message: `${changeSentence(metric)}.`,
  };
}

function inconclusive(scenario: string, metric: ComparedMetric): Annotation {
  const why = metric.because === null ? '' : `: ${REASONS[metric.because]}`;
  const title = `${scenario}: ${metric.name} is inconclusive`;
  return { level: 'warning', title, message: `${changeSentence(metric)}${why}.` };
}

function unused(scenario: string, { side, path, reason }: UnusedRun): Annotation {
  return {
    level: 'warning',
    title: `${scenario}: a run of the ${side} was not used`,
    message: `${path}: ${reason}`,
  };
}
