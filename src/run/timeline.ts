import { nowUs } from '../clock.js';
import type { PhaseKind } from '../metrics/snapshot.js';
import type { PhaseSpec } from '../scenario/scenario.js';
import { type Halt, sleepUntil } from './halt.js';
import type { WorkerGroup } from './workerGroup.js';

/** How far ahead instants are agreed, so that every worker has heard of them in time. */
export const LEAD_US = 50_000;

/** What a drain may take beyond its own time: the close handshakes and their deadline. */
const CLOSING_US = 10_000_000;
/** What workers have to report after their connections were cut off. */
const ABORT_US = 2_000_000;

export interface TimelineListener {
  onPhase(kind: PhaseKind, name: string, startUs: number): void;
  /** A plateau of the ramp has settled; awaited before the next step. */
  onPlateau(): Promise<void>;
  /** A phase is about to end; awaited, but the end is agreed already. */
  onPhaseEnding(kind: PhaseKind, name: string): Promise<void>;
}

/** Takes the workers through the phases. Returns when every connection has ended, or can be waited for no more. */
export async function followTimeline(
  timeline: readonly PhaseSpec[],
  workers: WorkerGroup,
  halt: Halt,
  startUs: number,
  listener: TimelineListener,
): Promise<void> {
  let nextUs = startUs;
  let share = 0;

  async function enter({ kind, name }: PhaseSpec): Promise<number> {
    const atUs = Math.max(nextUs, nowUs() + LEAD_US);
    workers.enter(kind, name, atUs);
    listener.onPhase(kind, name, atUs);
    await sleepUntil(atUs);
    return atUs;
  }

  async function ramp(phase: Extract<PhaseSpec, { kind: 'ramp' }>, atUs: number): Promise<void> {
    const fromShare = share;
    for (let step = 1; step <= phase.steps && halt.reason === null; step++) {
      const toShare = fromShare + ((phase.toShare - fromShare) * step) / phase.steps;
      workers.arrive(share, toShare, step === 1 ? atUs : nowUs() + LEAD_US);
      share = toShare;
      await halt.or(workers.whenAll('settled'));
      if (phase.steps > 1) await settle(phase.settleUs);
    }
    nextUs = nowUs() + LEAD_US;
  }

  async function settle(settleUs: number): Promise<void> {
    await halt.until(nowUs() + settleUs);
    if (halt.reason === null) await halt.or(listener.onPlateau());
  }

  async function hold(phase: Extract<PhaseSpec, { kind: 'hold' }>, atUs: number): Promise<void> {
    nextUs = atUs + phase.forUs;
    await halt.until(nextUs - LEAD_US);
  }

  async function drain(phase: Extract<PhaseSpec, { kind: 'drain' }>, atUs: number): Promise<void> {
    // From a target that is gone no answer is to be expected.
    const untilUs = atUs + (halt.reason?.kind === 'target-exit' ? 0 : phase.forUs);
    workers.drain(untilUs);
    if (await isInTime(workers.whenAll('drained'), untilUs + CLOSING_US)) return;
    workers.abort();
    await isInTime(workers.whenAll('drained'), nowUs() + ABORT_US);
  }

  for (const phase of timeline) {
    if (halt.reason !== null && phase.kind !== 'drain') continue;
    if (phase.kind === 'drain' && halt.reason !== null) nextUs = nowUs();
    const atUs = await enter(phase);
    if (phase.kind === 'ramp') await ramp(phase, atUs);
    else if (phase.kind === 'hold') await hold(phase, atUs);
    else await drain(phase, atUs);
    await listener.onPhaseEnding(phase.kind, phase.name);
  }
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
