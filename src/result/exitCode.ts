import { ExitCode } from '../errors.js';
import type { RunResult } from './types.js';

/** The exit code of a run, the first that applies in the order of `ExitCode`. */
export function exitCodeOf(result: RunResult, allowSaturated: boolean): ExitCode {
  const has = (kind: string): boolean => result.events.some((event) => event.kind === kind);
  if (has('interrupted')) return ExitCode.interrupted;
  if (has('target-exit') || result.connections.opened === 0) return ExitCode.target;
  const { status } = result.run.validity;
  if (status === 'partial' || (status === 'generator-limited' && !allowSaturated)) return ExitCode.invalidRun;
  return result.thresholds.every(({ passed }) => passed) ? ExitCode.ok : ExitCode.thresholdFailed;
}
