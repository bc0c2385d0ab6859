/** Numbers against another number: lines, signs where something was measured, bands of what is not sure, limits. */
import { type Axis, axisLabel, position } from './axis.js';
import type { Tone } from './chart.js';
import { LETTER_PX, REACHES_END, spread } from './labels.js';
import { html, type Markup } from './markup.js';
import { type Sign, signAt } from './sign.js';
import { areaBetween, linePath, marks, percentOf, plot, round, WIDTH, xAxis, yAxis, yOf } from './svg.js';

export interface AgainstChart {
  readonly alt: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly AgainstLine[];
  /** Behind the lines: where else they may lie. */
  readonly bands?: readonly AgainstBand[];
  /** Across the whole width. */
  readonly limits?: ReadonlyArray<{ readonly y: number; readonly name: string }>;
  /** Values of x of which the picture says something, in the order of their names from the top. */
  readonly notes?: readonly AgainstNote[];
}

export interface AgainstLine {
  /** Beside its end; nothing stands there when it is empty. */
  readonly name: string;
  readonly tone: Tone;
  /** `none` are signs alone. */
  readonly style: 'solid' | 'dashed' | 'none';
  readonly points: readonly AgainstPoint[];
}

interface AgainstPoint {
  readonly x: number;
  readonly y: number;
  /** Null where the line only passes. */
  readonly sign: Sign | null;
}

/** Ascending in x. */
export type AgainstBand = ReadonlyArray<{ readonly x: number; readonly low: number; readonly high: number }>;

export interface AgainstNote {
  readonly x: number;
  readonly name: string;
}

const HEIGHT = 220;

/** Labels of the axis nearer to each other than this share of it would run together on a phone. */
const LEAST_APART = 0.12;

export function againstChart({
  alt,
  x,
  y,
  lines,
  bands = [],
  limits = [],
  notes = [],
}: AgainstChart): Markup {
  const place = (point: Pick<AgainstPoint, 'x' | 'y'>) => ({
    x: WIDTH * position(x, point.x),
    y: yOf(y, point.y, HEIGHT),
  });
  return plot(HEIGHT, alt, [
    yAxis(y, HEIGHT),
    limits.map((limit) => {
      const at = round(yOf(y, limit.y, HEIGHT));
      return html`<line class="limit" x1="0" x2="100%" y1="${at}" y2="${at}"/>`;
    }),
    marks(HEIGHT, [
      bands.map((band) => {
        const high = band.map((at) => place({ x: at.x, y: at.high }));
        const low = band.map((at) => place({ x: at.x, y: at.low }));
        return html`<path class="interval" d="${areaBetween(high, low)}"/>`;
      }),
      lines.map(({ tone, style, points }) =>
        style === 'none'
          ? null
          : html`<path class="line ${style === 'dashed' ? 'dashed' : ''} t-${tone}" d="${linePath(points.map(place))}"/>`,
      ),
    ]),
    lines.map(({ tone, points }) =>
      points.map((point) =>
        point.sign === null ? null : signAt(point.sign, tone, position(x, point.x), yOf(y, point.y, HEIGHT)),
      ),
    ),
    names(lines, limits, x, y),
    noteMarks(notes, x, HEIGHT),
    xTicks(x, HEIGHT),
  ]);
}

/** Labels under a plot, as many as have room on a phone. */
export function xTicks(x: Axis, height: number, label: typeof axisLabel = axisLabel): Markup[] {
  return xAxis(
    labelled(x).map((tick) => ({ at: position(x, tick), label: label(tick, x) })),
    height,
  );
}

/** From the right: the greatest is the one that matters most. */
function labelled(axis: Axis): number[] {
  const kept: number[] = [];
  for (const tick of [...axis.ticks].reverse()) {
    const next = kept[0];
    if (next === undefined || position(axis, next) - position(axis, tick) >= LEAST_APART) kept.unshift(tick);
  }
  return kept;
}

/** Right of this share of the width a phone has no room for a name beside a line's end. */
const LATE = 0.6;

interface Named {
  readonly name: string;
  readonly tone: Tone;
  readonly at: number;
  readonly y: number;
}

/** Beside the plot, or where a line ends before it; those beside it keep apart. */
function names(
  lines: readonly AgainstLine[],
  limits: NonNullable<AgainstChart['limits']>,
  x: Axis,
  y: Axis,
): Markup[] {
  const ends = lines.flatMap(({ name, tone, points }): Named[] => {
    const last = points.at(-1);
    if (last === undefined || name === '') return [];
    // A line that bends back is named right of all of it.
    const at = Math.max(...points.map((point) => position(x, point.x)));
    return [{ name, tone, at, y: yOf(y, last.y, HEIGHT) }];
  });
  const across = limits.map(({ name, y: value }): Named => {
    return { name, tone: 'bad', at: 1, y: yOf(y, value, HEIGHT) };
  });
  const all = [...ends, ...across];
  const [beside, inside] = [
    all.filter(({ at }) => at >= REACHES_END),
    all.filter(({ at }) => at < REACHES_END),
  ];
  return [beside, inside].flatMap((group) => {
    const placed = spread(
      group.map((end) => end.y),
      15,
      HEIGHT,
    );
    return group.map(({ name, tone, at }, i) => {
      const late = at > LATE ? 'after late' : 'after';
      const [kind, left] = at >= REACHES_END ? ['end', '100%'] : [late, percentOf(at)];
      return html`<text class="${kind} t-${tone}" x="${left}" y="${round((placed[i] ?? 0) + 4)}">${name}</text>`;
    });
  });
}

/** Upright lines with their names at the top, on the side where there is room; on a phone they stand without. */
export function noteMarks(notes: readonly AgainstNote[], x: Axis, height: number): Markup[] {
  return notes.map(({ x: value, name }, i) => {
    const at = position(x, value);
    const isLeft = at * PLOT_PX > name.length * LETTER_PX;
    return html`<line class="note-line" x1="${percentOf(at)}" x2="${percentOf(at)}" y1="0" y2="${height}"/><text class="note-label" x="${percentOf(at)}" dx="${isLeft ? -6 : 6}" y="${12 + i * 16}" text-anchor="${isLeft ? 'end' : 'start'}">${name}</text>`;
  });
}

/** Width of a plot on a desk, of which a label is told whether it has room. */
const PLOT_PX = 900;
