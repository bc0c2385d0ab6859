/** The tries of a search, as tables and pictures go through them. */
import type {
  CapacityFigures,
  CapacityLevel,
  CapacityRecord,
  CapacityTry,
} from '../../../result/capacity.js';
import { isInvalid } from '../../capacityWords.js';
import type { Sign } from '../sign.js';

export interface Tried {
  readonly load: number;
  readonly own: CapacityTry;
  readonly sign: Sign;
}

export interface Measured extends Tried {
  readonly result: CapacityFigures;
  /** What was really there or done; where that is not known, what was asked for. */
  readonly achieved: number;
}

/** Ascending by load; of one load in their order. */
export function triesOf({ levels }: Pick<CapacityRecord, 'levels'>): Tried[] {
  return levels.flatMap((level) =>
    level.tries.map((own) => ({ load: level.load, own, sign: signOf(level, own) })),
  );
}

export function measured(record: Pick<CapacityRecord, 'levels'>): Measured[] {
  return triesOf(record).flatMap((one) => {
    const { result } = one.own;
    return result === null ? [] : [{ ...one, result, achieved: result.achieved ?? one.load }];
  });
}

/** A try that was left early because it could not pass any more has a record that is partial, and failed all the same. */
function signOf({ verdict }: CapacityLevel, own: CapacityTry): Sign {
  if (own.passed) return 'passed';
  return isInvalid(own) || (verdict === 'invalid' && own.validity?.status !== 'valid')
    ? 'doubtful'
    : 'failed';
}

export const SIGN_WORDS: Readonly<Record<Sign, string>> = {
  passed: 'passed',
  failed: 'failed',
  doubtful: 'not valid',
};

/** The first try that passed at the highest load that did; null when none did. */
function lastPassed(record: CapacityRecord): Measured | null {
  return measured(record).find(({ load, sign }) => load === record.lastPass && sign === 'passed') ?? null;
}

/** That one, else the first that was measured at all. */
export function telling(record: CapacityRecord): Measured | null {
  return lastPassed(record) ?? measured(record)[0] ?? null;
}
