/** A chart over time as a still picture: what readers without scripts, and printers, get. */
import { stopwatch } from '../numbers.js';
import { position, timeTicks } from './axis.js';
import {
  eventTop,
  type Frame,
  HEAT_LEVELS,
  type Heat,
  LETTER_PX,
  type Line,
  lineEnds,
  REACHES_END,
  spread,
  type TimeChart,
} from './chart.js';
import { html, type Markup } from './markup.js';
import {
  areaPath,
  linePath,
  marks,
  type Point,
  percentOf,
  plot,
  round,
  WIDTH,
  xAxis,
  yAxis,
  yOf,
} from './svg.js';

const MOST_TIME_TICKS = 6;

export function still(chart: TimeChart, frame: Frame): Markup {
  const { height, axis } = chart;
  const ticks = timeTicks(0, frame.spanMs, MOST_TIME_TICKS).map((ms) => ({
    at: ms / frame.spanMs,
    label: stopwatch(ms),
  }));
  return plot(height, chart.alt, [
    // Under a heatmap a band would look like a level.
    chart.heat === null ? bands(frame, chart) : null,
    yAxis(axis, height),
    marks(height, [
      chart.heat === null ? null : heatPaths(chart.heat, chart, frame),
      chart.lines.map((line) => drawLine(line, chart, frame)),
    ]),
    events(frame, chart),
    endLabels(chart, frame),
    xAxis(ticks, height),
  ]);
}

function bands({ phases, spanMs }: Frame, { height, names }: TimeChart): Markup[] {
  return phases.map(({ name, startMs, endMs }, i) => {
    const from = startMs / spanMs;
    const width = Math.max(0, Math.min(endMs, spanMs) - startMs) / spanMs;
    const rect =
      i % 2 === 1
        ? html`<rect class="band" x="${percentOf(from)}" width="${percentOf(width)}" y="0" height="${height}"/>`
        : null;
    return html`${rect}${names ? bandName(name, from, width) : null}`;
  });
}

function bandName(name: string, from: number, width: number): Markup | null {
  const neededPx = name.length * LETTER_PX + 8;
  if (width * 900 < neededPx) return null;
  const narrow = width * 280 < neededPx ? 'wide' : '';
  return html`<text class="phase ${narrow}" x="${percentOf(from)}" dx="6" y="14">${name}</text>`;
}

function events({ marks: events, spanMs }: Frame, { height, names }: TimeChart): Markup[] {
  return events.map(({ atMs, name }, i) => {
    const at = Math.min(1, atMs / spanMs);
    const x = percentOf(at);
    const label = names
      ? html`<text class="event" x="${x}" dx="${at > 0.6 ? -6 : 6}" y="${eventTop(i)}" text-anchor="${at > 0.6 ? 'end' : 'start'}">${stopwatch(atMs)} ${name}</text>`
      : null;
    return html`<line class="event-line" x1="${x}" x2="${x}" y1="0" y2="${height}"/>${label}`;
  });
}

function pointsOf(line: Line, { atMs, axis, height }: TimeChart, { spanMs }: Frame): Array<Point | null> {
  return line.values.map((value, i) =>
    value === null
      ? null
      : { x: (Math.min(atMs[i] ?? 0, spanMs) / spanMs) * WIDTH, y: yOf(axis, value, height) },
  );
}

function drawLine(line: Line, chart: TimeChart, frame: Frame): Markup {
  const points = pointsOf(line, chart, frame);
  const known = points.filter((point) => point !== null);
  const area =
    line.style === 'area'
      ? html`<path class="area f-${line.tone}" d="${areaPath(known, chart.height)}"/>`
      : null;
  const dashed = line.style === 'dashed' ? 'dashed' : '';
  return html`${area}<path class="line ${dashed} t-${line.tone}" d="${linePath(points)}"/>`;
}

function endLabels(chart: TimeChart, { spanMs }: Frame): Markup[] {
  const { axis, height } = chart;
  const ends = lineEnds(chart, spanMs);
  const placed = spread(
    ends.map(({ value }) => yOf(axis, value, height)),
    15,
    height,
  );
  return ends.map(({ line, atMs }, i) => {
    const at = atMs / spanMs;
    const [kind, x] = at >= REACHES_END ? ['end', '100%'] : ['after', percentOf(at)];
    return html`<text class="${kind} t-${line.tone}" x="${x}" y="${round((placed[i] ?? 0) + 4)}">${line.name}</text>`;
  });
}

/** One path per level, cells of a row joined where they touch: the smallest way to write a heatmap. */
function heatPaths({ columnMs, edges, cells }: Heat, { axis, height }: TimeChart, frame: Frame): Markup[] {
  const paths = Array.from({ length: HEAT_LEVELS + 1 }, () => '');
  const tops = edges.map((edge) => round(height * (1 - position(axis, edge))));
  const columnX = (column: number) =>
    round((Math.min(column * columnMs, frame.spanMs) / frame.spanMs) * WIDTH);
  for (let i = 0; i < cells.length; i += 3) {
    const [column = 0, row = 0, level = 0] = cells.slice(i, i + 3);
    const top = tops[row + 1] ?? 0;
    const tall = round((tops[row] ?? 0) - top);
    const left = columnX(column);
    paths[level] += `M${left} ${top}H${columnX(column + 1)}v${tall}H${left}z`;
  }
  return paths.flatMap((path, level) =>
    path === '' ? [] : [html`<path class="heat h${level}" d="${path}"/>`],
  );
}
