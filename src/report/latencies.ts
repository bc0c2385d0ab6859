/** The latencies of a run that a reader asks for, in the order of interest. */
import type { HistogramMetric, RunResult } from '../result/types.js';
import { headlines, histogram } from './headline.js';

const OTHERS = [
  'broadcast.first',
  'broadcast.median',
  'broadcast.last',
  'broadcast.delivery',
  'acknowledge.response',
  'reconnect.response',
  'collateral.response',
  'http.response',
] as const;

/** `handshake.total`, the response time of every pattern that sent something, and what deliveries, a storm and HTTP took. */
export function shownLatencies(result: RunResult): Array<readonly [name: string, metric: HistogramMetric]> {
  const names = ['handshake.total', ...headlines(result).map(({ name }) => name), ...OTHERS];
  return names.flatMap((name) => {
    const metric = histogram(result.metrics, name);
    return metric === null ? [] : [[name, metric] as const];
  });
}
