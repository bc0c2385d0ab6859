import { ExitCode } from '../errors.js';
import type { RunningServer } from './reference.js';

/** Lets a server say goodbye to its clients at the first of these signals; the next one ends its process at once. */
export function stopOnSignals(
  server: RunningServer,
  signals: ReadonlyArray<'SIGINT' | 'SIGTERM'> = ['SIGINT', 'SIGTERM'],
): void {
  let stopping = false;
  async function stop(): Promise<void> {
    if (stopping) process.exit(ExitCode.ok);
    stopping = true;
    await server.stop();
    process.exit(ExitCode.ok);
  }
  for (const signal of signals) process.on(signal, stop);
}
