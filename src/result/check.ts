import type { RunResult, Warning } from './types.js';

/** A record that is done but for its warnings and verdicts. */
export type Warned = Omit<RunResult, 'warnings' | 'thresholds'>;

/** Looks at the record for one thing that a reader should know, and says what to do about it. */
export type Check = (result: Warned) => Warning | null;
