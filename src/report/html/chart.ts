/** What a chart over time shows: drawn still into the page by `still.ts`, drawn again live by the page's script. */
import { sinceFault, stopwatch } from '../numbers.js';
import type { Axis } from './axis.js';

/**
 * The same colour for the same thing on every chart: `cause` for layers of failures, the most frequent first, and
 * `side` for things of equal weight that are laid side by side.
 */
export type Tone =
  | 'server'
  | 'service'
  | 'context'
  | 'ink'
  | 'doubt'
  | 'bad'
  | `cause${1 | 2 | 3 | 4}`
  | `side${1 | 2 | 3 | 4 | 5 | 6}`;

export interface Line {
  readonly name: string;
  readonly tone: Tone;
  readonly style: 'solid' | 'dashed' | 'area';
  /** One per entry of the chart's `atMs`; null where nothing is known. */
  readonly values: ReadonlyArray<number | null>;
}

export interface TimeChart {
  readonly id: string;
  /** Name of the frame that it shares with the charts it is aligned with. */
  readonly frame: string;
  readonly title: string;
  /** What the picture shows, for those who do not see it. */
  readonly alt: string;
  /** Of the plotting area, in CSS pixels. */
  readonly height: number;
  readonly axis: Axis;
  readonly atMs: readonly number[];
  /**
   * How values become lines: `line` from one to the next; `steps` that each hold until the next entry of `atMs`;
   * `stack` likewise, each line on top of those after it.
   */
  readonly form: 'line' | 'steps' | 'stack';
  readonly lines: readonly Line[];
  /** Points of which the picture says what they are. */
  readonly notes: readonly Note[];
  readonly heat: Heat | null;
  /** Names the phases and events; one chart of a page does. */
  readonly names: boolean;
}

export interface Note {
  readonly atMs: number;
  readonly value: number;
  readonly text: string;
}

/** Columns of equal width from the start of the run; rows between ascending edges on the chart's axis. */
export interface Heat {
  readonly columnMs: number;
  readonly edges: readonly number[];
  /** Column, row, level from 1 to `HEAT_LEVELS`, column, row, level, ... */
  readonly cells: readonly number[];
}

export const HEAT_LEVELS = 7;

/** What aligned charts share: their time axis, and what happened on it. */
export interface Frame {
  /** Ends of the axis, counted from the start of the run or from that of a fault. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly clock: 'run' | 'fault';
  readonly phases: ReadonlyArray<{ readonly name: string; readonly startMs: number; readonly endMs: number }>;
  readonly marks: readonly Mark[];
}

export interface Mark {
  readonly atMs: number;
  readonly name: string;
  readonly tone: 'context' | 'doubt' | 'bad';
}

/** What the page's script reads. */
export interface PageCharts {
  readonly frames: Readonly<Record<string, Frame>>;
  readonly charts: readonly TimeChart[];
}

/** Where on the time axis an instant lies, 0 to 1; what is beyond an end lies on it. */
export function timePosition({ fromMs, untilMs }: Frame, atMs: number): number {
  return Math.min(1, Math.max(0, (atMs - fromMs) / (untilMs - fromMs)));
}

/** A stopwatch has whole seconds. */
export function finestTickMs({ clock }: Frame): number {
  return clock === 'run' ? 1000 : 100;
}

/** `00:42` of a run, `2.3 s` after a fault. */
export function timeLabel({ clock }: Frame, atMs: number): string {
  return clock === 'run' ? stopwatch(atMs) : sinceFault(atMs);
}

/** Where each line is drawn: in a stack, on top of those after it. */
export function drawnValues({ form, lines }: TimeChart): Array<ReadonlyArray<number | null>> {
  if (form !== 'stack') return lines.map(({ values }) => values);
  let below: ReadonlyArray<number | null> = [];
  return lines
    .map(({ values }) => values)
    .reverse()
    .map((values) => {
      below = values.map((value, i) => (value ?? 0) + (below[i] ?? 0));
      return below;
    })
    .reverse();
}

/** Room above a plot so that its topmost label is whole, and under it for the labels of time, in pixels. */
export const HEAD = 10;
export const FOOT = 24;
