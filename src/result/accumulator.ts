import { decodeHistogram } from '../metrics/histogram.js';
import type { Snapshot, Source } from '../metrics/snapshot.js';
import { Endings } from './endings.js';
import { Intervals } from './intervals.js';
import { MetricGroup } from './metricSet.js';
import { TotalHistogram } from './totalHistogram.js';

/** What a worker was like over the run. */
export interface WorkerTotals {
  /** Over how long the means are, in us: `cpuPercent` and `eventLoopUtilization` are sums weighted by time. */
  reportedUs: number;
  cpuPercent: number;
  eventLoopUtilization: number;
  gcMs: number;
  rssBytes: number;
  /** Up to when it has reported everything, on the monotonic clock. */
  toUs: number;
  /** The snapshot to follow at `toUs`, and by number the ends of those that came before it. */
  nextSeq: number;
  readonly aheadToUs: Map<number, number>;
  /** Of all patterns. */
  readonly sendLag: TotalHistogram;
  died: boolean;
}

/**
 * Adds up snapshots. Order does not matter, and a snapshot that comes twice counts once; what was counted in
 * each second adds up to what was counted in each phase and in all.
 */
export class Accumulator {
  readonly total = new MetricGroup();
  readonly phases = new Map<string, MetricGroup>();
  readonly intervals: Intervals;
  readonly endings = new Endings();
  readonly workers: readonly WorkerTotals[];
  private readonly seen = new Set<string>();
  /** By population and worker. */
  private readonly openAtEndOf = new Map<string, Map<number, number>>();

  /** @param startUs Start of the run on the monotonic clock. */
  constructor(startUs: number, workers: number) {
    this.intervals = new Intervals(startUs);
    this.workers = Array.from({ length: workers }, () => ({
      reportedUs: 0,
      cpuPercent: 0,
      eventLoopUtilization: 0,
      gcMs: 0,
      rssBytes: 0,
      toUs: startUs,
      nextSeq: 0,
      aheadToUs: new Map(),
      sendLag: new TotalHistogram(),
      died: false,
    }));
  }

  add(snapshot: Snapshot): void {
    const key = sourceKey(snapshot.source, snapshot.seq);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const index = this.intervals.add(snapshot, snapshot.source.worker);
    this.endings.add(snapshot);
    this.addCounters(snapshot);
    this.addHistograms(snapshot, index);
    this.addWorker(snapshot);
    this.intervals.settle(this.reportedUntilUs());
  }

  /** The worker reports nothing more. */
  workerDied(worker: number): void {
    this.workers[worker]!.died = true;
  }

  /** Nothing more comes: settles what some worker never reported. */
  finish(): void {
    this.intervals.settle(Number.POSITIVE_INFINITY);
  }

  /** Connections of a population that were open when the drain began to close them. */
  openAtEnd(population: string): number {
    return [...(this.openAtEndOf.get(population)?.values() ?? [])].reduce((sum, open) => sum + open, 0);
  }

  private addCounters(snapshot: Snapshot): void {
    const phase = this.phase(snapshot.phase);
    for (const [key, value] of Object.entries(snapshot.counters)) {
      const [population, name] = splitKey(key);
      this.total.addCounter(population, name, value);
      phase.addCounter(population, name, value);
    }
  }

  private addHistograms(snapshot: Snapshot, index: number): void {
    const phase = this.phase(snapshot.phase);
    for (const [key, { encoded, censored }] of Object.entries(snapshot.histograms)) {
      const [population, name] = splitKey(key);
      const histogram = decodeHistogram(encoded);
      this.total.addHistogram(population, name, histogram, censored);
      phase.addHistogram(population, name, histogram, censored);
      this.intervals.addHistogram(index, name, histogram);
      if (name.endsWith('.sendLag')) this.workers[snapshot.source.worker]!.sendLag.add(histogram, 0);
    }
  }

  private addWorker({ source, seq, values, fromUs, toUs }: Snapshot): void {
    const worker = this.workers[source.worker]!;
    const weight = toUs - fromUs;
    worker.reportedUs += weight;
    worker.cpuPercent += weight * (values.cpuPercent ?? Number.NaN);
    worker.eventLoopUtilization += weight * (values.eventLoopUtilization ?? 0);
    worker.gcMs += values.gcMs ?? 0;
    worker.rssBytes = Math.max(worker.rssBytes, values.rssBytes ?? 0);
    worker.aheadToUs.set(seq, toUs);
    advance(worker);
    for (const [key, open] of Object.entries(values)) {
      const [population, name] = splitKey(key);
      if (name === 'openAtEnd') this.noteOpenAtEnd(population, source.worker, open);
    }
  }

  private noteOpenAtEnd(population: string, worker: number, open: number): void {
    const ofWorkers = this.openAtEndOf.get(population) ?? new Map<number, number>();
    ofWorkers.set(worker, Math.max(ofWorkers.get(worker) ?? 0, open));
    this.openAtEndOf.set(population, ofWorkers);
  }

  private phase(name: string): MetricGroup {
    let group = this.phases.get(name);
    if (!group) {
      group = new MetricGroup();
      this.phases.set(name, group);
    }
    return group;
  }

  private reportedUntilUs(): number {
    return Math.min(...this.workers.filter(({ died }) => !died).map(({ toUs }) => toUs));
  }
}

/** Without gaps: a second is settled only when nothing of it can be on its way. */
function advance(worker: WorkerTotals): void {
  for (;;) {
    const toUs = worker.aheadToUs.get(worker.nextSeq);
    if (toUs === undefined) return;
    worker.aheadToUs.delete(worker.nextSeq++);
    worker.toUs = toUs;
  }
}

/** Population names hold no slash. */
function splitKey(key: string): [population: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}

function sourceKey({ machine, host, worker }: Source, seq: number): string {
  return `${machine}.${host}.${worker}#${seq}`;
}
