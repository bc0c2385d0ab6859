/** Which latencies the tries of a search have in common, and what they are called. */
import type { CapacityFigures, CapacityRecord, Vary } from '../../../result/capacity.js';
import { measured } from './tries.js';

export const HANDSHAKE = 'handshake.total';

const NAMES: Readonly<Record<string, { readonly name: string; readonly many: string }>> = {
  [HANDSHAKE]: { name: 'Handshake', many: 'handshakes' },
  'heartbeat.response': { name: 'Heartbeat', many: 'heartbeats' },
  'echo.response': { name: 'Echo', many: 'echoes' },
  'broadcast.delivery': { name: 'Delivery', many: 'deliveries' },
  'broadcast.median': { name: 'Median delivery', many: 'median deliveries' },
  'broadcast.last': { name: 'Last delivery', many: 'last deliveries' },
};

export interface Latency {
  readonly metric: string;
  readonly name: string;
  /** In the plural, in the middle of a sentence. */
  readonly many: string;
}

/** Those with a sample, the one that the search is about first: of handshakes when these are varied, else of messages. */
export function latenciesOf(record: Pick<CapacityRecord, 'levels' | 'vary'>): Latency[] {
  const metrics = new Set(
    measured(record).flatMap(({ result }) =>
      Object.entries(result.latencies).flatMap(([metric, { count }]) => (count > 0 ? [metric] : [])),
    ),
  );
  return [...metrics]
    .sort((a, b) => rank(a, record.vary) - rank(b, record.vary))
    .map((metric) => ({ metric, ...(NAMES[metric] ?? { name: metric, many: metric }) }));
}

function rank(metric: string, vary: Vary): number {
  if (metric === HANDSHAKE) return vary === 'connect-rate' ? -1 : 1;
  return 0;
}

/** The slow end of a latency: its p99, or what the number of its samples allows; null without one. */
export function slowEnd(
  { latencies }: CapacityFigures,
  metric: string,
): { readonly us: number; readonly label: string } | null {
  const times = latencies[metric];
  if (times === undefined || times.count === 0) return null;
  if (times.p99Us !== null) return { us: times.p99Us, label: 'p99' };
  if (times.p90Us !== null) return { us: times.p90Us, label: 'p90' };
  return { us: times.maxUs, label: 'slowest' };
}
