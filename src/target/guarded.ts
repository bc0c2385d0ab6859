import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GuardianMessage } from './guardian.js';

const GUARDIAN = fileURLToPath(new URL('./guardian.js', import.meta.url));

export type GuardedEnd = Exclude<GuardianMessage, { kind: 'started' }>;

/** A command that runs under a guardian. */
export interface Guarded {
  /** Null before its start and after its end. */
  pid(): number | null;
  /** How it ended, or null while it runs. */
  end(): GuardedEnd | null;
  /** Ends it with all its children. */
  stop(): Promise<void>;
}

/**
 * Starts a command under a guardian: a process that outlives this one by as long as it takes to end the command.
 * @param logFile Where its output goes.
 * @param onEnd Called when the command ends by itself.
 */
export function startGuarded(
  command: readonly string[],
  logFile: string,
  onEnd: (end: GuardedEnd) => void,
): Guarded {
  const log = openSync(logFile, 'a');
  const guardian = fork(GUARDIAN, [JSON.stringify(command)], {
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
    ended({ kind: 'exited', how: 'with its guardian process' });
  });

  return {
    pid: () => (end === null ? pid : null),
    end: () => end,
    async stop() {
      stopping = true;
      if (guardian.exitCode !== null || guardian.signalCode !== null) return;
      const exited = once(guardian, 'exit');
      if (guardian.connected) guardian.disconnect();
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
