/**
 * SVG that keeps its text at the size of the page's text on a phone as on a desk: positions along x are
 * percentages, and only the marks lie in a coordinate system that is stretched.
 */
import { type Axis, axisLabel, position } from './axis.js';
import { FOOT, HEAD } from './chart.js';
import { type Content, html, type Markup } from './markup.js';

/** Width of the coordinate system of marks. */
export const WIDTH = 1000;

/** A picture of `height` pixels plus its axis; `alt` stands for it where it is not seen. */
export function plot(height: number, alt: string, content: Content): Markup {
  return html`<svg class="plot" height="${height + HEAD + FOOT}" role="img" aria-label="${alt}">${html`<g transform="translate(0 ${HEAD})">${content}</g>`}</svg>`;
}

/** Marks in x from 0 to `WIDTH` and y from 0 to `height`. */
export function marks(height: number, content: Content): Markup {
  return html`<svg width="100%" height="${height}" viewBox="0 0 ${WIDTH} ${height}" preserveAspectRatio="none" overflow="visible">${content}</svg>`;
}

/** Horizontal lines at the ticks with their labels on the left. */
export function yAxis(axis: Axis, height: number): Markup[] {
  return axis.ticks.map((tick) => {
    const y = round(yOf(axis, tick, height));
    return html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/><text class="tick" x="-8" y="${y + 4}" text-anchor="end">${axisLabel(tick, axis)}</text>`;
  });
}

export interface AxisTick {
  /** 0 to 1 of the plot's width. */
  readonly at: number;
  readonly label: string;
  /** On a phone there is no room for its label. */
  readonly isWide?: boolean;
}

/** Labels under the plot. */
export function xAxis(ticks: readonly AxisTick[], height: number): Markup[] {
  return ticks.map(({ at, label, isWide = false }) => {
    const anchor = at < 0.02 ? 'start' : at > 0.98 ? 'end' : 'middle';
    return html`<text class="tick ${isWide ? 'wide' : ''}" x="${percentOf(at)}" y="${height + 18}" text-anchor="${anchor}">${label}</text>`;
  });
}

export function yOf(axis: Axis, value: number, height: number): number {
  return height * (1 - position(axis, value));
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A path through the points; null begins a new piece, and a piece of one point becomes a dot of the line's width. */
export function linePath(points: ReadonlyArray<Point | null>): string {
  let path = '';
  let last: Point | null = null;
  points.forEach((point, i) => {
    if (point === null) {
      last = null;
      return;
    }
    const at = { x: round(point.x), y: round(point.y) };
    path += last === null ? `M${at.x} ${at.y}` : stroke(last, at);
    if (last === null && (points[i + 1] ?? null) === null) path += 'h.01';
    last = at;
  });
  return path;
}

/** In as few characters as it takes: a page holds tens of thousands of strokes. */
function stroke(from: Point, to: Point): string {
  if (from.y === to.y) return `H${to.x}`;
  return from.x === to.x ? `V${to.y}` : `L${to.x} ${to.y}`;
}

/** Each value holds until the next point: a corner is put in where the path turns. */
export function stepPoints(points: ReadonlyArray<Point | null>): Array<Point | null> {
  return points.flatMap((point, i) => {
    const before = points[i - 1] ?? null;
    if (point === null || before === null || before.y === point.y) return [point];
    return [{ x: point.x, y: before.y }, point];
  });
}

/** The area between the points and the foot of the plot. */
export function areaPath(points: readonly Point[], height: number): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  return `${linePath(points)}L${round(last.x)} ${height}L${round(first.x)} ${height}Z`;
}

/** The area between two lines over the same x. */
export function areaBetween(high: readonly Point[], low: readonly Point[]): string {
  if (high.length === 0) return '';
  return `${linePath(high)}${linePath([...low].reverse()).replace('M', 'L')}Z`;
}

/** Share of its values that a sparkline needs: scattered dots tell nothing. */
const LEAST_KNOWN = 0.4;

/** A line of numbers in little; null without anything to show. */
export function sparkline(values: ReadonlyArray<number | null>, tone: string): Markup | null {
  const greatest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const known = values.filter((value) => value !== null).length;
  if (known < Math.max(2, values.length * LEAST_KNOWN) || greatest === 0) return null;
  const height = 28;
  const points = values.map((value, i) =>
    value === null
      ? null
      : { x: (i / (values.length - 1)) * WIDTH, y: 2 + (height - 4) * (1 - value / greatest) },
  );
  return html`<svg class="spark" height="${height}" aria-hidden="true">${marks(height, html`<path class="line t-${tone}" d="${linePath(points)}"/>`)}</svg>`;
}

export interface BarPart {
  /** 0 to 1 of the bar's full width. */
  readonly share: number;
  readonly tone: string;
}

/** Parts side by side; an optional marker stands at a share of the width. */
export function bar(parts: readonly BarPart[], marker: number | null = null): Markup {
  let start = 0;
  const rects = parts.map(({ share, tone }) => {
    const rect = html`<rect class="f-${tone}" x="${percentOf(start)}" width="${percentOf(share)}" y="2" height="12"/>`;
    start += share;
    return rect;
  });
  const line =
    marker === null
      ? null
      : html`<line class="marker" x1="${percentOf(marker)}" x2="${percentOf(marker)}" y1="0" y2="16"/>`;
  const track =
    marker === null ? null : html`<rect class="track" x="0" width="${percentOf(marker)}" y="7" height="2"/>`;
  return html`<svg class="bar" height="16" aria-hidden="true">${track}${rects}${line}</svg>`;
}

export function percentOf(at: number): string {
  return `${Math.round(at * 10_000) / 100}%`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
