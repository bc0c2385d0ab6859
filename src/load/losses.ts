import type { IntervalHistogram } from '../metrics/histogram.js';
import type { Counter, PopulationRecorder } from '../metrics/recorder.js';

/** What the latest fault has done to a connection. */
const Fate = { spared: 0, lost: 1, back: 2 } as const;

/**
 * What faults do to the connections of one population in one worker: who was lost, and when each was open again.
 * All times count from the start of the latest fault, which every connection survives until it is lost.
 */
export class Losses {
  /** 0 for a connection that the latest fault has spared so far; shared with the patterns, who only read it. */
  readonly fates: Uint8Array;
  private readonly attempts: Int32Array;
  private faultUs = Number.NaN;
  private readonly dropped: Counter;
  private readonly recovered: Counter;
  private readonly noticed: IntervalHistogram;
  private readonly time: IntervalHistogram;
  private readonly attemptsNeeded: IntervalHistogram;

  constructor(connections: number, recorder: PopulationRecorder) {
    this.fates = new Uint8Array(connections);
    this.attempts = new Int32Array(connections);
    this.dropped = recorder.counter('recovery.dropped');
    this.recovered = recorder.counter('recovery.recovered');
    this.noticed = recorder.histogram('recovery.noticed');
    this.time = recorder.histogram('recovery.time');
    this.attemptsNeeded = recorder.histogram('recovery.attempts');
  }

  /** A fault begins. Who is still away from the one before will not be counted as lost to this one. */
  begin(atUs: number): void {
    this.faultUs = atUs;
    this.fates.fill(Fate.spared);
  }

  onLost(connection: number, atUs: number): void {
    if (Number.isNaN(this.faultUs) || this.fates[connection] !== Fate.spared) return;
    this.fates[connection] = Fate.lost;
    this.attempts[connection] = 0;
    this.dropped.value++;
    this.noticed.record(atUs - this.faultUs);
  }

  onAttempt(connection: number): void {
    this.attempts[connection]!++;
  }

  onOpened(connection: number, atUs: number): void {
    if (this.fates[connection] !== Fate.lost) return;
    this.fates[connection] = Fate.back;
    this.recovered.value++;
    this.time.record(atUs - this.faultUs);
    this.attemptsNeeded.record(this.attempts[connection]!);
  }
}
