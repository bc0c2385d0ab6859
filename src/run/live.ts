import type { Accumulator } from '../result/accumulator.js';

/** How the run is going, for whoever watches. */
export interface Live {
  readonly phase: string;
  readonly elapsedMs: number;
  readonly open: number;
  readonly planned: number;
  readonly failed: number;
  readonly dropped: number;
  /** Of the last whole second, by the first metric that has any. */
  readonly latency: {
    readonly metric: string;
    readonly p50Us: number | null;
    readonly p99Us: number | null;
  } | null;
}

const LATENCIES = ['heartbeat.response', 'echo.response', 'broadcast.delivery', 'handshake.total'] as const;

export function liveView(accumulator: Accumulator, phase: string, elapsedMs: number, planned: number): Live {
  const { intervals, endings, total } = accumulator;
  const latencies = LATENCIES.flatMap((metric) => {
    // The last second is still under way.
    const summary =
      intervals.summary(metric, intervals.length - 1) ?? intervals.summary(metric, intervals.length - 2);
    return summary === undefined ? [] : [{ metric, p50Us: summary.p50, p99Us: summary.p99 }];
  });
  return {
    phase,
    elapsedMs,
    open: endings.open,
    planned,
    failed: total.all.counter('connections.failed'),
    dropped: total.all.counter('connections.dropped'),
    latency: latencies[0] ?? null,
  };
}
