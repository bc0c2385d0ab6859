import { inUnit, type Unit } from '../numbers.js';
import { linearAxis } from './axis.js';
import { type Bins, middles } from './bins.js';
import type { Line, TimeChart } from './chart.js';
import { RUN_FRAME } from './frame.js';

/** One of several charts under each other on the same time axis. */
export function small(id: string, title: string, unit: Unit, lines: readonly Line[], bins: Bins): TimeChart {
  const most = Math.max(...lines.map(({ values }) => greatest(values)));
  return {
    id,
    frame: RUN_FRAME,
    title,
    alt: `${title} over time, at most ${inUnit(most, unit)}.`,
    height: 96,
    axis: linearAxis(most, unit, 3),
    atMs: middles(bins),
    form: 'line',
    lines,
    heat: null,
    notes: [],
    names: false,
  };
}

/** Zero where nothing is known. */
export function greatest(values: ReadonlyArray<number | null>): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}
