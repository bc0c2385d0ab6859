/** What a chart over time shows: drawn still into the page by `still.ts`, drawn again live by the page's script. */
import type { Axis } from './axis.js';

/** The same colour for the same thing on every chart. */
export type Tone = 'server' | 'service' | 'context' | 'ink' | 'doubt' | 'bad';

export interface Line {
  readonly name: string;
  readonly tone: Tone;
  readonly style: 'solid' | 'dashed' | 'area';
  /** One per entry of the chart's `atMs`; null where nothing is known. */
  readonly values: ReadonlyArray<number | null>;
}

export interface TimeChart {
  readonly id: string;
  readonly title: string;
  /** What the picture shows, for those who do not see it. */
  readonly alt: string;
  /** Of the plotting area, in CSS pixels. */
  readonly height: number;
  readonly axis: Axis;
  readonly atMs: readonly number[];
  readonly lines: readonly Line[];
  readonly heat: Heat | null;
  /** Names the phases and events; one chart of a page does. */
  readonly names: boolean;
}

/** Columns of equal width from the start of the run; rows between ascending edges on the chart's axis. */
export interface Heat {
  readonly columnMs: number;
  readonly edges: readonly number[];
  /** Column, row, level from 1 to `HEAT_LEVELS`, column, row, level, ... */
  readonly cells: readonly number[];
}

export const HEAT_LEVELS = 7;

/** What all charts of a page share. */
export interface Frame {
  readonly spanMs: number;
  readonly phases: ReadonlyArray<{ readonly name: string; readonly startMs: number; readonly endMs: number }>;
  readonly marks: readonly Mark[];
}

export interface Mark {
  readonly atMs: number;
  readonly name: string;
}

/** What the page's script reads. */
export interface PageCharts {
  readonly frame: Frame;
  readonly charts: readonly TimeChart[];
}

/** Room above a plot so that its topmost label is whole, and under it for the labels of time, in pixels. */
export const HEAD = 10;
export const FOOT = 24;

/** Of a label of 12 px, per character: an estimate, to tell whether there is room. */
export const LETTER_PX = 7;

/** Baseline of the label of an event, under the line of a run that went well until then; four share a height in turn. */
export function eventTop(index: number): number {
  return 56 + (index % 4) * 16;
}

/** Label positions at least `gap` apart and inside 0 to `height`, in the order given, each near where it belongs. */
export function spread(wanted: readonly number[], gap: number, height: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = [...wanted];
  let least = 0;
  for (const i of order) {
    placed[i] = Math.max(placed[i] ?? 0, least);
    least = (placed[i] ?? 0) + gap;
  }
  let most = height;
  for (const i of order.reverse()) {
    placed[i] = Math.min(placed[i] ?? 0, most);
    most = (placed[i] ?? 0) - gap;
  }
  return placed;
}

/** A line's name stands beside the plot when the line reaches this far, else where the line ends. */
export const REACHES_END = 0.85;

export interface LineEnd {
  readonly line: Line;
  readonly atMs: number;
  readonly value: number;
}

/** Where each line ends, up to `untilMs`; lines without a value are left out. */
export function lineEnds({ lines, atMs }: TimeChart, untilMs: number): LineEnd[] {
  const beyond = atMs.findIndex((ms) => ms > untilMs);
  const before = beyond < 0 ? atMs.length : beyond;
  return lines.flatMap((line) => {
    const index = line.values.slice(0, before).findLastIndex((value) => value !== null);
    const value = line.values[index] ?? null;
    return value === null ? [] : [{ line, atMs: atMs[index] ?? 0, value }];
  });
}
