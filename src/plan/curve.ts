import type { PhaseKind } from '../metrics/snapshot.js';
import type { FaultSpec } from '../scenario/faultSpec.js';
import type { Scenario } from '../scenario/scenario.js';
import { arrivalTimesUs, arrivedAt } from './arrivals.js';
import { hashName } from './random.js';

/** A phase as planned: a ramp may take longer, since it awaits every handshake, and so may what awaits a target. */
interface PlannedPhase {
  readonly name: string;
  readonly kind: PhaseKind;
  readonly startUs: number;
  readonly endUs: number;
  /** It is over as soon as it has what it waits for: `endUs` is the latest, not the expected. */
  readonly mayEndEarly: boolean;
}

export interface PlannedCurve {
  readonly phases: readonly PlannedPhase[];
  /** When each connection arrives, of all populations, ascending, in us from the start. */
  readonly arrivalsUs: Float64Array;
  readonly durationUs: number;
}

/** When who is to arrive, if every handshake took no time. */
export function plannedCurve(scenario: Scenario): PlannedCurve {
  const schedules = scenario.populations.map((population) =>
    arrivalTimesUs(population.arrive, population.connections, scenario.seed, hashName(population.name)),
  );
  const arrivals: number[] = [];
  const phases: PlannedPhase[] = [];
  let atUs = 0;
  let share = 0;
  let faultUs = 0;

  /** Everybody between two shares arrives; returns how long that takes. */
  function arrive(toShare: number): number {
    let lastUs = 0;
    for (const times of schedules) {
      const first = arrivedAt(share, times.length);
      const originUs = times[first] ?? 0;
      for (let i = first; i < arrivedAt(toShare, times.length); i++) {
        const afterUs = times[i]! - originUs;
        arrivals.push(atUs + afterUs);
        lastUs = Math.max(lastUs, afterUs);
      }
    }
    share = toShare;
    return lastUs;
  }

  for (const phase of scenario.timeline) {
    const startUs = atUs;
    if (phase.kind === 'ramp') {
      const fromShare = share;
      for (let step = 1; step <= phase.steps; step++) {
        atUs += arrive(fromShare + ((phase.toShare - fromShare) * step) / phase.steps);
        if (phase.steps > 1) atUs += phase.settleUs;
      }
    } else if (phase.kind === 'fault') {
      faultUs = atUs;
      atUs += holdUs(phase.fault);
    } else if (phase.kind === 'recover') atUs = Math.max(atUs, faultUs + phase.withinUs);
    else atUs += phase.forUs;
    const mayEndEarly = phase.kind === 'recover' || phase.kind === 'drain';
    phases.push({ name: phase.name, kind: phase.kind, startUs, endUs: atUs, mayEndEarly });
  }
  return { phases, arrivalsUs: Float64Array.from(arrivals).sort(), durationUs: atUs };
}

/** How long a fault holds the timeline: while the target is down. What lasts goes on beside the phases after it. */
function holdUs(fault: FaultSpec): number {
  return fault.kind === 'kill-target' || fault.kind === 'restart-target' ? fault.downUs : 0;
}
