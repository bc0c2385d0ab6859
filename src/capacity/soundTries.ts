import type { CapacityFigures, CapacityLevel, CapacityTry } from '../result/capacity.js';

/** A try whose numbers are the server's. */
export interface SoundTry {
  /** What was asked for. */
  readonly load: number;
  readonly passed: boolean;
  readonly figures: CapacityFigures;
}

/**
 * Those that came to their end and of which the generator was not the limit, passed or not. A try that was left early has
 * no hold phases to speak of.
 */
export function soundTries(levels: readonly CapacityLevel[]): SoundTry[] {
  return levels.flatMap(({ load, tries }) =>
    tries.flatMap((one) => {
      const figures = isSound(one) ? one.result : null;
      return figures === null ? [] : [{ load, passed: one.passed, figures }];
    }),
  );
}

function isSound({ validity, stoppedEarly }: CapacityTry): boolean {
  return validity?.status === 'valid' && !stoppedEarly;
}
