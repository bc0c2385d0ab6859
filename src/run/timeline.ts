import { nowUs } from '../clock.js';
import type { PhaseKind } from '../metrics/snapshot.js';
import type { PhaseSpec } from '../scenario/scenario.js';
import { type Halt, sleepUntil } from './halt.js';
import type { WorkerGroup } from './workerGroup.js';

/** How far ahead instants are agreed, so that every worker has heard of them in time. */
export const LEAD_US = 50_000;

/** What a drain may take beyond its own time: the close handshakes and their deadline, and for each connection. */
const CLOSING_US = 10_000_000;
const CLOSING_EACH_US = 200;
/** How long answers are waited for when the outcome is known: closing is the server's work too, and not measured. */
const DECIDED_DRAIN_US = 300_000;
/** What workers have to report after their connections were cut off. */
const ABORT_US = 2_000_000;

/** How often a recovery is looked at; the workers report once a second. */
const RECOVERY_POLL_US = 100_000;
/** A recovery in time may be known so much later. */
const REPORT_LAG_US = 1_100_000;

type Phase<Kind extends PhaseSpec['kind']> = Extract<PhaseSpec, { kind: Kind }>;

export interface TimelineListener {
  onPhase(kind: PhaseKind, name: string, startUs: number): void;
  /** A plateau of the ramp has settled; awaited before the next step. */
  onPlateau(): Promise<void>;
  /** Every worker has entered the phase of the fault, which began at `atUs`; resolves when the timeline may go on. */
  onFault(phase: Phase<'fault'>, atUs: number): Promise<void>;
  /** Whether the fault is over, and that share of what it took down was open again, after `sinceUs` at the least. */
  isRecovered(share: number, sinceUs: number): boolean;
  onNotRecovered(phase: Phase<'recover'>): void;
  /** The drain begins: what lasts is to end. */
  onDrain(): Promise<void>;
  /** A phase is about to end; awaited, but the end is agreed already. */
  onPhaseEnding(kind: PhaseKind, name: string): Promise<void>;
}

/** When a run starts, on the monotonic clock, and with how many connections in all. */
interface Outset {
  readonly startUs: number;
  readonly connections: number;
}

/** Takes the workers through the phases. Returns when every connection has ended, or can be waited for no more. */
export async function followTimeline(
  timeline: readonly PhaseSpec[],
  workers: WorkerGroup,
  halt: Halt,
  { startUs, connections }: Outset,
  listener: TimelineListener,
): Promise<void> {
  const closingUs = CLOSING_US + connections * CLOSING_EACH_US;
  const conductor = new Conductor(workers, halt, startUs, closingUs, listener);
  for (const phase of timeline) {
    if (halt.reason === null || phase.kind === 'drain') await conductor.carryOut(phase);
  }
}

class Conductor {
  /** When the next phase begins, at the earliest. */
  private nextUs: number;
  /** Of every population, how much has arrived. */
  private share = 0;
  /** When the latest fault began. */
  private faultUs: number;

  constructor(
    private readonly workers: WorkerGroup,
    private readonly halt: Halt,
    startUs: number,
    private readonly closingUs: number,
    private readonly listener: TimelineListener,
  ) {
    this.nextUs = startUs;
    this.faultUs = startUs;
  }

  async carryOut(phase: PhaseSpec): Promise<void> {
    if (phase.kind === 'drain' && this.halt.reason !== null) this.nextUs = nowUs();
    const atUs = await this.enter(phase);
    await this.during(phase, atUs);
    await this.listener.onPhaseEnding(phase.kind, phase.name);
  }

  private async enter({ kind, name }: PhaseSpec): Promise<number> {
    const atUs = Math.max(this.nextUs, nowUs() + LEAD_US);
    this.workers.enter(kind, name, atUs);
    this.listener.onPhase(kind, name, atUs);
    await sleepUntil(atUs);
    return atUs;
  }

  private during(phase: PhaseSpec, atUs: number): Promise<void> {
    switch (phase.kind) {
      case 'ramp':
        return this.ramp(phase, atUs);
      case 'hold':
        return this.hold(phase, atUs);
      case 'fault':
        return this.fault(phase, atUs);
      case 'recover':
        return this.recover(phase, atUs);
      case 'drain':
        return this.drain(phase, atUs);
    }
  }

  private async ramp(phase: Phase<'ramp'>, atUs: number): Promise<void> {
    const { workers, halt } = this;
    const fromShare = this.share;
    for (let step = 1; step <= phase.steps && halt.reason === null; step++) {
      const toShare = fromShare + ((phase.toShare - fromShare) * step) / phase.steps;
      workers.arrive(this.share, toShare, step === 1 ? atUs : nowUs() + LEAD_US);
      this.share = toShare;
      await halt.or(workers.whenAll('settled'));
      if (phase.steps > 1) await this.settle(phase.settleUs);
    }
    this.nextUs = nowUs() + LEAD_US;
  }

  private async settle(settleUs: number): Promise<void> {
    const { halt, listener } = this;
    await halt.until(nowUs() + settleUs);
    if (halt.reason === null) await halt.or(listener.onPlateau());
  }

  private async hold(phase: Phase<'hold'>, atUs: number): Promise<void> {
    this.nextUs = atUs + phase.forUs;
    await this.halt.until(this.nextUs - LEAD_US);
  }

  private async fault(phase: Phase<'fault'>, atUs: number): Promise<void> {
    const { workers, halt, listener } = this;
    this.faultUs = atUs;
    // Books are kept by phase: none may hold a loss that belongs to the next.
    await halt.or(workers.whenAll('entered'));
    await halt.or(listener.onFault(phase, atUs));
    // The target is started again then, not a moment earlier: what the new process sees belongs to the next phase.
    const downUs = 'downUs' in phase.fault ? phase.fault.downUs : 0;
    this.nextUs = Math.max(atUs + downUs, nowUs() + LEAD_US);
  }

  private async recover(phase: Phase<'recover'>, atUs: number): Promise<void> {
    const { halt, listener } = this;
    const deadlineUs = this.faultUs + phase.withinUs + REPORT_LAG_US;
    while (halt.reason === null && !listener.isRecovered(phase.untilShare, atUs)) {
      if (nowUs() >= deadlineUs) {
        listener.onNotRecovered(phase);
        break;
      }
      await halt.until(Math.min(deadlineUs, nowUs() + RECOVERY_POLL_US));
    }
    this.nextUs = nowUs() + LEAD_US;
  }

  private async drain(phase: Phase<'drain'>, atUs: number): Promise<void> {
    const { workers, halt, listener } = this;
    await listener.onDrain();
    const untilUs = atUs + drainUs(phase.forUs, halt);
    workers.drain(untilUs);
    if (await isInTime(workers.whenAll('drained'), untilUs + this.closingUs)) return;
    workers.abort();
    await isInTime(workers.whenAll('drained'), nowUs() + ABORT_US);
  }
}

function drainUs(forUs: number, { reason }: Halt): number {
  // From a target that is gone no answer is to be expected.
  if (reason?.kind === 'target-exit') return 0;
  return reason?.kind === 'decided' ? Math.min(forUs, DECIDED_DRAIN_US) : forUs;
}

async function isInTime(done: Promise<void>, untilUs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, (untilUs - nowUs()) / 1000));
  });
  const inTime = await Promise.race([done.then(() => true as const), late]);
  clearTimeout(timer);
  return inTime;
}
