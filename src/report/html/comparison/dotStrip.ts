/** Every run as a dot on an axis of one metric's values, the baseline above the candidate, with a line at each median. */
import type { ComparedMetric, Side } from '../../../result/comparison.js';
import { closely, type Unit } from '../../numbers.js';
import { xTicks } from '../againstChart.js';
import { type Axis, nearAxis, position } from '../axis.js';
import { html, type Markup } from '../markup.js';
import { percentOf, plot, round } from '../svg.js';
import { SIDE_TONES } from './verdicts.js';

const ROW_PX = 34;
/** More would run into each other on a phone. */
const MOST_LABELS = 4;
const SIDES = ['baseline', 'candidate'] as const satisfies readonly Side[];

/** Null where no run of either side has the metric. */
export function dotStrip(metric: ComparedMetric): Markup | null {
  const scale = metric.unit === 'share' ? 100 : 1;
  const unit: Unit = metric.unit === 'share' ? 'percent' : metric.unit;
  const valuesOf = (side: Side) => knownValues(metric, side).map((value) => value * scale);
  const all = SIDES.flatMap(valuesOf);
  if (all.length === 0) return null;
  const axis = nearAxis(Math.min(...all), Math.max(...all), unit);
  const height = ROW_PX * SIDES.length;
  const every = axis.ticks.length > MOST_LABELS ? 2 : 1;
  return plot(height, altOf(metric), [
    axis.ticks.map((tick) => {
      const x = percentOf(position(axis, tick));
      return html`<line class="grid" x1="${x}" x2="${x}" y1="0" y2="${height}"/>`;
    }),
    SIDES.map((side, i) => sideRow(metric, side, valuesOf(side), axis, ROW_PX * (i + 0.5), scale)),
    xTicks({ ...axis, ticks: axis.ticks.filter((_, i) => i % every === 0) }, height),
  ]);
}

export function knownValues({ values }: ComparedMetric, side: Side): number[] {
  return values[side].filter((value) => value !== null);
}

function sideRow(
  metric: ComparedMetric,
  side: Side,
  values: readonly number[],
  axis: Axis,
  y: number,
  scale: number,
): Markup {
  const tone = SIDE_TONES[side];
  const median = metric[side];
  const dots = swarm(values.map((value) => position(axis, value))).map(
    ({ at, level }) =>
      html`<circle class="dot f-${tone}" cx="${percentOf(at)}" cy="${round(y + level * LEVEL_PX)}" r="4"/>`,
  );
  const line =
    median === null
      ? null
      : html`<line class="median t-${tone}" x1="${percentOf(position(axis, median * scale))}" x2="${percentOf(position(axis, median * scale))}" y1="${y - 13}" y2="${y + 13}"/><text class="end t-${tone}" x="100%" y="${y + 4}">${closely(median, metric.unit)}</text>`;
  return html`<text class="tick" x="-8" y="${y + 4}" text-anchor="end">${side}</text>${dots}${line}`;
}

/** Dots nearer than this would hide each other: a share of the width. */
const TOUCHING = 0.02;
const LEVEL_PX = 4;
/** Offsets from the middle, in the order in which they are tried. */
const LEVELS = [0, -1, 1, -2, 2] as const;

/** Dots at the same place step aside, as far as there is room. */
function swarm(places: readonly number[]): Array<{ readonly at: number; readonly level: number }> {
  const placed: Array<{ readonly at: number; readonly level: number }> = [];
  for (const at of [...places].sort((a, b) => a - b)) {
    const isFree = (level: number) =>
      placed.every((other) => other.level !== level || at - other.at > TOUCHING);
    placed.push({ at, level: LEVELS.find(isFree) ?? 0 });
  }
  return placed;
}

function altOf(metric: ComparedMetric): string {
  const words = SIDES.map((side) => {
    const values = knownValues(metric, side).sort((a, b) => a - b);
    const [least, most] = [values[0], values.at(-1)];
    if (least === undefined || most === undefined) return `${side}: no run`;
    return `${side}: ${values.length} runs from ${closely(least, metric.unit)} to ${closely(most, metric.unit)}`;
  });
  return `${metric.name}, ${words.join('; ')}`;
}
