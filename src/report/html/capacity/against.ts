/** Figures of the tries against their load, as lines through the middle of the tries of each load. */
import type { CapacityFigures, CapacityRecord, Vary } from '../../../result/capacity.js';
import { loadUnit } from '../../loads.js';
import { inUnit } from '../../numbers.js';
import type { AgainstChart, AgainstLine } from '../againstChart.js';
import { type Axis, linearAxis, logAxis } from '../axis.js';
import type { Tone } from '../chart.js';
import { measured } from './tries.js';

export interface Against {
  readonly name: string;
  readonly tone: Tone;
  readonly style: 'solid' | 'dashed';
  /** Whether each try has its sign. */
  readonly signs: boolean;
  /** What was asked for, or what was really there or done. */
  readonly over: 'load' | 'achieved';
  readonly pick: (figures: CapacityFigures) => number | null;
}

/** One line, and the signs of the tries where they are wanted; none where nothing is known. */
export function against(
  record: Pick<CapacityRecord, 'levels'>,
  { name, tone, style, signs, over, pick }: Against,
): AgainstLine[] {
  const all = measured(record).flatMap(({ load, achieved, result, sign }) => {
    const y = pick(result);
    return y === null ? [] : [{ x: over === 'load' ? load : achieved, y, sign }];
  });
  if (all.length === 0) return [];
  // In the order of the loads: a server that gets less done when more is asked of it bends the line back.
  const middles = [...new Set(all.map(({ x }) => x))].map((x) => {
    const here = all.filter((one) => one.x === x);
    return { x, y: median(here.map(({ y }) => y)), sign: null };
  });
  const line: AgainstLine = { name, tone, style, points: middles };
  return signs ? [line, { name: '', tone, style: 'none', points: all }] : [line];
}

/** Whether there is anything to draw: one load alone is a number, and no line. */
export function isComparable(record: Pick<CapacityRecord, 'levels'>): boolean {
  return new Set(measured(record).map(({ load }) => load)).size > 1;
}

/** Of at least one; of an even number the lower of the two in the middle. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

/** Beyond this factor between loads most of them would lie on each other; up to it a knee is seen best on a linear scale. */
const WIDE = 1000;

/** As far as a logarithmic axis goes down. */
const DECADES = 1e7;

/** From zero, unless the loads are far apart. */
export function loadAxis(values: readonly number[], vary: Vary): Axis {
  const known = values.filter((value) => value > 0);
  const most = known.reduce((high, value) => Math.max(high, value), 1);
  // Next to nothing may have come.
  const least = Math.max(
    most / DECADES,
    known.reduce((low, value) => Math.min(low, value), most),
  );
  return most > least * WIDE
    ? logAxis(least * 0.8, most * 1.25, loadUnit(vary))
    : linearAxis(most, loadUnit(vary), 5);
}

/** Every x of the lines. */
export function xsOf(lines: readonly AgainstLine[]): number[] {
  return lines.flatMap(({ points }) => points.map(({ x }) => x));
}

/** Every y of the lines. */
export function heights(lines: readonly AgainstLine[]): number[] {
  return lines.flatMap(({ points }) => points.map(({ y }) => y));
}

/** What named lines show, for those who do not see them. */
export function altOf({ lines, x, y }: Pick<AgainstChart, 'lines' | 'x' | 'y'>): string {
  return lines
    .filter(({ name }) => name !== '')
    .map(({ name, points }) => {
      const values = points.map((point) => `${inUnit(point.y, y.unit)} at ${inUnit(point.x, x.unit)}`);
      return `${name}: ${values.join(', ')}`;
    })
    .join('; ');
}
