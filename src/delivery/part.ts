import type { MetricName } from '../metrics/catalogue.js';
import type { IntervalHistogram } from '../metrics/histogram.js';
import type { Counter } from '../metrics/recorder.js';
import type { OpenMessages } from './openMessages.js';
import type { PublishedLog } from './timeBuckets.js';
import type { Topology } from './topology.js';

/** What all populations of a worker share. */
export interface SharedAccounts {
  readonly topology: Topology;
  readonly openMessages: OpenMessages;
  /** By this worker. */
  readonly published: PublishedLog;
  /** Tells the markers of this run. */
  readonly run: number;
  /** Start of the run on the monotonic clock: markers count from there. */
  readonly startUs: number;
}

/** One population's part of a worker. */
export interface Part {
  /** Connections in this worker. */
  readonly connections: number;
  /** The number in the whole population of a connection of this worker. */
  identityOf(connection: number): number;
  /** Whether a connection of that number is in this worker. */
  has(identity: number): boolean;
  /** Whether the deliveries to a member are accounted for one by one. */
  isAccounted(connection: number): boolean;
  counter(name: MetricName): Counter;
  histogram(name: MetricName): IntervalHistogram;
}
