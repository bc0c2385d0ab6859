import type { Close } from '../client/types.js';
import type { PopulationDelivery } from '../delivery/populationDelivery.js';
import type { Dialect, DialectEvent } from '../dialects/dialect.js';
import type { MetricName } from '../metrics/catalogue.js';
import type { IntervalHistogram } from '../metrics/histogram.js';
import type { Counter } from '../metrics/recorder.js';
import type { PhaseKind } from '../metrics/snapshot.js';

/**
 * One behaviour of a population: one object per population and thread. What it remembers of each connection
 * lies in arrays indexed by connection (0 to `context.connections - 1`), so that a message costs no
 * allocation. It knows neither sockets nor that the transport is a WebSocket.
 */
export interface Pattern {
  /** The application let the connection in; again after each reconnect. */
  onReady(connection: number, nowUs: number): void;
  /** It is where it belongs: in its rooms, where it has any. */
  onAdmitted?(connection: number, nowUs: number): void;
  /** What `context.schedule` asked for is due; `nowUs - dueUs` is how late the generator is. */
  onDue(connection: number, k: number, dueUs: number, nowUs: number): void;
  onEvent(connection: number, event: DialectEvent, receivedUs: number): void;
  onClose(connection: number, close: Close, nowUs: number): void;
  /** The connection is about to be closed in good order; what is sent now still goes. */
  onLeaving?(connection: number): void;
  /** A phase begins; `startUs` is its agreed start, the same in every worker. */
  onPhase(kind: PhaseKind, startUs: number): void;
  /** Send nothing more; answers still count. */
  stop(nowUs: number): void;
  /** The run is over: what is still unanswered stays so. */
  finish(nowUs: number): void;
  /** Messages sent whose answers are still awaited. */
  readonly awaited: number;
}

/** What a pattern asks of its shard: time, wire and books. None of its functions needs `this`. */
export interface PatternContext {
  /** Connections of the population in this thread. */
  readonly connections: number;
  /** Start of the run on the monotonic clock: the origin of every schedule. */
  readonly startUs: number;
  /** The monotonic clock; see `clock.ts`. */
  nowUs(): number;
  /** Uniform in [0, 1), a function of (seed, population, connection, purpose, k): the same on any number of threads. */
  random(connection: number, purpose: number, k: number): number;
  schedule(connection: number, k: number, dueUs: number): void;
  isReady(connection: number): boolean;
  /** Each returns false, having sent nothing, while the connection's unsent bytes are past the limit. */
  sendPing(connection: number, sequence: number): boolean;
  sendHeartbeat(connection: number, sequence: number): boolean;
  sendEcho(connection: number, sequence: number, sizeBytes: number): boolean;
  /** Sends one message that `dialect` has written; null is none. */
  send(connection: number, message: Uint8Array | null, binary: boolean): boolean;
  readonly dialect: Dialect;
  /** The accounts of who got which message; null when nobody publishes. */
  readonly delivery: PopulationDelivery | null;
  /** Reads nothing more from the connection, until `resumeReading` or its end. */
  pauseReading(connection: number): void;
  resumeReading(connection: number): void;
  /** The connection is where it belongs: in a population with rooms, the ramp waits for this rather than for ready. */
  admitted(connection: number): void;
  /** The application refuses what the connection has to have: a failure of stage `dialect`, with the server's words. */
  refused(connection: number, cause: string, text: string): void;
  /**
   * In a run with faults: response times of connections that the latest fault has spared (`fates[connection]` is 0)
   * go here too. Null without faults.
   */
  readonly collateral: { readonly fates: Uint8Array; readonly response: IntervalHistogram } | null;
  /** Ends the connection because its peer has fallen silent. */
  giveUp(connection: number): void;
  counter(name: MetricName): Counter;
  histogram(name: MetricName): IntervalHistogram;
}

/** Purposes of `random`: each draw has its own number so that no two are the same draw. */
export const Purpose = {
  arrival: 1,
  lifetime: 2,
  heartbeatOffset: 3,
  echoOffset: 4,
  reconnect: 5,
  reconnectOnce: 6,
  publishOffset: 7,
  publishSpacing: 8,
  publishSize: 9,
  readOffset: 10,
  accountedSample: 11,
  payload: 12,
} as const;
