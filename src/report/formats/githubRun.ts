import type { RunResult } from '../../result/types.js';
import { verdict } from '../verdict.js';
import { unsoundness } from './soundness.js';
import { seenAndLimitWords } from './thresholdWords.js';
import { type Annotation, workflowCommands } from './workflowCommands.js';

/** Annotations, one a line; to be printed, since GitHub reads them from the log. */
export function annotationsOfRun(result: RunResult): string[] {
  const { name } = result.scenario;
  const annotations: Annotation[] = [
    ...notValid(result),
    ...result.thresholds
      .filter(({ passed }) => !passed)
      .map((threshold) => ({
        level: 'error' as const,
        title: `${name}: threshold failed`,
        message: `${threshold.expression}: ${seenAndLimitWords(threshold)}`,
      })),
    ...result.warnings.map(({ message, advice }) => ({
      level: 'warning' as const,
      title: `${name}: warning`,
      message: `${message} ${advice}`,
    })),
    { level: 'notice', title: name, message: verdict(result).sentence },
  ];
  return workflowCommands(annotations);
}

function notValid(result: RunResult): Annotation[] {
  const reasons = unsoundness(result);
  if (reasons.length === 0) return [];
  return [{ level: 'error', title: `${result.scenario.name}: not valid`, message: reasons.join(' ') }];
}
