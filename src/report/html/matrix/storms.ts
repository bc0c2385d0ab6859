import type { MatrixRecord } from '../../../result/matrix.js';
import { type Contender, contendersIn, stormIndexes, stormName } from '../../matrixWords.js';
import { escapeTerminal } from '../../visible.js';
import type { Frame, Tone } from '../chart.js';
import { SIDES } from '../sides.js';

/** One fault of the timeline as all variants went through it. */
export interface SideBySide {
  /** `the kill`. */
  readonly fault: string;
  readonly suffix: string;
  readonly frame: string;
  readonly contenders: ReadonlyArray<Contender & { readonly tone: Tone }>;
}

/** More than this are in the reports of the runs. */
const MOST_STORMS = 3;

export function stormsSideBySide(matrix: MatrixRecord): SideBySide[] {
  return stormIndexes(matrix)
    .slice(0, MOST_STORMS)
    .map((index, i) => {
      const contenders = contendersIn(matrix, index);
      const suffix = i === 0 ? '' : `-${i + 1}`;
      return {
        fault: escapeTerminal(stormName(contenders)),
        suffix,
        frame: `storm${suffix}`,
        contenders: contenders.map((contender) => ({
          ...contender,
          tone: toneOf(matrix.variants.indexOf(contender.variant)),
        })),
      };
    });
}

/** The same colour for the same variant all over the page; those beyond the colours are grey. */
export function toneOf(index: number): Tone {
  return SIDES[index] ?? 'context';
}

/** One time axis for all: from before the fault until the slowest is back. */
export function sideFrame({ contenders, fault }: SideBySide): Frame {
  const edges = contenders.map(({ storm }) => storm.bins.edgesMs);
  const fromMs = edges.reduce((least, own) => Math.min(least, own[0] ?? 0), 0);
  const untilMs = edges.reduce((most, own) => Math.max(most, own.at(-1) ?? 0), 1);
  return {
    fromMs,
    untilMs,
    clock: 'fault',
    phases: [],
    marks: [{ atMs: 0, tone: 'doubt', name: fault.replace(/^the /, '') }],
  };
}
