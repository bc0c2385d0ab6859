import { ExitCode } from '../../errors.js';
import { exitCodeOf } from '../../result/exitCode.js';
import type { RunResult } from '../../result/types.js';
import { verdict } from '../verdict.js';

/**
 * Why the thresholds do not judge a run alone, in sentences: it was interrupted, its target ended or nothing opened, or it is not valid.
 * None when they do.
 */
export function unsoundness(result: RunResult): string[] {
  const code = exitCodeOf(result, false);
  if (code === ExitCode.ok || code === ExitCode.thresholdFailed) return [];
  const { outcome, sentence } = verdict(result);
  const isSaid = outcome !== 'passed' && outcome !== 'measured';
  return [isSaid ? sentence : 'The target ended before the run did.', ...result.run.validity.reasons];
}
