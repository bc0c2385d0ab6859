/** What was published and who got it, for scripts. */
import type { BroadcastResult } from '../result/broadcast.js';
import { publishingOf } from '../result/publishing.js';
import type { RunResult } from '../result/types.js';
import {
  type Acknowledgements,
  acknowledgementsOf,
  type Deliveries,
  deliveriesOf,
  receivedOnce,
  receivers,
} from './broadcast.js';

/** The record's own, without its series. */
export interface BroadcastSummary extends Omit<BroadcastResult, 'perSecond'> {
  readonly deliveries: SummaryDeliveries;
  /** The same of each population that receives, when there are several. */
  readonly populations: Readonly<Record<string, SummaryDeliveries>>;
  /** Null when neither end acknowledges. */
  readonly acknowledgements: Acknowledgements | null;
  /** While publishers were at work. */
  readonly publishedPerSecond: number | null;
  readonly deliveredPerSecond: number | null;
  readonly targetCpuPercent: number | null;
}

/** `expected = receivedOnce + lost + missed`. */
interface SummaryDeliveries extends Deliveries {
  readonly receivedOnce: number;
}

/** Null when nobody publishes. */
export function broadcastSummary(result: RunResult): BroadcastSummary | null {
  if (result.broadcast === null) return null;
  const { perSecond: _perSecond, ...numbers } = result.broadcast;
  const { published, delivered, seconds, targetCpuPercent } = publishingOf(result);
  const own = receivers(result);
  return {
    ...numbers,
    deliveries: summed(deliveriesOf(result.metrics)),
    populations:
      own.length < 2
        ? {}
        : Object.fromEntries(own.map(([name, { metrics }]) => [name, summed(deliveriesOf(metrics))])),
    acknowledgements: acknowledgementsOf(result),
    publishedPerSecond: seconds === 0 ? null : published / seconds,
    deliveredPerSecond: seconds === 0 ? null : delivered / seconds,
    targetCpuPercent,
  };
}

function summed(deliveries: Deliveries): SummaryDeliveries {
  return { ...deliveries, receivedOnce: receivedOnce(deliveries) };
}
