/** A chart over time as a still picture: what readers without scripts, and printers, get. */
import { position, timeTicks } from './axis.js';
import {
  drawnValues,
  type Frame,
  finestTickMs,
  HEAT_LEVELS,
  type Heat,
  type Line,
  type TimeChart,
  timeLabel,
  timePosition,
} from './chart.js';
import { eventTop, LETTER_PX, lineEnds, markLabel, placeNotes, REACHES_END, spread } from './labels.js';
import { html, type Markup } from './markup.js';
import {
  areaPath,
  linePath,
  marks,
  type Point,
  percentOf,
  plot,
  round,
  stepPoints,
  WIDTH,
  xAxis,
  yAxis,
  yOf,
} from './svg.js';

const MOST_TIME_TICKS = 6;

export function still(chart: TimeChart, frame: Frame): Markup {
  const { height, axis, form } = chart;
  const ticks = timeTicks(frame.fromMs, frame.untilMs, MOST_TIME_TICKS, finestTickMs(frame)).map((ms) => ({
    at: timePosition(frame, ms),
    label: timeLabel(frame, ms),
  }));
  const drawn = drawnValues(chart);
  return plot(height, chart.alt, [
    // Under a heatmap a band would look like a level.
    chart.heat === null ? bands(frame, chart) : null,
    yAxis(axis, height),
    marks(height, [
      chart.heat === null ? null : heatPaths(chart.heat, chart, frame),
      chart.lines.map((line, i) => drawLine(line, pointsOf(drawn[i] ?? [], chart, frame), chart)),
    ]),
    events(frame, chart),
    notes(chart, frame),
    form === 'stack' ? null : endLabels(chart, frame),
    xAxis(ticks, height),
  ]);
}

function bands(frame: Frame, { height, names }: TimeChart): Markup[] {
  return frame.phases.map(({ name, startMs, endMs }, i) => {
    const from = timePosition(frame, startMs);
    const width = timePosition(frame, endMs) - from;
    const rect =
      i % 2 === 1
        ? html`<rect class="band" x="${percentOf(from)}" width="${percentOf(width)}" y="0" height="${height}"/>`
        : null;
    return html`${rect}${names ? bandName(name, from, width) : null}`;
  });
}

/** Width of a plot on paper, where the still picture must do. */
const PRINTED_PX = 560;

function bandName(name: string, from: number, width: number): Markup | null {
  const neededPx = name.length * LETTER_PX + 8;
  if (width * PRINTED_PX < neededPx) return null;
  const narrow = width * 280 < neededPx ? 'wide' : '';
  return html`<text class="phase ${narrow}" x="${percentOf(from)}" dx="6" y="14">${name}</text>`;
}

function events(frame: Frame, { height, names }: TimeChart): Markup[] {
  return frame.marks.map((mark, i) => {
    const { atMs, tone } = mark;
    const at = timePosition(frame, atMs);
    const x = percentOf(at);
    const label = names
      ? html`<text class="event t-${tone}" x="${x}" dx="${at > 0.6 ? -6 : 6}" y="${eventTop(i)}" text-anchor="${at > 0.6 ? 'end' : 'start'}">${markLabel(frame, mark)}</text>`
      : null;
    return html`<line class="event-line t-${tone}" x1="${x}" x2="${x}" y1="0" y2="${height}"/>${label}`;
  });
}

/** Points of which the picture says what they are. */
function notes(chart: TimeChart, frame: Frame): Markup[] {
  return placeNotes(chart, frame).map(({ at, y, labelY, text, toLeft }) => {
    const x = percentOf(at);
    return html`<circle class="point" cx="${x}" cy="${round(y)}" r="3.5"/><text class="note-label" x="${x}" dx="${toLeft ? -9 : 9}" y="${round(labelY + 4)}" text-anchor="${toLeft ? 'end' : 'start'}">${text}</text>`;
  });
}

function pointsOf(
  values: ReadonlyArray<number | null>,
  { atMs, axis, height, form }: TimeChart,
  frame: Frame,
): Array<Point | null> {
  const points = values.map((value, i) =>
    value === null ? null : { x: timePosition(frame, atMs[i] ?? 0) * WIDTH, y: yOf(axis, value, height) },
  );
  return form === 'line' ? points : stepPoints(points);
}

function drawLine(line: Line, points: ReadonlyArray<Point | null>, { form, height }: TimeChart): Markup {
  const known = points.filter((point) => point !== null);
  if (form === 'stack') return html`<path class="layer f-${line.tone}" d="${areaPath(known, height)}"/>`;
  const area =
    line.style === 'area' ? html`<path class="area f-${line.tone}" d="${areaPath(known, height)}"/>` : null;
  const dashed = line.style === 'dashed' ? 'dashed' : '';
  return html`${area}<path class="line ${dashed} t-${line.tone}" d="${linePath(points)}"/>`;
}

function endLabels(chart: TimeChart, frame: Frame): Markup[] {
  const { axis, height } = chart;
  const ends = lineEnds(chart, frame.untilMs);
  const placed = spread(
    ends.map(({ value }) => yOf(axis, value, height)),
    15,
    height,
  );
  return ends.map(({ line, atMs }, i) => {
    const at = timePosition(frame, atMs);
    const [kind, x] = at >= REACHES_END ? ['end', '100%'] : ['after', percentOf(at)];
    return html`<text class="${kind} t-${line.tone}" x="${x}" y="${round((placed[i] ?? 0) + 4)}">${line.name}</text>`;
  });
}

/** One path per level, in units of columns, cells of a row joined where they touch: the smallest way to write a heatmap. */
function heatPaths({ columnMs, edges, cells }: Heat, { axis, height }: TimeChart, frame: Frame): Markup {
  const span = (frame.untilMs - frame.fromMs) / columnMs;
  const tops = edges.map((edge) => round(height * (1 - position(axis, edge))));
  const paths = Array.from({ length: HEAT_LEVELS + 1 }, () => '');
  for (const { from, to, row, level } of heatRuns(cells)) {
    const top = tops[row + 1] ?? 0;
    const tall = round((tops[row] ?? 0) - top);
    const wide = round(Math.min(to, span) - from);
    paths[level] += `M${from} ${top}h${wide}v${tall}h-${wide}z`;
  }
  const drawn = paths.flatMap((path, level) =>
    path === '' ? [] : [html`<path class="heat h${level}" d="${path}"/>`],
  );
  return html`<g transform="scale(${WIDTH / span} 1)">${drawn}</g>`;
}

interface HeatRun {
  /** Columns, the last one not in it. */
  readonly from: number;
  readonly to: number;
  readonly row: number;
  readonly level: number;
}

/** Cells come column by column; those of a row and level that follow each other become one. */
function heatRuns(cells: Heat['cells']): HeatRun[] {
  const done: HeatRun[] = [];
  const open = new Map<number, HeatRun>();
  for (let i = 0; i < cells.length; i += 3) {
    const [column = 0, row = 0, level = 0] = cells.slice(i, i + 3);
    const run = open.get(row);
    if (run !== undefined && run.to === column && run.level === level) {
      open.set(row, { ...run, to: column + 1 });
      continue;
    }
    if (run !== undefined) done.push(run);
    open.set(row, { from: column, to: column + 1, row, level });
  }
  return [...done, ...open.values()];
}
