import { nowUs } from '../clock.js';

export type HaltReason =
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'target-exit'; readonly how: string }
  | { readonly kind: 'proxy-exit'; readonly how: string }
  | { readonly kind: 'workers-died' }
  /** A threshold cannot hold any more, whatever is still to come. */
  | { readonly kind: 'decided'; readonly why: string };

/** Whether, and why, the timeline is to be left early; the first reason stays. */
export class Halt {
  reason: HaltReason | null = null;
  private listener: (reason: HaltReason) => void = () => {};
  private wake: () => void = () => {};
  private readonly halted = new Promise<void>((resolve) => {
    this.wake = resolve;
  });

  stop(reason: HaltReason): void {
    if (this.reason !== null) return;
    this.reason = reason;
    this.listener(reason);
    this.wake();
  }

  /** Hears of the reason, at once if there is one already. */
  onStop(listener: (reason: HaltReason) => void): void {
    this.listener = listener;
    if (this.reason !== null) listener(this.reason);
  }

  /** Resolves with what it is given, or as soon as the run is halted. */
  async or(other: Promise<unknown>): Promise<void> {
    await Promise.race([other, this.halted]);
  }

  /** Waits until an instant on the monotonic clock, or until the run is halted. */
  async until(instantUs: number): Promise<void> {
    const waitMs = millisecondsUntil(instantUs);
    let timer: NodeJS.Timeout | undefined;
    const time = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, waitMs);
    });
    await this.or(time);
    clearTimeout(timer);
  }
}

/** Waits until an instant on the monotonic clock, whatever happens meanwhile. */
export async function sleepUntil(instantUs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, millisecondsUntil(instantUs)));
}

/** Rounded up, since a timer leaves fractions away and would come before the instant that was agreed. */
function millisecondsUntil(instantUs: number): number {
  return Math.max(0, Math.ceil((instantUs - nowUs()) / 1000));
}
