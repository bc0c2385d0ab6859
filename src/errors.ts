/** Exit codes of the command line; the first that applies wins, in this order. */
export const ExitCode = {
  ok: 0,
  internal: 1,
  usage: 2,
  interrupted: 130,
  target: 3,
  invalidRun: 4,
  regression: 98,
  thresholdFailed: 99,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** A mistake that the user can mend; its message says what is wrong and how to mend it. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** The command line or the scenario is wrong; nothing was started. `problems` lists every one of them. */
export class ScenarioError extends UserError {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'), ExitCode.usage);
  }
}

/** The command line is wrong. */
export class UsageError extends UserError {
  constructor(message: string) {
    super(message, ExitCode.usage);
  }
}

/** The target cannot be tested: not reachable, not allowed, did not start. */
export class TargetError extends UserError {
  constructor(message: string) {
    super(message, ExitCode.target);
  }
}

/** The user stopped wsherd before there was anything to report. */
export class InterruptedError extends UserError {
  constructor(message: string) {
    super(message, ExitCode.interrupted);
  }
}

/** This machine cannot carry the run; the message names the limit and the exact remedy. */
export class PreflightError extends UserError {
  constructor(message: string) {
    super(message, ExitCode.target);
  }
}
