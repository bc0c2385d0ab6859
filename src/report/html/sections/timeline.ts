import type { RunResult } from '../../../result/types.js';
import { count, elapsed, stopwatch } from '../../numbers.js';
import { linearAxis } from '../axis.js';
import { binsOf, ends, states } from '../bins.js';
import type { TimeChart } from '../chart.js';
import { RUN_FRAME } from '../frame.js';
import type { Table } from '../table.js';
import { columns } from '../table.js';

/** The names of the phases stand above the lines. */
const NAMES_ROOM = 1.16;

/** Open connections against those that should have been, with phases and events; null before the first interval. */
export function timeline(result: RunResult): TimeChart | null {
  const { open, planned } = result.series;
  if (open.length === 0) return null;
  const bins = binsOf(result.series, 600);
  const peak = result.connections.peakOpen;
  const axis = linearAxis(Math.max(peak, ...open, ...planned), 'count');
  return {
    id: 'open',
    frame: RUN_FRAME,
    title: 'Open connections',
    alt: `Open connections over time: ${count(peak)} at most, of ${count(result.connections.planned)} planned.`,
    height: 176,
    axis: { ...axis, max: axis.max * NAMES_ROOM },
    atMs: ends(bins),
    form: 'line',
    lines: [
      { name: 'planned', tone: 'context', style: 'dashed', values: states(planned, bins) },
      { name: 'open', tone: 'server', style: 'area', values: states(open, bins) },
    ],
    heat: null,
    notes: [],
    names: true,
  };
}

/** The phases of the run, and what happened in it. */
export function timelineTables(result: RunResult): Table[] {
  const phases: Table = {
    caption: 'Phases',
    columns: [...columns('name', 'phase', 'kind'), ...columns('number', 'from', 'to', 'took')],
    rows: result.phases.map(({ name, kind, startMs, endMs }) => [
      name,
      kind,
      stopwatch(startMs),
      stopwatch(endMs),
      elapsed(endMs - startMs),
    ]),
  };
  const events = result.events.filter(({ kind }) => kind !== 'phase');
  if (events.length === 0) return [phases];
  return [
    phases,
    {
      caption: 'Events',
      columns: [...columns('number', 'at'), ...columns('name', 'kind'), ...columns('words', 'detail')],
      rows: events.map(({ atMs, kind, detail }) => [stopwatch(atMs), kind, detail]),
    },
  ];
}
