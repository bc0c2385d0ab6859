/** What runs are compared by. Less is better in every one of them. */

import { decodeHistogram, emptyHistogram, type Histogram, percentile } from '../metrics/histogram.js';
import { samplesIn } from '../result/aftermath.js';
import type { MetricUnit } from '../result/comparison.js';
import { isAbnormal } from '../result/endings.js';
import type { Recovery } from '../result/recovery.js';
import type { HeapSlope } from '../result/targetRecord.js';
import type { RunResult } from '../result/types.js';

export interface Measure {
  readonly name: string;
  readonly unit: MetricUnit;
  /** `calibrated`: where a calibration says that it can be told from noise. */
  readonly gated: 'always' | 'calibrated';
  /** A change that is tolerated where the baseline is 0, in the unit. */
  readonly tolerance: number;
}

/** Latencies of the hold phases, in the order of interest; handshakes are those of the whole run. */
export const LATENCIES = [
  'heartbeat.response',
  'echo.response',
  'broadcast.delivery',
  'broadcast.last',
  'acknowledge.response',
  'handshake.total',
] as const;
const PERCENTILES = [
  { label: 'p50', share: 0.5, gated: 'always' },
  { label: 'p90', share: 0.9, gated: 'always' },
  { label: 'p99', share: 0.99, gated: 'calibrated' },
  { label: 'p999', share: 0.999, gated: 'calibrated' },
] as const;

/** In 0.1 % of the cases: less is not told from none. */
const SHARE = 0.001;
/** For times and sizes the baseline is 0 only where there is nothing to compare with. */
const ANY = 0;

/** All there are, in the order of a reader's interest. */
export const measures: readonly Measure[] = [
  ...LATENCIES.flatMap((latency) =>
    PERCENTILES.map(
      ({ label, gated }): Measure => ({ name: `${latency} ${label}`, unit: 'us', gated, tolerance: ANY }),
    ),
  ),
  { name: 'target.cpuPerConnect', unit: 'us', gated: 'always', tolerance: ANY },
  { name: 'target.cpuPerMessage', unit: 'us', gated: 'always', tolerance: ANY },
  { name: 'memory.perConnection', unit: 'bytes', gated: 'always', tolerance: ANY },
  { name: 'memory.heapPerConnection', unit: 'bytes', gated: 'always', tolerance: ANY },
  { name: 'heartbeat.unanswered', unit: 'share', gated: 'always', tolerance: SHARE },
  { name: 'echo.unanswered', unit: 'share', gated: 'always', tolerance: SHARE },
  { name: 'broadcast.lost', unit: 'share', gated: 'always', tolerance: SHARE },
  { name: 'broadcast.duplicated', unit: 'share', gated: 'always', tolerance: SHARE },
  { name: 'acknowledge.unacknowledged', unit: 'share', gated: 'always', tolerance: SHARE },
  { name: 'closes.abnormal', unit: 'share', gated: 'always', tolerance: SHARE },
  { name: 'connections.neverOpened', unit: 'share', gated: 'always', tolerance: SHARE },
  { name: 'recovery.t99', unit: 'us', gated: 'always', tolerance: ANY },
  { name: 'recovery.amplification', unit: 'count', gated: 'always', tolerance: ANY },
];

/** The samples of each latency that has any. Pure. */
export function latenciesOf(result: RunResult): ReadonlyMap<string, Histogram> {
  const holds = result.phases.filter(({ kind }) => kind === 'hold');
  const all = LATENCIES.map((name) => {
    const samples = name.startsWith('handshake.') ? wholeRun(result, name) : samplesIn(holds, name, null);
    return [name, samples.totalCount > 0 ? samples : wholeRun(result, name)] as const;
  });
  return new Map(all.filter(([, samples]) => samples.totalCount > 0));
}

function wholeRun({ metrics }: RunResult, name: string): Histogram {
  const metric = metrics[name];
  if (metric?.kind !== 'histogram' || metric.count === 0) return emptyHistogram();
  return decodeHistogram(metric.encoded);
}

/** By name of the measure; without those that the run does not have. Pure. */
export function valuesOf(
  result: RunResult,
  latencies: ReadonlyMap<string, Histogram>,
): Readonly<Record<string, number>> {
  const { target, connections } = result;
  const values: Record<string, number | null> = {
    'target.cpuPerConnect': target.cpuPerConnectUs,
    'target.cpuPerMessage': isAtFixedRate(result) ? target.cpuPerMessageUs : null,
    'memory.perConnection': costOf(target.memoryPerConnection),
    'memory.heapPerConnection': costOf(collectedHeap(target.memoryPerConnection?.heap)),
    'heartbeat.unanswered': shareOf(result, 'heartbeat.unanswered', 'heartbeat.sent'),
    'echo.unanswered': shareOf(result, 'echo.unanswered', 'echo.sent'),
    'broadcast.lost': shareOf(result, 'broadcast.lost', 'broadcast.expected'),
    'broadcast.duplicated': shareOf(result, 'broadcast.duplicated', 'broadcast.expected'),
    'acknowledge.unacknowledged': unacknowledgedShare(result),
    'closes.abnormal': abnormalShare(result),
    'connections.neverOpened':
      connections.planned === 0 ? null : connections.neverOpened / connections.planned,
    // What never came back took at least as long as it was waited for.
    'recovery.t99': worst(result, ({ t99Ms, atMs }) => 1000 * (t99Ms ?? result.run.durationMs - atMs)),
    'recovery.amplification': worst(result, ({ amplification }) => amplification),
  };
  for (const [name, samples] of latencies) {
    for (const { label, share } of PERCENTILES) values[`${name} ${label}`] = percentile(samples, share);
  }
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null),
  );
}

/** A slope of 0 or less is that of garbage given back while connections came: it says nothing of what one of them costs. */
function costOf(slope: { readonly bytes: number } | null): number | null {
  return slope !== null && slope.bytes > 0 ? slope.bytes : null;
}

/** With its garbage in it, the heap says no more than resident memory does. */
function collectedHeap(heap: HeapSlope | null = null): HeapSlope | null {
  return heap?.collected === true ? heap : null;
}

/** CPU per message depends on the rate: a server that sends on when it is answered sets its own. */
function isAtFixedRate({ scenario }: RunResult): boolean {
  return !JSON.stringify(scenario.resolved).includes('"pace":"answered"');
}

function shareOf({ metrics }: RunResult, part: string, whole: string): number | null {
  const [counted, of] = [metrics[part], metrics[whole]];
  if (counted?.kind !== 'counter' || of?.kind !== 'counter' || of.value === 0) return null;
  return counted.value / of.value;
}

function unacknowledgedShare({ metrics }: RunResult): number | null {
  const [never, ever] = [metrics['acknowledge.unacknowledged'], metrics['acknowledge.acknowledged']];
  if (never?.kind !== 'counter' || ever?.kind !== 'counter' || never.value + ever.value === 0) return null;
  return never.value / (never.value + ever.value);
}

/** Of all that opened. In a storm the fault ends connections on purpose. */
function abnormalShare({ closes, connections, recoveries }: RunResult): number | null {
  if (recoveries.length > 0 || connections.opened === 0) return null;
  const abnormal = closes.filter(isAbnormal).reduce((sum, { count }) => sum + count, 0);
  return abnormal / connections.opened;
}

/** Of all faults that took connections down; null when there was none, or one of them has no such number. */
function worst({ recoveries }: RunResult, numberOf: (recovery: Recovery) => number | null): number | null {
  const numbers = recoveries.filter(({ dropped }) => dropped > 0).map(numberOf);
  const known = numbers.filter((number) => number !== null);
  return known.length === 0 || known.length < numbers.length ? null : Math.max(...known);
}
