import type { PatternSpec } from '../patterns/list.js';
import type { PopulationSpec } from './scenario.js';

type Populations = ReadonlyArray<Pick<PopulationSpec, 'connections' | 'patterns'>>;

export function publishes(populations: Populations): boolean {
  return populations.some(({ patterns }) => patterns.some(({ kind }) => kind === 'publish'));
}

/** Patterns that make messages at a rate: those that publish or, where nobody does, those that send echoes on a schedule. */
export function isPaced(pattern: PatternSpec, populations: Populations): boolean {
  if (publishes(populations)) return pattern.kind === 'publish';
  return pattern.kind === 'echo' && pattern.options.pace.kind === 'every';
}

/** Between two due times of a paced pattern; null for others. */
export function everyUsOf(pattern: PatternSpec, populations: Populations): number | null {
  if (!isPaced(pattern, populations)) return null;
  if (pattern.kind === 'publish') return pattern.options.everyUs;
  return pattern.kind === 'echo' && pattern.options.pace.kind === 'every'
    ? pattern.options.pace.everyUs
    : null;
}

/** Messages a second of all paced patterns together; 0 without any. */
export function publishRate(populations: Populations): number {
  let perSecond = 0;
  for (const { connections, patterns } of populations) {
    for (const pattern of patterns) {
      const everyUs = everyUsOf(pattern, populations);
      const burst = pattern.kind === 'publish' ? pattern.options.burst : 1;
      if (everyUs !== null) perSecond += (1e6 * connections * burst) / everyUs;
    }
  }
  return perSecond;
}

/** How many rooms each population joins; those that join none are left out. */
export function roomsOf(
  populations: Populations,
): Array<{ readonly rooms: number; readonly perConnection: number }> {
  return populations.flatMap(({ patterns }) =>
    patterns.flatMap((pattern) => {
      if (pattern.kind !== 'join' || pattern.options.rooms === null) return [];
      const { rooms, perConnection } = pattern.options;
      return [{ rooms, perConnection }];
    }),
  );
}
