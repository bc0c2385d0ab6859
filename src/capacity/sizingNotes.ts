import type { ResourceModel, Vary } from '../result/capacity.js';
import type { ResourceLines } from './forecasts.js';
import {
  drifts,
  isOfConnections,
  LEAST_POINTS,
  type LineResource,
  pointOf,
  type ResourceLine,
} from './resourceModels.js';
import type { SoundTry } from './soundTries.js';

interface NotesInput {
  readonly vary: Vary;
  readonly passed: readonly SoundTry[];
  readonly lines: ResourceLines;
  readonly means: readonly ResourceModel[];
  readonly freshTarget: boolean;
}

const NAMES: Readonly<Record<LineResource, string>> = {
  memory: 'Memory',
  'kernel-memory': 'Kernel memory',
  cores: 'Cores',
};

/** What cannot be said of memory and CPU, why, and what would help; sentences. Pure. */
export function resourceNotes({ vary, passed, lines, means, freshTarget }: NotesInput): string[] {
  if (passed.every(({ figures }) => figures.target.rssBytes === null && figures.target.cores === null)) {
    return [
      'Memory and cores: wsherd does not know which process the target is: name it, as by --set target.pid=1234.',
    ];
  }
  const resources = (['memory', 'kernel-memory', 'cores'] as const).filter(
    (resource) => resource === 'cores' || isOfConnections(vary),
  );
  return [
    ...(isOfConnections(vary)
      ? []
      : [
          'Memory: it follows connections, and they were the same in all tries: search with --vary connections.',
        ]),
    ...resources.flatMap((resource) => lineNotes(resource, vary, passed, lines[resource])),
    ...means.filter(drifts).map(driftNote),
    ...(freshTarget
      ? []
      : [
          'All tries met the same process: what it keeps from one to the next is in the figures of the later ones.',
        ]),
  ];
}

function lineNotes(
  resource: LineResource,
  vary: Vary,
  passed: readonly SoundTry[],
  fitted: ResourceLine | null,
): string[] {
  const name = NAMES[resource];
  if (fitted === null) {
    const loads = new Set(passed.flatMap((one) => pointOf(resource, vary, one)).map(({ x }) => x)).size;
    // What was never read, as kernel memory of another machine, is no lack of loads.
    if (loads === 0)
      return resource === 'kernel-memory' ? [] : [`${name}: not measured in any try that passed.`];
    const have = loads === 1 ? '1 has' : `${loads} have`;
    return [
      `${name}: a line needs ${LEAST_POINTS} loads that passed, ${have}: search from a lower load, or with a smaller --precision.`,
    ];
  }
  if (fitted.isBent) {
    return [
      `${name}: the points lie on a curve, not on a line, so that nothing is said beyond the loads that passed.`,
    ];
  }
  if ((fitted.model.slope?.low ?? 0) > 0) return [];
  return [
    `${name}: no growth with the load can be told from the scatter of the points: search over a wider range of loads.`,
  ];
}

function driftNote({ resource }: ResourceModel): string {
  const what = resource === 'connect-cpu' ? 'connect' : 'message';
  return `CPU per ${what} changes with the load: the mean is that of these loads, and of no other.`;
}
