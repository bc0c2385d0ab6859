/** What uPlot does not draw by itself: phases, heat, events, and the names of lines at their ends. */
import uPlot from 'uplot';
import type { Frame, TimeChart } from '../chart.js';
import { eventTop, LETTER_PX, lineEnds, markLabel, placeNotes, REACHES_END, spread } from '../labels.js';
import type { Theme } from './theme.js';

/** Behind the grid and the lines. */
export function drawBehind(u: uPlot, chart: TimeChart, frame: Frame, theme: Theme): void {
  clipped(u, () => {
    frame.phases.forEach(({ startMs, endMs }, i) => {
      // Under a heatmap a band would look like a level.
      if (i % 2 === 0 || chart.heat !== null) return;
      const left = xOf(u, startMs);
      u.ctx.fillStyle = theme.fill;
      u.ctx.fillRect(left, u.bbox.top, xOf(u, endMs) - left, u.bbox.height);
    });
    drawHeat(u, chart, theme);
  });
}

function drawHeat(u: uPlot, { heat }: TimeChart, theme: Theme): void {
  if (heat === null) return;
  const { columnMs, edges, cells } = heat;
  const tops = edges.map((edge) => Math.round(u.valToPos(edge, 'y', true)));
  for (let i = 0; i < cells.length; i += 3) {
    const [column = 0, row = 0, level = 0] = cells.slice(i, i + 3);
    const left = Math.round(xOf(u, column * columnMs));
    const right = Math.round(xOf(u, (column + 1) * columnMs));
    const top = tops[row + 1] ?? 0;
    u.ctx.fillStyle = theme.heat[level] ?? '';
    u.ctx.fillRect(left, top, right - left, (tops[row] ?? 0) - top);
  }
}

/** Over the lines. */
export function drawOver(u: uPlot, chart: TimeChart, frame: Frame, theme: Theme): void {
  const pixel = uPlot.pxRatio;
  u.ctx.save();
  u.ctx.font = theme.font.replace('12px', `${12 * pixel}px`);
  u.ctx.textBaseline = 'middle';
  u.ctx.lineJoin = 'round';
  // The last line drawn may have been a dashed one.
  u.ctx.setLineDash([]);
  clipped(u, () => {
    drawEvents(u, chart, frame, theme);
    if (chart.names) drawPhaseNames(u, frame, theme);
    drawNotes(u, chart, frame, theme);
  });
  if (chart.form !== 'stack') drawEndNames(u, chart, theme);
  u.ctx.restore();
}

function drawEvents(u: uPlot, { names }: TimeChart, frame: Frame, theme: Theme): void {
  const pixel = uPlot.pxRatio;
  const { top, left, width, height } = u.bbox;
  frame.marks.forEach((mark, i) => {
    const { atMs, tone } = mark;
    const x = Math.round(xOf(u, atMs));
    const color = theme.tone(tone);
    u.ctx.strokeStyle = color;
    u.ctx.lineWidth = 1.25 * pixel;
    u.ctx.beginPath();
    u.ctx.moveTo(x, top);
    u.ctx.lineTo(x, top + height);
    u.ctx.stroke();
    if (!names || x < left || x > left + width) return;
    const toLeft = x > left + width * 0.6;
    u.ctx.textAlign = toLeft ? 'right' : 'left';
    const y = top + (eventTop(i) - 4) * pixel;
    write(u, markLabel(frame, mark), x + (toLeft ? -6 : 6) * pixel, y, color, theme);
  });
}

/** On a narrow plot the words of a note would cover the curve; the points stay. */
const NARROW_PX = 480;

function drawNotes(u: uPlot, chart: TimeChart, frame: Frame, theme: Theme): void {
  const pixel = uPlot.pxRatio;
  const { top } = u.bbox;
  const shown = {
    ...frame,
    fromMs: u.scales.x?.min ?? frame.fromMs,
    untilMs: u.scales.x?.max ?? frame.untilMs,
  };
  for (const { atMs, y, labelY, text, toLeft } of placeNotes(chart, shown)) {
    const x = xOf(u, atMs);
    u.ctx.beginPath();
    u.ctx.arc(x, top + y * pixel, 3.5 * pixel, 0, 2 * Math.PI);
    u.ctx.fillStyle = theme.paper;
    u.ctx.fill();
    u.ctx.strokeStyle = theme.tone('server');
    u.ctx.lineWidth = 2 * pixel;
    u.ctx.stroke();
    if (u.bbox.width / pixel < NARROW_PX) continue;
    u.ctx.textAlign = toLeft ? 'right' : 'left';
    write(u, text, x + (toLeft ? -9 : 9) * pixel, top + labelY * pixel, theme.tone('ink'), theme);
  }
}

function drawPhaseNames(u: uPlot, { phases }: Frame, theme: Theme): void {
  const pixel = uPlot.pxRatio;
  const { left, width, top } = u.bbox;
  u.ctx.textAlign = 'left';
  for (const { name, startMs, endMs } of phases) {
    const from = Math.max(left, xOf(u, startMs));
    const to = Math.min(left + width, xOf(u, endMs));
    if (to - from < (name.length * LETTER_PX + 8) * pixel) continue;
    write(u, name, from + 6 * pixel, top + 10 * pixel, theme.soft, theme);
  }
}

function drawEndNames(u: uPlot, chart: TimeChart, theme: Theme): void {
  const pixel = uPlot.pxRatio;
  const { left, width, top, height } = u.bbox;
  const ends = lineEnds(chart, u.scales.x?.max ?? 0);
  const placed = spread(
    ends.map(({ value }) => (u.valToPos(value, 'y', true) - top) / pixel),
    15,
    height / pixel,
  );
  // Where there is no room beside the plot, the names stand in it, above their lines.
  const narrow = theme.marginPx < 40;
  ends.forEach(({ line, atMs }, i) => {
    const x = xOf(u, atMs);
    const reaches = x >= left + width * REACHES_END;
    if (x < left) return;
    const inside = reaches && narrow;
    u.ctx.textAlign = inside ? 'right' : 'left';
    const y = top + ((placed[i] ?? 0) - (inside ? 8 : 0)) * pixel;
    const from = (reaches ? left + width : x) + (inside ? -4 : 8) * pixel;
    write(u, line.name, from, y, theme.tone(line.tone), theme);
  });
}

/** Text with a halo of the page's colour, so that it can be read over marks. */
function write(u: uPlot, text: string, x: number, y: number, color: string, theme: Theme): void {
  u.ctx.strokeStyle = theme.paper;
  u.ctx.lineWidth = 3 * uPlot.pxRatio;
  u.ctx.strokeText(text, x, y);
  u.ctx.fillStyle = color;
  u.ctx.fillText(text, x, y);
}

function xOf(u: uPlot, ms: number): number {
  return u.valToPos(ms, 'x', true);
}

function clipped(u: uPlot, draw: () => void): void {
  const { left, top, width, height } = u.bbox;
  u.ctx.save();
  u.ctx.beginPath();
  u.ctx.rect(left, top, width, height);
  u.ctx.clip();
  draw();
  u.ctx.restore();
}
