import type { PhaseKind } from '../metrics/snapshot.js';
import type { PatternContext } from './pattern.js';

/** Passed to `schedule` for a look at what is overdue; the dues of a schedule count from 0. */
export const DEADLINE = -1;

interface Form {
  /** Where in its period a connection begins: anywhere, or all at the same time (the worst case). */
  readonly offset: 'uniform' | 'aligned';
  /** Default uniform; poisson: exponentially distributed distances whose mean is the period. */
  readonly spacing?: 'uniform' | 'poisson';
}

/** The purposes of its draws. */
interface Draws {
  readonly offset: number;
  readonly spacing?: number;
}

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
    private readonly form: Form,
    private readonly draws: Draws,
  ) {
    this.joined = new Uint8Array(context.connections);
  }

  start(startUs: number): void {
    this.startUs = startUs;
  }

  /** Starts with the first phase after the ramp: whatever sends to others, or to the server's cost, waits for everybody. */
  startAfterRamp(kind: PhaseKind, startUs: number): void {
    if (kind === 'ramp' || kind === 'drain' || this.startUs !== null) return;
    this.start(startUs);
    for (let connection = 0; connection < this.context.connections; connection++) {
      if (this.context.isReady(connection)) this.join(connection, startUs);
    }
  }

  stop(): void {
    this.stopped = true;
  }

  /** Puts a connection on the schedule, from its first due time after `nowUs` on; once there, it stays. */
  join(connection: number, nowUs: number): void {
    if (this.startUs === null || this.stopped || this.joined[connection] === 1) return;
    this.joined[connection] = 1;
    const originUs = this.startUs + this.offsetUs(connection);
    if (this.form.spacing === 'poisson') {
      this.joinPoisson(connection, originUs, nowUs);
      return;
    }
    const k = Math.max(0, Math.ceil((nowUs - originUs) / this.everyUs));
    this.context.schedule(connection, k, originUs + k * this.everyUs);
  }

  private joinPoisson(connection: number, originUs: number, nowUs: number): void {
    let k = 0;
    let dueUs = originUs;
    while (dueUs < nowUs) dueUs += this.gapUs(connection, k++);
    this.context.schedule(connection, k, dueUs);
  }

  /** Due number `k` has come: arranges the next. False when the schedule was stopped. */
  advance(connection: number, k: number, dueUs: number): boolean {
    if (this.stopped) return false;
    this.context.schedule(connection, k + 1, dueUs + this.gapUs(connection, k));
    return true;
  }

  private gapUs(connection: number, k: number): number {
    const { spacing } = this.draws;
    if (this.form.spacing !== 'poisson' || spacing === undefined) return this.everyUs;
    return Math.max(1, Math.round(-Math.log(1 - this.context.random(connection, spacing, k)) * this.everyUs));
  }

  private offsetUs(connection: number): number {
    if (this.form.offset === 'aligned') return 0;
    return Math.floor(this.context.random(connection, this.draws.offset, 0) * this.everyUs);
  }
}
