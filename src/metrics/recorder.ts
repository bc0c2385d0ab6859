import type { Close, Failure } from '../client/types.js';
import { IntervalHistogram } from './histogram.js';
import {
  BIN_US,
  type CloseDelta,
  type EncodedHistogram,
  type FailureDelta,
  type Snapshot,
  type Source,
} from './snapshot.js';

/** Collects what happens in one worker and hands it out as one `Snapshot` per interval. */
export class Recorder {
  private readonly populations = new Map<string, PopulationRecorder>();
  private readonly values = new Map<string, () => number>();
  private seq = 0;
  private fromUs: number;
  phase = '';

  constructor(
    private readonly source: Source,
    /** Start of the run on the monotonic clock. */
    private readonly startUs: number,
  ) {
    this.fromUs = startUs;
  }

  /** @param name Empty for what belongs to no population. */
  population(name: string): PopulationRecorder {
    let recorder = this.populations.get(name);
    if (!recorder) {
      recorder = new PopulationRecorder(name, this.startUs);
      this.populations.set(name, recorder);
    }
    return recorder;
  }

  /** Reads a state whenever a snapshot is cut. */
  value(name: string, read: () => number): void {
    this.values.set(name, read);
  }

  /**
   * What happened since the last cut; `nominalUs` is the agreed end, so that all workers share their bounds. A busy thread
   * may hear of it after a later one: then this snapshot has no length, since what lies before was told already.
   */
  cut(nominalUs: number): Snapshot {
    const toUs = Math.max(nominalUs, this.fromUs);
    const counters: Record<string, number> = {};
    const histograms: Record<string, EncodedHistogram> = {};
    const closes: CloseDelta[] = [];
    const failures: FailureDelta[] = [];
    const bins: Record<string, readonly number[]> = {};
    for (const [name, population] of this.populations) {
      population.take(counters, histograms, closes, failures);
      bins[name] = population.takeBins();
    }
    const values = Object.fromEntries([...this.values].map(([name, read]) => [name, read()]));
    const { fromUs } = this;
    this.fromUs = toUs;
    return {
      v: 1,
      source: this.source,
      seq: this.seq++,
      fromUs,
      toUs,
      phase: this.phase,
      counters,
      values,
      histograms,
      closes,
      failures,
      bins,
    };
  }
}

/** A counter of the current interval. */
export interface Counter {
  value: number;
}

interface Bin {
  attempts: number;
  opens: number;
}

/** The books of one population in one worker. Look metrics up once, at the start: the hot path holds what it gets. */
export class PopulationRecorder {
  private readonly counters = new Map<string, Counter>();
  private readonly histograms = new Map<string, IntervalHistogram>();
  private readonly closes = new Map<string, { -readonly [K in keyof CloseDelta]: CloseDelta[K] }>();
  private readonly failures = new Map<string, { -readonly [K in keyof FailureDelta]: FailureDelta[K] }>();
  private readonly bins = new Map<number, Bin>();

  constructor(
    private readonly name: string,
    private readonly startUs: number,
  ) {}

  counter(name: string): Counter {
    let counter = this.counters.get(name);
    if (!counter) {
      counter = { value: 0 };
      this.counters.set(name, counter);
    }
    return counter;
  }

  histogram(name: string): IntervalHistogram {
    let histogram = this.histograms.get(name);
    if (!histogram) {
      histogram = new IntervalHistogram();
      this.histograms.set(name, histogram);
    }
    return histogram;
  }

  attempt(atUs: number): void {
    this.bin(atUs).attempts++;
  }

  open(atUs: number): void {
    this.bin(atUs).opens++;
  }

  close(close: Close, atUs: number): void {
    const bin = this.binIndex(atUs);
    const key = `${close.initiator} ${close.code} ${close.cause} ${bin}`;
    const known = this.closes.get(key);
    if (known) known.count++;
    else this.closes.set(key, { ...close, population: this.name, count: 1, bin });
  }

  failure(failure: Failure, atUs: number): void {
    const bin = this.binIndex(atUs);
    const key = `${failure.stage} ${failure.cause} ${bin}`;
    const known = this.failures.get(key);
    if (known) known.count++;
    else {
      const { stage, cause, example } = failure;
      this.failures.set(key, { stage, cause, example, population: this.name, count: 1, bin });
    }
  }

  take(
    counters: Record<string, number>,
    histograms: Record<string, EncodedHistogram>,
    closes: CloseDelta[],
    failures: FailureDelta[],
  ): void {
    for (const [name, counter] of this.counters) {
      if (counter.value !== 0) counters[`${this.name}/${name}`] = counter.value;
      counter.value = 0;
    }
    for (const [name, histogram] of this.histograms) {
      const taken = histogram.take();
      if (taken) histograms[`${this.name}/${name}`] = taken;
    }
    closes.push(...this.closes.values());
    failures.push(...this.failures.values());
    this.closes.clear();
    this.failures.clear();
  }

  /** Bin, attempts, opens, bin, ... */
  takeBins(): number[] {
    const bins = [...this.bins].flatMap(([index, { attempts, opens }]) => [index, attempts, opens]);
    this.bins.clear();
    return bins;
  }

  private binIndex(atUs: number): number {
    return Math.floor((atUs - this.startUs) / BIN_US);
  }

  private bin(atUs: number): Bin {
    const index = this.binIndex(atUs);
    let bin = this.bins.get(index);
    if (!bin) {
      bin = { attempts: 0, opens: 0 };
      this.bins.set(index, bin);
    }
    return bin;
  }
}
