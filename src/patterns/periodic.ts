import type { PatternContext } from './pattern.js';

/**
 * The open model: `due(k) = start + offset + k * period`, whatever has become of the messages before.
 * A connection that went on the schedule stays on it while it is down, so that what it misses is counted.
 */
export class PeriodicSchedule {
  private readonly joined: Uint8Array;
  private startUs: number | null = null;
  private stopped = false;

  constructor(
    private readonly context: PatternContext,
    private readonly everyUs: number,
    private readonly offset: 'uniform' | 'aligned',
    private readonly purpose: number,
  ) {
    this.joined = new Uint8Array(context.connections);
  }

  get isStarted(): boolean {
    return this.startUs !== null;
  }

  start(startUs: number): void {
    this.startUs = startUs;
  }

  stop(): void {
    this.stopped = true;
  }

  /** Puts a connection on the schedule, from its first due time after `nowUs` on; once there, it stays. */
  join(connection: number, nowUs: number): void {
    if (this.startUs === null || this.stopped || this.joined[connection] === 1) return;
    this.joined[connection] = 1;
    const { everyUs } = this;
    const originUs = this.startUs + this.offsetUs(connection);
    const k = Math.max(0, Math.ceil((nowUs - originUs) / everyUs));
    this.context.schedule(connection, k, originUs + k * everyUs);
  }

  /** Due number `k` has come: arranges the next. False when the schedule was stopped. */
  advance(connection: number, k: number, dueUs: number): boolean {
    if (this.stopped) return false;
    this.context.schedule(connection, k + 1, dueUs + this.everyUs);
    return true;
  }

  private offsetUs(connection: number): number {
    if (this.offset === 'aligned') return 0;
    return Math.floor(this.context.random(connection, this.purpose, 0) * this.everyUs);
  }
}
