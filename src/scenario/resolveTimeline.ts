import type { PhaseKind } from '../metrics/snapshot.js';
import type { Path, Report } from './problem.js';
import { resolveFault } from './resolveFault.js';
import type { PhaseSpec } from './scenario.js';
import type { Surroundings } from './surroundings.js';
import type { PhaseDocument, TimelineDocument } from './timelineSchema.js';
import { baseValue } from './units.js';

/** The drain that every run has, in the file's words. */
const DEFAULT_DRAIN: PhaseDocument = { drain: '5s' };

/** The timeline with its drain at the end. */
export function withDrain(timeline: TimelineDocument): TimelineDocument {
  return timeline.some((phase) => phase.drain !== undefined) ? timeline : [...timeline, DEFAULT_DRAIN];
}

/** Phases in base units, each with a name: its kind, numbered when it comes again, unless one is given. */
export function resolveTimeline(
  timeline: TimelineDocument,
  connections: number | null,
  around: Surroundings,
): PhaseSpec[] {
  const { report } = around;
  const names = namePhases(timeline, report);
  const phases = timeline.map((phase, i) => resolvePhase(phase, names[i] ?? '', ['timeline', i], around));
  checkOrder(phases, report);
  checkSteps(phases, connections, report);
  return phases;
}

function resolvePhase(phase: PhaseDocument, name: string, path: Path, around: Surroundings): PhaseSpec {
  if (phase.ramp !== undefined) {
    return {
      kind: 'ramp',
      name,
      toShare: baseValue('percentage', phase.ramp.to),
      steps: phase.ramp.steps ?? 1,
      settleUs: phase.ramp.settle === undefined ? 0 : baseValue('duration', phase.ramp.settle),
    };
  }
  if (phase.fault !== undefined) {
    return { kind: 'fault', name, fault: resolveFault(phase.fault, [...path, 'fault'], around) };
  }
  if (phase.recover !== undefined) {
    const { until, within } = phase.recover;
    return {
      kind: 'recover',
      name,
      untilShare: baseValue('percentage', until),
      withinUs: baseValue('duration', within),
    };
  }
  const timed = phase.hold ?? phase.drain ?? '0s';
  const forUs = baseValue('duration', typeof timed === 'string' ? timed : timed.for);
  return { kind: phase.hold === undefined ? 'drain' : 'hold', name, forUs };
}

function namePhases(timeline: TimelineDocument, report: Report): string[] {
  const seen = new Map<string, number>();
  const taken = new Set<string>();
  return timeline.map((phase, i) => {
    const kind = kindOf(phase);
    const occurrence = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, occurrence);
    const settings = phase[kind];
    const given = typeof settings === 'object' ? settings.name : undefined;
    const name = given ?? (occurrence === 1 ? kind : `${kind}-${occurrence}`);
    if (taken.has(name)) {
      const path: Path = given === undefined ? ['timeline', i, kind] : ['timeline', i, kind, 'name'];
      report(path, `an earlier phase is called ${name} already: give this one another name`);
    }
    taken.add(name);
    return name;
  });
}

function kindOf(phase: PhaseDocument): PhaseKind {
  const kinds = ['ramp', 'hold', 'fault', 'recover'] as const;
  return kinds.find((kind) => phase[kind] !== undefined) ?? 'drain';
}

function checkOrder(phases: readonly PhaseSpec[], report: Report): void {
  let arrivedShare = 0;
  if (phases[0]?.kind !== 'ramp') {
    report(
      ['timeline', 0],
      'the first phase must be a ramp, in which connections arrive: write - ramp: {}',
      'key',
    );
  }
  phases.forEach((phase, i) => {
    if (phase.kind === 'drain' && i < phases.length - 1) {
      report(
        ['timeline', i, 'drain'],
        'a drain ends the run: it must be the last phase, and the only drain',
        'key',
      );
    }
    if (phase.kind !== 'ramp') return;
    if (phase.toShare <= arrivedShare) {
      const message = `must be more than the ${arrivedShare * 100}% that have arrived by then`;
      report(['timeline', i, 'ramp', 'to'], message);
    }
    arrivedShare = phase.toShare;
  });
}

function checkSteps(phases: readonly PhaseSpec[], connections: number | null, report: Report): void {
  let arrivedShare = 0;
  phases.forEach((phase, i) => {
    if (phase.kind !== 'ramp') return;
    const arriving = connections === null ? null : Math.round(connections * (phase.toShare - arrivedShare));
    if (arriving !== null && phase.steps > Math.max(arriving, 1)) {
      const message = `${phase.steps} steps cannot split ${arriving} connections: write fewer, or leave steps out`;
      report(['timeline', i, 'ramp', 'steps'], message);
    }
    arrivedShare = phase.toShare;
  });
}
