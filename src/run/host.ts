import type { FromWorker, ToWorker, WorkerTask } from './messages.js';

interface HostListener {
  onMessage(worker: number, message: FromWorker): void;
  /** The worker ended before its work was done; what it had reported stays. */
  onDied(worker: number, why: string): void;
}

/** Something that runs workers: threads of this process, other processes, another machine. */
export interface Host {
  /** The process that each worker lives in. */
  readonly pids: readonly number[];
  send(worker: number, message: ToWorker): void;
  /** Ends every worker that still runs, whatever it is doing. */
  end(): Promise<void>;
}

/** Starts one worker for each task. */
export type CreateHost = (tasks: readonly WorkerTask[], listener: HostListener) => Host;
