import { type Axis, axisLabel, position } from '../axis.js';
import type { Tone } from '../chart.js';
import { spread } from '../labels.js';
import { html, type Markup } from '../markup.js';
import { linePath, marks, percentOf, plot, round, WIDTH, xAxis, yAxis, yOf } from '../svg.js';

/** Numbers of the variants against the number by which they differ. */
export interface AgainstChart {
  readonly alt: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly AgainstLine[];
}

export interface AgainstLine {
  readonly name: string;
  readonly tone: Tone;
  readonly style: 'solid' | 'dashed';
  /** Ascending in x. */
  readonly points: readonly AgainstPoint[];
}

interface AgainstPoint {
  readonly x: number;
  readonly y: number;
  /** Of a run that cannot be trusted. */
  readonly doubtful: boolean;
}

const HEIGHT = 220;

/** Labels of the axis nearer to each other than this share of it would run together on a phone. */
const LEAST_APART = 0.12;

export function againstChart({ alt, x, y, lines }: AgainstChart): Markup {
  return plot(HEIGHT, alt, [
    yAxis(y, HEIGHT),
    marks(
      HEIGHT,
      lines.map(({ tone, style, points }) => {
        const path = linePath(
          points.map((point) => ({ x: WIDTH * position(x, point.x), y: yOf(y, point.y, HEIGHT) })),
        );
        return html`<path class="line ${style === 'dashed' ? 'dashed' : ''} t-${tone}" d="${path}"/>`;
      }),
    ),
    lines.map(({ tone, style, points }) =>
      style === 'dashed' ? null : points.map((point) => dot(point, tone, x, y)),
    ),
    names(lines, y),
    xAxis(
      labelled(x).map((tick) => ({ at: position(x, tick), label: axisLabel(tick, x) })),
      HEIGHT,
    ),
  ]);
}

function dot(point: AgainstPoint, tone: Tone, x: Axis, y: Axis): Markup {
  return html`<circle class="point t-${point.doubtful ? 'doubt' : tone}" cx="${percentOf(position(x, point.x))}" cy="${round(yOf(y, point.y, HEIGHT))}" r="4"/>`;
}

function names(lines: readonly AgainstLine[], y: Axis): Markup[] {
  const ends = lines.flatMap(({ name, tone, points }) => {
    const last = points.at(-1);
    return last === undefined ? [] : [{ name, tone, y: yOf(y, last.y, HEIGHT) }];
  });
  const placed = spread(
    ends.map((end) => end.y),
    15,
    HEIGHT,
  );
  return ends.map(
    ({ name, tone }, i) =>
      html`<text class="end t-${tone}" x="100%" y="${round((placed[i] ?? 0) + 4)}">${name}</text>`,
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
