import type { FaultSpec } from './faultSpec.js';
import type { Report } from './problem.js';
import type { PhaseSpec } from './scenario.js';
import type { TargetDocument } from './targetSchema.js';
import { formatDuration } from './units.js';

/** A fault that the target cannot take is refused, with what to use instead. */
export function checkFaults(phases: readonly PhaseSpec[], target: TargetDocument, report: Report): void {
  phases.forEach((phase, i) => {
    if (phase.kind !== 'fault') return;
    const refusal = refuseFault(phase.fault, target);
    if (refusal !== null) report(['timeline', i, 'fault', refusal.key], refusal.message);
  });
}

interface Refusal {
  readonly key: 'kind' | 'how';
  readonly message: string;
}

function refuseFault(fault: FaultSpec, target: TargetDocument): Refusal | null {
  const proxied = target.through === 'proxy';
  switch (fault.kind) {
    case 'command':
      return null;
    case 'kill-target':
    case 'restart-target':
      return target.url === undefined ? null : { key: 'kind', message: notOurs(fault.kind) };
    case 'disconnect':
      return target.server === undefined ? refuseHow(fault.how, proxied) : null;
    default:
      return proxied
        ? null
        : { key: 'kind', message: `${fault.kind} needs the fault proxy: write through: proxy in the target` };
  }
}

function notOurs(kind: string): string {
  return `${kind} needs a server that wsherd has started: start it by target.command, or write kind: command with a program that restarts it`;
}

/** What a server that is no reference server cannot be told to do. */
function refuseHow(how: Extract<FaultSpec, { kind: 'disconnect' }>['how'], proxied: boolean): Refusal | null {
  if (how === 'client-close' || (how !== 'server-close' && proxied)) return null;
  const instead = proxied
    ? 'write how: reset, fin or client-close'
    : 'write how: client-close, or through: proxy in the target and how: reset or fin';
  return { key: 'how', message: `${how} is what only reference servers do when told to: ${instead}` };
}

/**
 * A recovery waits until the fault before it is over and what it has cost is back, and counts from that fault's
 * start.
 *
 * @param canReturn False when no population reconnects; null when that is not known.
 */
export function checkRecoveries(
  phases: readonly PhaseSpec[],
  canReturn: boolean | null,
  report: Report,
): void {
  let fault: FaultSpec | null = null;
  /** The least time since that fault began. */
  let sinceUs = 0;
  phases.forEach((phase, i) => {
    const path = ['timeline', i, 'recover'];
    if (phase.kind === 'fault') {
      ({ fault } = phase);
      sinceUs = 'downUs' in fault ? fault.downUs : 0;
    } else if (phase.kind === 'hold') sinceUs += phase.forUs;
    if (phase.kind !== 'recover') return;
    if (fault === null) {
      report(path, 'nothing is lost that could recover: put a fault before it', 'key');
    } else if (canReturn === false) {
      const example = 'reconnect: { policy: full-jitter }';
      report(path, `no population comes back: write reconnect in one, such as ${example}`, 'key');
    } else {
      const leastUs = Math.max(sinceUs, 'forUs' in fault ? fault.forUs : 0);
      if (phase.withinUs > leastUs) return;
      const message = `counts from the start of the fault, and ${formatDuration(leastUs)} have to pass first: write more`;
      report([...path, 'within'], message);
    }
  });
}
