import type { RunningProxy } from '../proxy/proxy.js';
import type { RunningTarget } from '../target/target.js';

/**
 * Does one kind of fault. Resolves when the timeline may go on; what lasts longer is handed to
 * `parts.background`. Never throws: what goes wrong is an event of the run.
 */
export type Fault<Spec> = (spec: Spec, parts: FaultParts) => Promise<void>;

/** What a fault may use. */
export interface FaultParts {
  /** When the fault began, on the monotonic clock: `down` and `for` count from there. */
  readonly startUs: number;
  readonly target: RunningTarget;
  /** There when the scenario says `through: proxy`. */
  readonly proxy: RunningProxy | null;
  /** Where the output of programs goes. */
  readonly logFile: string;
  /** Every client of the share closes its connection, and comes back as its policy says. */
  disconnectClients(share: number): void;
  /** Waits until an instant on the monotonic clock, or until the run is on its way out. */
  until(instantUs: number): Promise<void>;
  /** The timeline goes on, but the fault is not over before this is: a recovery waits for it. */
  background(rest: Promise<void>): void;
  /** From now on connections end because the target is down, and when it is up again. */
  targetDown(): void;
  targetUp(): void;
  /** Writes down what has been done, in words: kind `fault`. */
  done(detail: string): void;
  /** The fault could not be made: the run has not shown what it was to show. Kind `fault-failed`. */
  failed(detail: string): void;
  /** The fault was made, and could not be undone: kind `not-mended`. */
  notMended(detail: string): void;
}
