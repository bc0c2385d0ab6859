import type { CreateHost } from '../../dist/run/host.js';
import { createThreadHost } from '../../dist/run/threadHost.js';

/** What no worker understands: reading it throws in the thread, as a bug would, and ends it. */
const POISON = JSON.parse('null');

/** The host that every run has, whose workers crash in the middle of their work. */
export function crashingHost(
  crashes: ReadonlyArray<{ worker: number; afterMs: number }>,
  createHost: CreateHost = createThreadHost,
): CreateHost {
  return (tasks, listener) => {
    const host = createHost(tasks, listener);
    const timers = crashes.map(({ worker, afterMs }) => setTimeout(() => host.send(worker, POISON), afterMs));
    return {
      pids: host.pids,
      send: (worker, message) => host.send(worker, message),
      end() {
        for (const timer of timers) clearTimeout(timer);
        return host.end();
      },
    };
  };
}
