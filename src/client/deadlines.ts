import { nowUs } from '../clock.js';

/**
 * Deadlines that all lie equally far ahead of their start, so that the order of starting is the order of
 * expiry: one queue and one timer for any number of connections, and O(1) to start or to cancel one.
 */
export class Deadlines<T> {
  /** Insertion order is due order. */
  private readonly dueUs = new Map<T, number>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly timeoutUs: number,
    private readonly onExpired: (item: T) => void,
  ) {}

  /** Starts the deadline of `item` anew. */
  start(item: T): void {
    this.dueUs.delete(item);
    this.dueUs.set(item, nowUs() + this.timeoutUs);
    if (this.timer === null) this.arm(this.timeoutUs);
  }

  /** The timer stays: one that comes for nothing is cheaper than one set and cleared for each item. */
  cancel(item: T): void {
    this.dueUs.delete(item);
  }

  private arm(afterUs: number): void {
    this.timer = setTimeout(() => this.expire(), Math.ceil(afterUs / 1000));
    // The sockets waited for keep the process alive; a deadline alone must not.
    this.timer.unref();
  }

  private expire(): void {
    this.timer = null;
    for (const [item, dueUs] of this.dueUs) {
      const aheadUs = dueUs - nowUs();
      if (aheadUs > 0) {
        // An expiry may have started a deadline, and with it the timer.
        if (this.timer === null) this.arm(aheadUs);
        return;
      }
      this.dueUs.delete(item);
      this.onExpired(item);
    }
  }
}
