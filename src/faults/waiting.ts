import { nowUs } from '../clock.js';
import type { FaultParts } from './fault.js';

const STEP_US = 20_000;
/** A timer may come a moment early, which must not look like the end of the run. */
const EARLY_US = 5_000;

type Until = Pick<FaultParts, 'until'>;

/** Waits until an instant; false when the run is on its way out before it. */
export async function reached(instantUs: number, parts: Until): Promise<boolean> {
  await parts.until(instantUs);
  return nowUs() >= instantUs - EARLY_US;
}

/**
 * Waits until something is over, but not beyond an instant, nor when the run is on its way out. In short steps: no long
 * timer may be left that would keep wsherd from exiting.
 */
export async function untilOver(isOver: () => boolean, latestUs: number, parts: Until): Promise<void> {
  let nextUs = nowUs();
  while (!isOver() && nextUs < latestUs) {
    nextUs = Math.min(nowUs() + STEP_US, latestUs);
    if (!(await reached(nextUs, parts))) return;
  }
}
