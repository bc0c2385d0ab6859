import type { PhaseKind } from '../metrics/snapshot.js';

/** The phases that the effects of a fault are counted in: from the fault to the next one, or to the drain. */
export interface Episode<Phase> {
  /** The phase before the fault. */
  readonly before: Phase | null;
  /** From the fault to the last phase `recover`, or all where there is none. */
  readonly during: readonly Phase[];
  readonly after: readonly Phase[];
}

/** The episode of the fault whose phase has that name; null when the run never came to it. */
export function episodeOf<Phase extends { readonly name: string; readonly kind: PhaseKind }>(
  phases: readonly Phase[],
  faultPhase: string,
): Episode<Phase> | null {
  const start = phases.findIndex(({ name }) => name === faultPhase);
  if (start === -1) return null;
  const next = phases.findIndex(({ kind }, i) => i > start && (kind === 'fault' || kind === 'drain'));
  const all = phases.slice(start, next === -1 ? phases.length : next);
  const recovering = all.findLastIndex(({ kind }) => kind === 'recover') + 1;
  const split = recovering === 0 ? all.length : recovering;
  return { before: phases[start - 1] ?? null, during: all.slice(0, split), after: all.slice(split) };
}
