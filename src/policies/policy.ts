/**
 * How a client comes back when its connection is lost: pure rules over numbers. They know neither sockets nor
 * timers, so that the load side and the model of a storm follow the very same ones.
 */

/** What a client does about its connection's end, or about one way for it to end. */
export type CloseAction = 'retry' | 'retry-at-once' | 'give-up';

/** The first rule that matches a close applies; without one: retry. */
export interface CloseRule {
  /** Close codes from one to the other, both included; or any close frame, whatever its code. */
  readonly codes: readonly [from: number, to: number] | 'any-frame';
  readonly action: CloseAction;
}

/**
 * `expected(n)` for n = 0, 1, 2, ... (0 for the first retry), then the cap, then the jitter, then the cap after
 * jitter. Times are in us.
 */
export interface DelayRule {
  readonly growth:
    | { readonly kind: 'list'; readonly delaysUs: readonly number[] } // the last one repeats
    | { readonly kind: 'linear'; readonly baseUs: number; readonly stepUs: number } // base + n * step
    | {
        readonly kind: 'exponential';
        readonly baseUs: number;
        readonly factor: number;
        /** n grows no further than this; null: without end. */
        readonly mostSteps: number | null;
      }; // base * factor^n
  readonly capUs: number | null;
  /** Applied one after the other, each with a draw of its own. */
  readonly jitters: readonly Jitter[];
  readonly capAfterJitterUs: number | null;
  /** From so long after the loss on, this delay in place of all others; null: never. */
  readonly late: { readonly afterUs: number; readonly delayUs: number } | null;
}

/** Turns a delay d into a random one; U is uniform. */
export type Jitter =
  | { readonly kind: 'full' } // U(0, d)
  | { readonly kind: 'equal' } // d/2 + U(0, d/2)
  | { readonly kind: 'decorrelated'; readonly baseUs: number } // U(base, 3 * previous delay), capped by capUs
  | { readonly kind: 'deviation'; readonly share: number } // backo2: d -+ floor(r * share * d), in whole ms
  | { readonly kind: 'plus'; readonly lowUs: number; readonly highUs: number } // d + U(low, high)
  | {
      readonly kind: 'times';
      readonly low: number;
      readonly high: number;
      /** The range for n = 0 when it is another one. */
      readonly first: readonly [low: number, high: number] | null;
      /** True: one draw for the whole life of a connection, where the original draws once per page. */
      readonly once: boolean;
    }; // d * U(low, high)

export interface ReconnectPolicy {
  /** A preset's name or a generic one: `socket.io`, `full-jitter`. */
  readonly name: string;
  readonly delay: DelayRule;
  /** Attempts in a row without success after which the client gives up; null: it never does. */
  readonly attempts: number | null;
  /** A connection must have been open this long for the count to begin again; 0: as soon as it opens. */
  readonly resetAfterUs: number;
  /** How long an attempt may take, in place of `connect.handshakeTimeout`; null keeps that. */
  readonly connectTimeoutUs: number | null;
  readonly closes: readonly CloseRule[];
  /** Waits at least as long as the Retry-After of a refused upgrade asks. */
  readonly waitsRetryAfter: boolean;
}

/** Numbers of `Retry.draw` are below this: a connection's draws for its next retry follow from there. */
export const DRAWS_PER_RETRY = 4;

/** What a delay may depend on. One object may serve all calls: nobody keeps it. */
export interface Retry {
  /** 0 for the first retry since the count began. */
  readonly n: number;
  /** The delay before, in us; 0 for the first. */
  readonly previousUs: number;
  /** Time since the connection was lost, in us. */
  readonly sinceLossUs: number;
  /** Uniform in [0, 1), draw `j` of this retry; the same j gives the same number. */
  draw(j: number): number;
  /** Uniform in [0, 1), the same for every retry of the connection. */
  drawOnce(): number;
}
