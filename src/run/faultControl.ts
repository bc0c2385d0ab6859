import { setTimeout as sleep } from 'node:timers/promises';
import { nowUs } from '../clock.js';
import type { FaultParts } from '../faults/fault.js';
import { doFault } from '../faults/list.js';
import type { FaultSpec } from '../scenario/faultSpec.js';
import type { Opposite } from './prepare.js';
import type { RunLog } from './runLog.js';
import type { WorkerGroup } from './workerGroup.js';

/** How long the drain waits for faults to be lifted: a target that hangs is ended anyway. */
const LIFT_TIMEOUT_MS = 3000;

/** Does the faults of a timeline, and knows which of them are not over yet. */
export class FaultControl {
  private readonly underWay = new Set<Promise<void>>();
  private readonly leaving = new AbortController();

  constructor(
    private readonly opposite: Opposite,
    private readonly logFile: string,
    private readonly workers: WorkerGroup,
    private readonly log: RunLog,
  ) {}

  /** Resolves when the timeline may go on. */
  begin(spec: FaultSpec, startUs: number): Promise<void> {
    return this.follow(doFault(spec.kind, spec, this.partsFrom(startUs)));
  }

  /** True while a fault lasts, or its target is not back. */
  get isUnderWay(): boolean {
    return this.underWay.size > 0;
  }

  /** The timeline is over: lifts what lasts, and waits for that. */
  async end(): Promise<void> {
    this.leaving.abort();
    const allLifted = new AbortController();
    const late = sleep(LIFT_TIMEOUT_MS, undefined, { signal: allLifted.signal }).catch(() => {});
    await Promise.race([Promise.all(this.underWay), late]);
    allLifted.abort();
  }

  private partsFrom(startUs: number): FaultParts {
    const { opposite, logFile, workers, log } = this;
    return {
      startUs,
      target: opposite.target,
      proxy: opposite.proxy,
      logFile,
      disconnectClients: (share) => workers.disconnect(share),
      until: (instantUs) => this.until(instantUs),
      background: (rest) => void this.follow(rest),
      targetDown: () => log.targetDown(),
      targetUp: () => log.targetUp(),
      done: (detail) => log.event('fault', detail),
      failed: (detail) => log.faultFailed(detail),
      notMended: (detail) => log.event('not-mended', detail),
    };
  }

  private async until(instantUs: number): Promise<void> {
    const waitMs = Math.max(0, Math.ceil((instantUs - nowUs()) / 1000));
    // Rejects only when the run is on its way out: then nobody waits any longer.
    await sleep(waitMs, undefined, { signal: this.leaving.signal }).catch(() => {});
  }

  private async follow(work: Promise<void>): Promise<void> {
    this.underWay.add(work);
    try {
      await work;
    } finally {
      this.underWay.delete(work);
    }
  }
}
