import type { ReconnectPolicy } from '../policies/policy.js';

/** Everything that the course of a storm depends on. Times count from the fault's start. */
export interface Storm {
  readonly seed: number;
  readonly herds: readonly Herd[];
  /** Of the close frame that ended the connections; null without one. */
  readonly closeCode: number | null;
  readonly outage: Outage;
  readonly acceptPerSecond: number;
  readonly acceptQueue: number;
  /** Attempts per second of a generator that stands for all clients; null: each has a machine of its own. */
  readonly generator: GeneratorRate | null;
  /** How long it takes a client to learn that its attempt was refused. */
  readonly refusalUs: number;
}

export interface GeneratorRate {
  readonly attemptsPerSecond: number;
  /** While they are refused. */
  readonly refusedPerSecond: number;
}

/** The connections of one population that were lost. */
export interface Herd {
  readonly name: string;
  /** Their numbers within the population. */
  readonly connections: Int32Array;
  /** Null: they stay away. */
  readonly policy: ReconnectPolicy | null;
  /** For a whole attempt. */
  readonly timeoutUs: number;
}

export interface Outage {
  /** Null: it never ends. */
  readonly untilUs: number | null;
  /** Of the attempts that are made until then, how many fail: 0 to 1. */
  readonly share: number;
}
