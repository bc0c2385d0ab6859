import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CreateHost } from './host.js';
import type { FromHostProcess } from './messages.js';

const ENTRY = fileURLToPath(new URL('./hostProcess.js', import.meta.url));

/**
 * A semi-space of 4 MiB, as for worker threads: left alone, V8 lets it grow to 16 MiB while connections are opened, which
 * costs more memory than thousands of connections do.
 */
const FLAGS = ['--max-semi-space-size=4'];

/**
 * Runs each shard on the main thread of a process of its own, for more connections than one process has descriptors. A
 * process ends when this one does, however that ends.
 */
export const createProcessHost: CreateHost = (tasks, listener) => {
  let ending = false;
  const dead = new Set<number>();

  const children = tasks.map((task, worker): ChildProcess => {
    const child = fork(ENTRY, [], {
      // Ctrl-C is for wsherd alone, which then says what is to end.
      detached: true,
      // Messages hold typed arrays.
      serialization: 'advanced',
      execArgv: FLAGS,
    });
    child.on('message', (message: FromHostProcess) => {
      if (message.kind === 'crashed') died(worker, message.why);
      else listener.onMessage(worker, message);
    });
    child.on('error', (error) => died(worker, error.message));
    child.once('exit', (code, signal) => {
      died(
        worker,
        signal === null ? `its process ended with code ${code}` : `its process ended by ${signal}`,
      );
    });
    child.send(task, () => {});
    return child;
  });

  function died(worker: number, why: string): void {
    // The first to be told says most about it.
    if (ending || dead.has(worker)) return;
    dead.add(worker);
    listener.onDied(worker, why);
  }

  return {
    pids: children.map(({ pid }) => pid ?? 0),
    send(worker, message) {
      // One that cannot be told anything any more has ended, which is heard of otherwise.
      children[worker]!.send(message, () => {});
    },
    async end() {
      ending = true;
      await Promise.all(
        children.map(async (child) => {
          if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
          const ended = once(child, 'exit');
          child.kill('SIGKILL');
          await ended;
        }),
      );
    },
  };
};
