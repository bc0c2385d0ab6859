import { Worker } from 'node:worker_threads';
import type { Snapshot, Source } from '../metrics/snapshot.js';
import type { BesideSpec } from '../scenario/scenario.js';
import type { RunningTarget } from '../target/target.js';

/** What the thread is given to do. */
export interface BesideTask {
  readonly spec: BesideSpec;
  readonly href: string;
  readonly address: string;
  readonly source: Source;
}

/** Instants are on the monotonic clock and a little in the future. */
export type ToBeside =
  | { readonly kind: 'start'; readonly startUs: number }
  | { readonly kind: 'phase'; readonly name: string; readonly atUs: number }
  | { readonly kind: 'stop' };

export type FromBeside =
  /** Loaded; waits for `start`. */
  { readonly kind: 'ready' } | { readonly kind: 'snapshot'; readonly snapshot: Snapshot };

/** Plain HTTP requests on the target's own host and port during a run, from a thread of their own. */
export interface Beside {
  /** Resolves when the thread has been loaded, or has died. */
  ready(): Promise<void>;
  /** Requests are sent from `startUs` on. */
  start(startUs: number): void;
  enter(phase: string, atUs: number): void;
  /** Resolves when the last snapshot has been handed over and the thread has ended; a second call waits for the same. */
  stop(): Promise<void>;
}

/**
 * Starts the thread. A plain one: a pool has nothing to give to a single task that lasts the whole run.
 * @param source Its `worker` is the number after the last worker's.
 * @param onDied The thread has ended by itself, and why; nothing more is reported.
 */
export function startBeside(
  spec: BesideSpec,
  { url, address }: Pick<RunningTarget, 'url' | 'address'>,
  source: Source,
  onSnapshot: (snapshot: Snapshot) => void,
  onDied: (why: string) => void,
): Beside {
  const task: BesideTask = { spec, href: url.href, address, source };
  const thread = new Worker(new URL('./besideWorker.js', import.meta.url), { workerData: task });
  const tell = (message: ToBeside): void => thread.postMessage(message);
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve) => {
    thread.on('message', (message: FromBeside) => {
      if (message.kind === 'ready') resolve();
      else onSnapshot(message.snapshot);
    });
  });
  thread.once('error', (error) => onDied(error.message));

  return {
    ready: () => Promise.race([ready, ended]),
    start: (startUs) => tell({ kind: 'start', startUs }),
    enter: (name, atUs) => tell({ kind: 'phase', name, atUs }),
    stop() {
      tell({ kind: 'stop' });
      return ended;
    },
  };
}
