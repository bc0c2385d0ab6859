import type { Accumulator } from '../result/accumulator.js';
import type { Halt } from './halt.js';
import type { RunLog } from './runLog.js';

/** What breaks may be a target that is dying, which is known a little later, and then is the reason. */
const DEATH_KNOWN_MS = 500;

/** Leaves a run as soon as it is decided, unless it comes to its drain or to another end first. */
export class Decision {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly decided: ((accumulator: Accumulator) => string | null) | undefined,
    private readonly log: RunLog,
    private readonly halt: Halt,
  ) {}

  /** After each snapshot. */
  look(): void {
    const { decided, log, halt } = this;
    if (decided === undefined || this.timer !== null || log.isDraining) return;
    const why = decided(log.accumulator);
    if (why === null) return;
    this.timer = setTimeout(() => {
      if (!log.isDraining) halt.stop({ kind: 'decided', why });
    }, DEATH_KNOWN_MS);
  }

  end(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }
}
