import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GuardianMessage, GuardianOrder, GuardianTask } from './guardian.js';

const GUARDIAN = fileURLToPath(new URL('./guardian.js', import.meta.url));

export type GuardedEnd = Exclude<GuardianMessage, { kind: 'started' }>;

/** A command that runs under a guardian. */
export interface Guarded {
  /** Null before its start and after its end. */
  pid(): number | null;
  /** How it ended, or null while it runs. */
  end(): GuardedEnd | null;
  /** Ends it with all its children; SIGKILL follows SIGTERM after `graceUs`. */
  stop(signal: GuardianOrder['signal'], graceUs: number): Promise<void>;
}

/**
 * Starts a command under a guardian: a process that outlives this one by as long as it takes to end the command.
 * @param logFile Where its output goes.
 * @param onEnd Called when the command ends by itself.
 */
export function startGuarded(task: GuardianTask, logFile: string, onEnd: (end: GuardedEnd) => void): Guarded {
  const log = openSync(logFile, 'a');
  const guardian = fork(GUARDIAN, [JSON.stringify(task)], {
    // Ctrl-C is for wsherd alone, which then says what is to end.
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    execArgv: [],
  });
  closeSync(log);
  let pid: number | null = null;
  let end: GuardedEnd | null = null;
  let stopping = false;

  function ended(how: GuardedEnd): void {
    if (end !== null) return;
    end = how;
    if (!stopping) onEnd(how);
  }

  guardian.on('message', (message: GuardianMessage) => {
    if (message.kind === 'started') pid = message.pid;
    else ended(message);
  });
  guardian.once('exit', (_code, signal) => {
    // Only an unguarded command can still be there.
    if (signal !== null && end === null) killGroup(pid);
    ended({ kind: 'exited', how: 'with its guardian process', code: null });
  });

  return {
    pid: () => (end === null ? pid : null),
    end: () => end,
    async stop(signal, graceUs) {
      stopping = true;
      if (guardian.exitCode !== null || guardian.signalCode !== null) return;
      const exited = once(guardian, 'exit');
      // A guardian that cannot be told anything any more is about to exit.
      guardian.send({ signal, graceUs } satisfies GuardianOrder, () => {});
      await exited;
    },
  };
}

function killGroup(pid: number | null): void {
  if (pid === null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended already.
  }
}
