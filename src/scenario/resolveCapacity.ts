import { checkLoads } from './capacityRules.js';
import type { CapacityDocument } from './capacitySchema.js';
import type { CapacitySpec } from './capacitySpec.js';
import type { Report } from './problem.js';
import type { PhaseSpec, PopulationSpec, Threshold } from './scenario.js';
import type { TargetDocument } from './targetSchema.js';
import { baseValue } from './units.js';

const COOL_DOWN_US = { fresh: 1_000_000, kept: 5_000_000 } as const;

/** What of the scenario a search depends on. */
export interface Searched {
  readonly target: TargetDocument;
  readonly populations: readonly PopulationSpec[];
  readonly phases: readonly PhaseSpec[];
  readonly thresholds: readonly Threshold[];
}

/** A search in base units; what makes no sense of it goes to `report`. */
export function resolveCapacity(
  document: CapacityDocument,
  searched: Searched,
  report: Report,
): CapacitySpec {
  const { vary, from, to, tries, settle, measure, coolDown } = document;
  const isFound = searched.target.url !== undefined;
  const target = document.target ?? (isFound ? 'kept' : 'fresh');
  const needed = document.needed ?? Math.floor(tries / 2) + 1;
  const spec: CapacitySpec = {
    vary,
    from,
    to,
    precision: baseValue('percentage', document.precision),
    tries,
    needed,
    settleUs: settle === undefined ? null : baseValue('duration', settle),
    measureUs: measure === undefined ? null : baseValue('duration', measure),
    coolDownUs: coolDown === undefined ? COOL_DOWN_US[target] : baseValue('duration', coolDown),
    target,
  };
  if (from >= to) report(['capacity', 'from'], `must be less than to, which is ${to}`);
  if (needed > tries) {
    report(['capacity', 'needed'], `is more than the ${tries} tries: write ${tries} or less, or more tries`);
  }
  checkTarget(spec, searched, isFound, report);
  checkWindows(spec, searched.phases, report);
  checkLoads(spec, searched.populations, report);
  checkThresholds(searched.thresholds, report);
  return spec;
}

/** Faults for which wsherd must be the one who has started the target. */
function needsItsTarget(phase: PhaseSpec): boolean {
  if (phase.kind !== 'fault') return false;
  const { fault } = phase;
  return 'downUs' in fault || (fault.kind === 'disconnect' && fault.how !== 'client-close');
}

function checkTarget(
  { target }: CapacitySpec,
  { phases, target: document }: Searched,
  isFound: boolean,
  report: Report,
): void {
  if (target === 'fresh' && isFound) {
    const message = 'a url runs already, and cannot be started for each try: write kept, or leave it out';
    report(['capacity', 'target'], message);
  }
  if (target === 'fresh' || isFound) return;
  if ((document.instances ?? 1) > 1) {
    const message = 'a target that is kept is one process: write fresh, or target.instances: 1';
    report(['capacity', 'target'], message);
  }
  const fault = phases.find(needsItsTarget);
  if (fault?.kind !== 'fault') return;
  const message = `a target that is kept cannot be given the fault ${fault.fault.kind}: write fresh, or leave it out`;
  report(['capacity', 'target'], message);
}

function checkWindows(spec: CapacitySpec, phases: readonly PhaseSpec[], report: Report): void {
  for (const [key, us] of [
    ['settle', spec.settleUs],
    ['measure', spec.measureUs],
  ] as const) {
    if (us === null || phases.some(({ kind, name }) => kind === 'hold' && name !== 'settle')) continue;
    report(
      ['capacity', key],
      'needs a hold in the timeline, such as - hold: 15s: that is where it is measured',
    );
  }
  if (spec.settleUs !== null && phases.some(({ kind, name }) => kind !== 'hold' && name === 'settle')) {
    report(['capacity', 'settle'], 'would be the name of two phases: give the one in the timeline another');
  }
}

/** What always holds would send the search to the end of its range. Without data even these fail. */
function checkThresholds(thresholds: readonly Threshold[], report: Report): void {
  thresholds.forEach((threshold, i) => {
    const { operator, value, unit } = threshold;
    const isAlways = value === 0 && (operator === '>=' || (operator === '>' && unit === 'us'));
    if (!isAlways) return;
    const message = `${threshold.expression} can never fail, so the search would go to the end of its range: write what the server must keep to, such as ${threshold.name}${unit === 'us' ? ' p99 < 250ms' : ' == 0'}, or take it out`;
    report(['thresholds', i], message);
  });
}
