import { emptyHistogram, forEachRecorded, type Histogram, percentile } from '../metrics/histogram.js';
import type { Snapshot } from '../metrics/snapshot.js';
import type { HistogramSeries, Series } from './types.js';

const INTERVAL_US = 1_000_000;
export const INTERVAL_MS = 1000;

/** Heatmap buckets: ten a decade from 10 us to 100 s, one below, the last open above. */
const BUCKETS: readonly number[] = [
  0,
  ...Array.from({ length: 71 }, (_, i) => Math.round(10 ** (1 + i / 10))),
];

/** What is known of one metric in one second, when all workers have reported it. */
interface Summary {
  readonly counts: readonly number[];
  readonly p50: number | null;
  readonly p99: number | null;
  /** The 99th percentile however few the samples: for judging the generator, not for showing. */
  readonly roughP99: number;
  readonly roughP50: number;
}

/** A worker in one second, of which it may have reported several parts. */
interface WorkerState {
  /** Of the last part. */
  toUs: number;
  values: Readonly<Record<string, number>>;
  /** How much of the second is reported, and for how much of that the event loop was busy. */
  reportedUs: number;
  busyUs: number;
}

/** The phase that a second begins in: that of its earliest part. */
interface FirstPart {
  readonly fromUs: number;
  readonly phase: string;
}

type Totals = Record<
  | 'attempts'
  | 'opens'
  | 'failures'
  | 'closes'
  | 'messagesSent'
  | 'messagesReceived'
  | 'bytesSent'
  | 'bytesReceived',
  number
>;

const COUNTERS: Readonly<Record<string, keyof Totals>> = {
  'connections.attempted': 'attempts',
  'connections.opened': 'opens',
  'connections.failed': 'failures',
  'messages.sent': 'messagesSent',
  'messages.received': 'messagesReceived',
  'bytes.sent': 'bytesSent',
  'bytes.received': 'bytesReceived',
};

/** The run second by second. A snapshot belongs to the second that its middle lies in. */
export class Intervals {
  private readonly totals: Totals[] = [];
  private readonly firstParts: FirstPart[] = [];
  private readonly workers: Array<Map<number, WorkerState>> = [];
  private readonly summaries = new Map<string, Map<number, Summary>>();
  /** Seconds that some worker has yet to report, by metric. */
  private readonly pending = new Map<number, Map<string, Histogram>>();

  constructor(private readonly startUs: number) {}

  get length(): number {
    return this.totals.length;
  }

  /** @returns The interval's index. */
  add(snapshot: Snapshot, worker: number): number {
    const index = this.indexOf((snapshot.fromUs + snapshot.toUs) / 2);
    while (this.totals.length <= index) {
      this.totals.push(noTotals());
      this.workers.push(new Map());
      this.firstParts.push({ fromUs: Number.POSITIVE_INFINITY, phase: '' });
    }
    const totals = this.totals[index]!;
    for (const [key, value] of Object.entries(snapshot.counters)) {
      const name = COUNTERS[key.slice(key.indexOf('/') + 1)];
      if (name !== undefined) totals[name] += value;
    }
    totals.closes += snapshot.closes.reduce((sum, close) => sum + close.count, 0);
    this.notePhase(index, snapshot);
    addState(this.workers[index]!, worker, snapshot);
    return index;
  }

  addHistogram(index: number, metric: string, interval: Histogram): void {
    let metrics = this.pending.get(index);
    if (!metrics) {
      metrics = new Map();
      this.pending.set(index, metrics);
    }
    let histogram = metrics.get(metric);
    if (!histogram) {
      histogram = emptyHistogram();
      metrics.set(metric, histogram);
    }
    histogram.add(interval);
  }

  /** Every worker has reported all before `untilUs`: summarises those seconds and lets their histograms go. */
  settle(untilUs: number): void {
    for (const [index, metrics] of this.pending) {
      if (this.startUs + (index + 1) * INTERVAL_US > untilUs) continue;
      for (const [metric, histogram] of metrics) this.summariesOf(metric).set(index, summarise(histogram));
      this.pending.delete(index);
    }
  }

  /** What a metric was in a second that is settled, else undefined. */
  summary(metric: string, index: number): Summary | undefined {
    return this.summaries.get(metric)?.get(index);
  }

  phaseOf(index: number): string {
    return this.firstParts[index]!.phase;
  }

  /** Share of the second that an event loop was busy, the busiest of all workers. */
  utilization(index: number): number {
    const states = [...this.workers[index]!.values()];
    return Math.max(0, ...states.map(({ busyUs, reportedUs }) => busyUs / Math.max(1, reportedUs)));
  }

  toSeries(): Series {
    const pick = (name: keyof Totals): number[] => this.totals.map((totals) => totals[name]);
    return {
      intervalMs: INTERVAL_MS,
      open: this.states('open', false),
      planned: this.states('arrived', true),
      attempts: pick('attempts'),
      opens: pick('opens'),
      failures: pick('failures'),
      closes: pick('closes'),
      messagesSent: pick('messagesSent'),
      messagesReceived: pick('messagesReceived'),
      bytesSent: pick('bytesSent'),
      bytesReceived: pick('bytesReceived'),
      eventLoopUtilization: this.totals.map((_, index) => Math.round(this.utilization(index) * 1000) / 1000),
      histograms: Object.fromEntries(
        [...this.summaries].sort().map(([metric, summaries]) => [metric, this.histogramSeries(summaries)]),
      ),
    };
  }

  private notePhase(index: number, { phase, fromUs, toUs }: Snapshot): void {
    // Where a phase begins with a second, the one before it ends with a part of no length.
    if (toUs > fromUs && fromUs < this.firstParts[index]!.fromUs) this.firstParts[index] = { fromUs, phase };
  }

  /** A state summed over workers. A worker that skipped a second keeps its state; after its end it has none. */
  private states(name: string, keepAfterEnd: boolean): number[] {
    const all = new Set(this.workers.flatMap((workers) => [...workers.keys()]));
    const sums = this.totals.map(() => 0);
    for (const worker of all) {
      const last = this.workers.findLastIndex((workers) => workers.has(worker));
      let value = 0;
      this.workers.forEach((workers, index) => {
        value = workers.get(worker)?.values[name] ?? value;
        if (index <= last || keepAfterEnd) sums[index]! += value;
      });
    }
    return sums;
  }

  private histogramSeries(summaries: ReadonlyMap<number, Summary>): HistogramSeries {
    const each = <T>(of: (summary: Summary) => T, none: T): T[] =>
      this.totals.map((_, index) => {
        const summary = summaries.get(index);
        return summary ? of(summary) : none;
      });
    return {
      unit: 'us',
      buckets: BUCKETS,
      counts: each<readonly number[]>(({ counts }) => counts, []),
      p50: each<number | null>(({ p50 }) => p50, null),
      p99: each<number | null>(({ p99 }) => p99, null),
    };
  }

  private summariesOf(metric: string): Map<number, Summary> {
    let summaries = this.summaries.get(metric);
    if (!summaries) {
      summaries = new Map();
      this.summaries.set(metric, summaries);
    }
    return summaries;
  }

  private indexOf(us: number): number {
    return Math.max(0, Math.floor((us - this.startUs) / INTERVAL_US));
  }
}

/** Adds a part of a worker's second to what is known of it. */
function addState(states: Map<number, WorkerState>, worker: number, part: Snapshot): void {
  const { fromUs, toUs, values } = part;
  const state = states.get(worker) ?? { toUs, values, reportedUs: 0, busyUs: 0 };
  states.set(worker, state);
  if (toUs > state.toUs) {
    state.toUs = toUs;
    state.values = values;
  }
  state.reportedUs += toUs - fromUs;
  state.busyUs += (toUs - fromUs) * (values.eventLoopUtilization ?? 0);
}

function summarise(histogram: Histogram): Summary {
  const counts = new Map<number, number>();
  forEachRecorded(histogram, (us, count) => {
    const bucket = bucketOf(us);
    counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  });
  return {
    counts: [...counts].flat(),
    p50: percentile(histogram, 0.5),
    p99: percentile(histogram, 0.99),
    roughP99: histogram.getValueAtPercentile(99),
    roughP50: histogram.getValueAtPercentile(50),
  };
}

function bucketOf(us: number): number {
  let bucket = us < 10 ? 0 : Math.floor((Math.log10(us) - 1) * 10) + 1;
  // The edges are rounded to whole microseconds, the logarithm is not.
  if (BUCKETS[bucket + 1] !== undefined && us >= BUCKETS[bucket + 1]!) bucket++;
  if (us < (BUCKETS[bucket] ?? 0)) bucket--;
  return Math.min(bucket, BUCKETS.length - 1);
}

function noTotals(): Totals {
  return {
    attempts: 0,
    opens: 0,
    failures: 0,
    closes: 0,
    messagesSent: 0,
    messagesReceived: 0,
    bytesSent: 0,
    bytesReceived: 0,
  };
}
