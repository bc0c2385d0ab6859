import type { Published } from '../delivery/delivery.js';
import type { PopulationTarget } from '../load/shardLoad.js';
import type { PhaseKind, Snapshot, Source } from '../metrics/snapshot.js';
import type { Shard } from '../plan/shard.js';

/** What a worker is given to do. */
export interface WorkerTask {
  readonly shard: Shard;
  readonly source: Source;
  /** One for each population of the shard. */
  readonly targets: readonly PopulationTarget[];
}

/** Instants are on the monotonic clock and a little in the future, so that all workers do it at the same time. */
export type ToWorker =
  | { readonly kind: 'start'; readonly startUs: number }
  | { readonly kind: 'phase'; readonly phase: PhaseKind; readonly name: string; readonly atUs: number }
  | { readonly kind: 'arrive'; readonly fromShare: number; readonly toShare: number; readonly atUs: number }
  /** A share of the open connections is closed, to come back as their policies say. */
  | { readonly kind: 'disconnect'; readonly share: number }
  /** Stop sending, await answers until then, close every connection. */
  | { readonly kind: 'drain'; readonly untilUs: number }
  /** What all workers have published: nothing more is. */
  | { readonly kind: 'published'; readonly published: Published }
  /** Cut every connection off. */
  | { readonly kind: 'abort' };

/** What the process of a worker tells. */
export type FromHostProcess =
  | FromWorker
  /** Its code threw: it is about to end. */
  | { readonly kind: 'crashed'; readonly why: string };

export type FromWorker =
  /** Loaded; waits for `start`. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  /** The phase has begun, and the books of the one before it are closed. */
  | { readonly kind: 'entered'; readonly phase: string }
  /** Everybody who was to arrive has opened or failed. */
  | { readonly kind: 'settled' }
  /** The drain has begun: what this worker has published. */
  | { readonly kind: 'published'; readonly published: Published }
  /** It ends without having heard what the others published. */
  | { readonly kind: 'unaccounted' }
  /** Every connection has ended and everything is reported; the worker ends. */
  | { readonly kind: 'drained' };
