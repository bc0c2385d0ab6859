import { nowUs } from '../clock.js';
import type { TargetLifecycle } from '../target/target.js';
import type { FaultParts } from './fault.js';
import { reached, untilOver } from './waiting.js';
import { reasonOf, seconds } from './wording.js';

/**
 * From the fault's start to the signal. A reference server writes its ledger down every few milliseconds: what a killed one
 * has not written down then happened within the fault's own phase, whose counts bound it.
 */
const LEDGER_SETTLES_US = 30_000;
/** The phase after this one begins that long after the fault has resolved, and the next instance not before it. */
const NEXT_PHASE_US = 50_000;

interface Ending {
  readonly signal: 'SIGTERM' | 'SIGKILL';
  readonly graceUs: number;
  readonly downUs: number;
}

/**
 * Ends the target, and starts it again when it has been down long enough. Resolves just before that: the process has ended,
 * so that what it has counted belongs to the phases up to this one, and what the next one counts to those after it.
 */
export async function endTarget(ending: Ending, parts: FaultParts): Promise<void> {
  const { target, startUs } = parts;
  const { lifecycle } = target;
  if (lifecycle === null) {
    return parts.failed('wsherd has not started the target, and so cannot end it; use the fault command');
  }
  try {
    if (!(await reached(startUs + LEDGER_SETTLES_US, parts))) return;
    if (!(await bringDown(ending, lifecycle, parts))) return;
    const againUs = Math.max(startUs + ending.downUs, nowUs() + NEXT_PHASE_US);
    await parts.until(againUs - NEXT_PHASE_US);
    parts.background(bringUp(againUs, lifecycle, parts));
  } catch (error) {
    parts.failed(`the target could not be ended: ${reasonOf(error)}`);
  }
}

/** False when the run is on its way out before the target has ended. */
async function bringDown(
  { signal, graceUs }: Ending,
  lifecycle: TargetLifecycle,
  parts: FaultParts,
): Promise<boolean> {
  parts.targetDown();
  // First: a proxy that still listened would turn refusals into resets.
  await parts.proxy?.setUpstream(false);
  const signalUs = nowUs();
  let isDown = false;
  const ended = lifecycle.end(signal, graceUs).then(() => {
    isDown = true;
  });
  await Promise.race([ended, untilOver(() => isDown, Number.POSITIVE_INFINITY, parts)]);
  if (isDown) parts.done(`${signal} ended the target in ${seconds(nowUs() - signalUs)}`);
  return isDown;
}

async function bringUp(againUs: number, lifecycle: TargetLifecycle, parts: FaultParts): Promise<void> {
  const { proxy, targetUp, done, notMended, startUs } = parts;
  // On its way out a run needs no target any more.
  if (!(await reached(againUs, parts))) return;
  try {
    await lifecycle.startAgain();
    await proxy?.setUpstream(true);
    targetUp();
    const upUs = nowUs();
    done(
      `the target accepts connections again ${seconds(upUs - startUs)} after the fault began; it took ${seconds(upUs - againUs)} to start`,
    );
  } catch (error) {
    notMended(`the target was not started again: ${reasonOf(error)}`);
  }
}
