import { appendFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { nowUs } from '../clock.js';
import type { PhaseKind, Snapshot } from '../metrics/snapshot.js';
import { redactor } from '../redact.js';
import { Accumulator } from '../result/accumulator.js';
import type { PhaseFacts, RunFacts } from '../result/build.js';
import { beginRecord, INTERVALS_FILE } from '../result/files.js';
import { INTERVAL_MS } from '../result/intervals.js';
import type { RunEvent } from '../result/types.js';
import type { PhaseSpec } from '../scenario/scenario.js';
import type { HaltReason } from './halt.js';
import { type Live, liveView } from './live.js';

/** A dying process closes its sockets a little before its end is known: losses so long before are its own. */
const DYING_US = 250_000;

/** What is written down while the run goes on: snapshots, phases, events. */
export class RunLog {
  accumulator: Accumulator;
  private startUs = nowUs();
  private readonly events: RunEvent[] = [];
  private readonly phases: Array<Omit<PhaseFacts, 'endUs'>> = [];
  private readonly downtimes: Array<{ readonly fromUs: number; untilUs: number }> = [];
  /** Phases in which an instance of the target was ended on purpose. */
  private readonly endedIn: string[] = [];
  private readonly missing: string[] = [];
  private readonly intervalsFile: string;
  private readonly clean: (text: string) => string;
  private writtenBytes = 0;
  private writable = true;

  constructor(
    folder: string,
    private readonly planned: number,
    private readonly workers: number,
    /** Not to be written down. */
    secrets: readonly string[],
    private readonly onLive: (live: Live) => void,
  ) {
    beginRecord(folder);
    this.clean = redactor(secrets);
    this.intervalsFile = join(folder, INTERVALS_FILE);
    this.accumulator = new Accumulator(this.startUs, workers);
  }

  /** The run begins at `startUs`: times count from there, no longer from the making of this log. */
  start(startUs: number): void {
    this.startUs = startUs;
    const died = [...this.accumulator.workers.keys()].filter((i) => this.accumulator.workers[i]!.died);
    this.accumulator = new Accumulator(startUs, this.workers);
    for (const worker of died) this.accumulator.workerDied(worker);
  }

  /** On disk first: a kill of this process loses one second. */
  add(snapshot: Snapshot): void {
    this.append(snapshot);
    this.accumulator.add(snapshot);
    this.onLive(this.live());
  }

  get isDraining(): boolean {
    return this.phases.at(-1)?.kind === 'drain';
  }

  get open(): number {
    return this.accumulator.endings.open;
  }

  phase(kind: PhaseKind, name: string, startUs: number): void {
    const relativeUs = Math.max(0, startUs - this.startUs);
    this.phases.push({ kind, name, startUs: relativeUs });
    this.events.push({ atMs: Math.round(relativeUs / 1000), kind: 'phase', detail: name });
  }

  /** The target is being ended on purpose. */
  targetDown(): void {
    this.downtimes.push({ fromUs: this.elapsedUs(), untilUs: Number.POSITIVE_INFINITY });
    this.endedIn.push(this.phases.at(-1)?.name ?? '');
    this.event('target-down', 'the target is down');
  }

  /** It accepts connections again. */
  targetUp(): void {
    const down = this.downtimes.at(-1);
    if (down !== undefined) down.untilUs = this.elapsedUs();
    this.event('target-up', 'the target accepts connections again');
  }

  /**
   * Whether that share of what the latest fault took down is open again, by reports that reach at least a second
   * beyond `sinceUs`: before, losses may not be known yet.
   */
  isRecovered(share: number, sinceUs: number): boolean {
    if (this.accumulator.reportedUntilUs() < sinceUs + INTERVAL_MS * 1000) return false;
    const { dropped, recovered } = this.sinceLatestFault();
    return recovered >= share * dropped;
  }

  /** The time that a recovery was given is over. */
  notRecovered({ untilShare, withinUs }: Extract<PhaseSpec, { kind: 'recover' }>): void {
    const { dropped, recovered } = this.sinceLatestFault();
    this.event(
      'not-recovered',
      `${recovered} of ${dropped} connections are open again; ${untilShare * 100} % were to be within ${withinUs / 1e6} s`,
    );
  }

  private sinceLatestFault(): { readonly dropped: number; readonly recovered: number } {
    const phases = this.phases.slice(this.phases.findLastIndex(({ kind }) => kind === 'fault'));
    const sum = (counter: string): number =>
      phases.reduce(
        (total, { name }) => total + (this.accumulator.phases.get(name)?.all.counter(counter) ?? 0),
        0,
      );
    return { dropped: sum('recovery.dropped'), recovered: sum('recovery.recovered') };
  }

  /** A fault could not be made: what followed tells nothing about it. */
  faultFailed(detail: string): void {
    this.event('fault-failed', detail);
    this.missing.push(`A fault was not made at ${this.elapsedSeconds()} s: ${firstLine(detail)}.`);
  }

  /** Something happened now. */
  event(kind: string, detail: string): void {
    this.events.push({ atMs: Math.round(this.elapsedUs() / 1000), kind, detail });
  }

  workerDied(worker: number, why: string): void {
    this.accumulator.workerDied(worker);
    this.event('worker-died', `worker ${worker}: ${why}`);
    this.missing.push(
      `Worker ${worker} died after ${this.elapsedSeconds()} s (${why}); what it had reported until then is kept.`,
    );
  }

  /** A worker ended before it heard what the others had published. */
  unaccounted(worker: number): void {
    this.missing.push(
      `Worker ${worker} never heard what the others had published: what its members lost is not known.`,
    );
  }

  /** The thread of the HTTP requests beside the run has ended by itself. */
  besideDied(why: string): void {
    this.accumulator.workerDied(this.workers);
    this.event('beside-died', why);
    this.missing.push(`The HTTP requests beside the run ended after ${this.elapsedSeconds()} s (${why}).`);
  }

  /** The timeline is left early. */
  halted(reason: HaltReason): void {
    const at = `${this.elapsedSeconds()} s`;
    switch (reason.kind) {
      case 'target-exit':
        this.downtimes.push({ fromUs: this.elapsedUs() - DYING_US, untilUs: Number.POSITIVE_INFINITY });
        this.event('target-exit', `the target ended ${reason.how}`);
        this.missing.push(`The target ended ${reason.how} after ${at}.`);
        break;
      case 'proxy-exit':
        this.event('proxy-exit', `the fault proxy ended ${reason.how}`);
        this.missing.push(`The fault proxy ended ${reason.how} after ${at}.`);
        break;
      case 'interrupted':
        this.event('interrupted', 'the run was stopped early');
        this.missing.push(`The run was interrupted after ${at}.`);
        break;
      case 'decided':
        // Nothing is missing that could change the outcome.
        this.event('decided', reason.why);
        break;
      case 'workers-died':
        this.missing.push('No worker was left.');
        break;
    }
  }

  /** The part of the record that was written down here; nothing more may come. */
  finish(): Pick<RunFacts, 'accumulator' | 'phases' | 'downtimes' | 'endedIn' | 'events' | 'missing'> {
    this.accumulator.finish();
    const endUs = this.elapsedUs();
    return {
      accumulator: this.accumulator,
      phases: this.phases.map((phase, i) => ({ ...phase, endUs: this.phases[i + 1]?.startUs ?? endUs })),
      downtimes: this.downtimes,
      endedIn: this.endedIn,
      events: this.events,
      missing: this.missing,
    };
  }

  private elapsedUs(): number {
    return nowUs() - this.startUs;
  }

  private live(): Live {
    const phase = this.phases.at(-1)?.name ?? '';
    return liveView(this.accumulator, phase, Math.round(this.elapsedUs() / 1000), this.planned);
  }

  private elapsedSeconds(): string {
    return (this.elapsedUs() / 1e6).toFixed(1);
  }

  private append(snapshot: Snapshot): void {
    if (!this.writable) return;
    const line = Buffer.from(`${JSON.stringify(this.withoutSecrets(snapshot))}\n`);
    try {
      appendFileSync(this.intervalsFile, line);
      this.writtenBytes += line.length;
    } catch (error) {
      // The run goes on: the record itself is still to come, and may find room.
      this.writable = false;
      this.event('intervals-lost', `${this.intervalsFile} cannot be written: ${String(error)}`);
      this.dropHalfLine();
    }
  }

  /** Part of a line may have found room on the disk. */
  private dropHalfLine(): void {
    try {
      truncateSync(this.intervalsFile, this.writtenBytes);
    } catch {
      // The file is out of reach altogether.
    }
  }

  private withoutSecrets(snapshot: Snapshot): Snapshot {
    const { clean } = this;
    return {
      ...snapshot,
      closes: snapshot.closes.map((close) => ({ ...close, example: clean(close.example) })),
      failures: snapshot.failures.map((failure) => ({ ...failure, example: clean(failure.example) })),
    };
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.replace(/\.$/, '');
}
