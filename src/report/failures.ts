import type { FailureCount, RunResult } from '../result/types.js';

/** Attempts that did not open, by why, most first. */
export function failedAttempts({ failures }: RunResult): FailureCount[] {
  return mostFirst(failures.filter(({ stage }) => stage !== 'dialect'));
}

/** What the application refused or complained of on connections that are open, most first. */
export function refusals({ failures }: RunResult): FailureCount[] {
  return mostFirst(failures.filter(({ stage }) => stage === 'dialect'));
}

function mostFirst(failures: readonly FailureCount[]): FailureCount[] {
  return [...failures].sort((a, b) => b.count - a.count);
}
