import type { CloseCount } from '../../src/result/types.js';

/** A close record of which only what matters is said. */
export function closed(from: Partial<CloseCount>): CloseCount {
  return {
    phase: 'hold',
    population: 'listeners',
    initiator: 'server',
    code: null,
    cause: 'fin',
    count: 1,
    example: '',
    ...from,
  };
}
