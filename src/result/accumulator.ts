import { decodeHistogram } from '../metrics/histogram.js';
import type { Snapshot, Source } from '../metrics/snapshot.js';
import { Endings } from './endings.js';
import { FanOuts, type FinishedFanOuts } from './fanOuts.js';
import { Intervals } from './intervals.js';
import { MetricGroup } from './metricSet.js';
import { TotalHistogram } from './totalHistogram.js';

/** How far a source has reported. */
interface Progress {
  /** Up to when it has reported everything, on the monotonic clock. */
  toUs: number;
  /** The snapshot to follow at `toUs`, and by number the ends of those that came before it. */
  nextSeq: number;
  readonly aheadToUs: Map<number, number>;
  died: boolean;
}

/** What a worker was like over the run. */
export interface WorkerTotals extends Progress {
  /** Over how long the means are, in us: `cpuPercent` and `eventLoopUtilization` are sums weighted by time. */
  reportedUs: number;
  cpuPercent: number;
  eventLoopUtilization: number;
  gcMs: number;
  rssBytes: number;
  /** Of all patterns. */
  readonly sendLag: TotalHistogram;
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
  readonly fanOuts: FanOuts;
  readonly workers: readonly WorkerTotals[];
  /** CPU time of all workers by phase, in us; NaN where the system does not tell. */
  readonly cpuUs = new Map<string, number>();
  /** Sources beside the workers, with the numbers after theirs: known from their first snapshot on. */
  private readonly beside = new Map<number, Progress>();
  private readonly seen = new Set<string>();
  /** By population and worker. */
  private readonly openAtEndOf = new Map<string, Map<number, number>>();

  /** @param startUs Start of the run on the monotonic clock. */
  constructor(
    private readonly startUs: number,
    workers: number,
  ) {
    this.intervals = new Intervals(startUs);
    this.fanOuts = new FanOuts(startUs);
    this.workers = Array.from({ length: workers }, () => ({
      ...nothingReported(startUs),
      reportedUs: 0,
      cpuPercent: 0,
      eventLoopUtilization: 0,
      gcMs: 0,
      rssBytes: 0,
      sendLag: new TotalHistogram(),
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
    const worker = this.workers[snapshot.source.worker];
    if (worker !== undefined) this.addWorker(worker, snapshot);
    this.fanOuts.add(snapshot);
    advance(this.progressOf(snapshot.source.worker), snapshot);
    this.finishFanOuts(this.reportedUntilUs());
    this.intervals.settle(this.completeUntilUs());
  }

  /** The worker, or the source beside the workers, reports nothing more. */
  workerDied(worker: number): void {
    this.progressOf(worker).died = true;
  }

  /** Nothing more comes: settles what some worker never reported. */
  finish(): void {
    this.finishFanOuts(Number.POSITIVE_INFINITY);
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

  private finishFanOuts(untilUs: number): void {
    for (const finished of this.fanOuts.finish(untilUs)) this.addFanOuts(finished);
  }

  /** Messages count in the second and in the phase in which they were due, and belong to no population. */
  private addFanOuts({ second, phase, messages, complete, histograms }: FinishedFanOuts): void {
    for (const group of [this.total, this.phase(phase)]) {
      group.addCounter('', 'broadcast.complete', complete);
      group.addCounter('', 'broadcast.incomplete', messages - complete);
      for (const [name, histogram] of Object.entries(histograms)) group.addHistogram('', name, histogram, 0);
    }
    for (const [name, histogram] of Object.entries(histograms)) {
      if (histogram.totalCount > 0) this.intervals.addHistogram(second, name, histogram);
    }
  }

  private addWorker(worker: WorkerTotals, { source, values, fromUs, toUs, phase }: Snapshot): void {
    const weight = toUs - fromUs;
    const cpuUs = (weight * (values.cpuPercent ?? Number.NaN)) / 100;
    this.cpuUs.set(phase, (this.cpuUs.get(phase) ?? 0) + cpuUs);
    worker.reportedUs += weight;
    worker.cpuPercent += weight * (values.cpuPercent ?? Number.NaN);
    worker.eventLoopUtilization += weight * (values.eventLoopUtilization ?? 0);
    worker.gcMs += values.gcMs ?? 0;
    worker.rssBytes = Math.max(worker.rssBytes, values.rssBytes ?? 0);
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

  /** Up to when every worker that lives has reported, on the monotonic clock. */
  reportedUntilUs(): number {
    return leastReported(this.workers);
  }

  /** Up to when nothing can be on its way any more. */
  private completeUntilUs(): number {
    return Math.min(this.reportedUntilUs(), leastReported([...this.beside.values()]));
  }

  private progressOf(source: number): Progress {
    const known = this.workers[source] ?? this.beside.get(source);
    if (known !== undefined) return known;
    const progress = nothingReported(this.startUs);
    this.beside.set(source, progress);
    return progress;
  }
}

function nothingReported(startUs: number): Progress {
  return { toUs: startUs, nextSeq: 0, aheadToUs: new Map(), died: false };
}

function leastReported(sources: readonly Progress[]): number {
  return Math.min(...sources.filter(({ died }) => !died).map(({ toUs }) => toUs));
}

/** Without gaps: a second is settled only when nothing of it can be on its way. */
function advance(progress: Progress, { seq, toUs }: Snapshot): void {
  progress.aheadToUs.set(seq, toUs);
  for (;;) {
    const nextToUs = progress.aheadToUs.get(progress.nextSeq);
    if (nextToUs === undefined) return;
    progress.aheadToUs.delete(progress.nextSeq++);
    progress.toUs = nextToUs;
  }
}

/** Population names hold no slash; what belongs to no population has an empty one. */
function splitKey(key: string): [population: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}

function sourceKey({ machine, host, worker }: Source, seq: number): string {
  return `${machine}.${host}.${worker}#${seq}`;
}
