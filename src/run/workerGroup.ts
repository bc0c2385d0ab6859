import { mergePublished, type Published } from '../delivery/delivery.js';
import type { PhaseKind, Snapshot } from '../metrics/snapshot.js';
import type { CreateHost, Host } from './host.js';
import type { FromWorker, ToWorker, WorkerTask } from './messages.js';

export interface WorkerGroupListener {
  onSnapshot(snapshot: Snapshot): void;
  onDied(worker: number, why: string): void;
  onUnaccounted(worker: number): void;
}

type Milestone = 'ready' | 'entered' | 'settled' | 'published' | 'drained';

/** All workers of a run as one: told the same, and waited for together. One that dies is waited for no more. */
export class WorkerGroup {
  readonly size: number;
  private readonly host: Host;
  private readonly alive: Set<number>;
  private readonly reached: Record<Milestone, Set<number>> = {
    ready: new Set(),
    entered: new Set(),
    settled: new Set(),
    published: new Set(),
    drained: new Set(),
  };
  private phase = '';
  private readonly published: Published[] = [];
  private waiting: Array<() => void> = [];

  constructor(
    createHost: CreateHost,
    tasks: readonly WorkerTask[],
    private readonly listener: WorkerGroupListener,
  ) {
    this.size = tasks.length;
    this.alive = new Set(tasks.keys());
    this.host = createHost(tasks, {
      onMessage: (worker, message) => this.onMessage(worker, message),
      onDied: (worker, why) => this.onDied(worker, why),
    });
  }

  /** The process that each worker lives in. */
  get pids(): readonly number[] {
    return this.host.pids;
  }

  get anyAlive(): boolean {
    return this.alive.size > 0;
  }

  start(startUs: number): void {
    this.tell({ kind: 'start', startUs });
  }

  /** `whenAll('entered')` then waits for this phase. */
  enter(phase: PhaseKind, name: string, atUs: number): void {
    this.reached.entered.clear();
    this.phase = name;
    this.tell({ kind: 'phase', phase, name, atUs });
  }

  /** `whenAll('settled')` then waits for this arrival. */
  arrive(fromShare: number, toShare: number, atUs: number): void {
    this.reached.settled.clear();
    this.tell({ kind: 'arrive', fromShare, toShare, atUs });
  }

  disconnect(share: number): void {
    this.tell({ kind: 'disconnect', share });
  }

  /** Each worker then learns what all of them have published, so that it knows what is still to come. */
  drain(untilUs: number): void {
    this.tell({ kind: 'drain', untilUs });
    void this.whenAll('published').then(() =>
      this.tell({ kind: 'published', published: mergePublished(this.published) }),
    );
  }

  abort(): void {
    this.tell({ kind: 'abort' });
  }

  /** Resolves when every worker that lives has come so far. */
  async whenAll(milestone: Milestone): Promise<void> {
    while (![...this.alive].every((worker) => this.reached[milestone].has(worker))) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  end(): Promise<void> {
    return this.host.end();
  }

  private tell(message: ToWorker): void {
    for (const worker of this.alive) this.host.send(worker, message);
  }

  private onMessage(worker: number, message: FromWorker): void {
    if (message.kind === 'snapshot') {
      this.listener.onSnapshot(message.snapshot);
      return;
    }
    if (message.kind === 'unaccounted') {
      this.listener.onUnaccounted(worker);
      return;
    }
    if (message.kind === 'published') this.published.push(message.published);
    // A worker that is late may tell of the phase before.
    if (message.kind === 'entered' && message.phase !== this.phase) return;
    this.reached[message.kind].add(worker);
    this.wake();
  }

  private onDied(worker: number, why: string): void {
    this.alive.delete(worker);
    this.listener.onDied(worker, why);
    this.wake();
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
