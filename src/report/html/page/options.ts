import uPlot from 'uplot';
import { axisLabel, timeTicks } from '../axis.js';
import {
  drawnValues,
  FOOT,
  type Frame,
  finestTickMs,
  HEAD,
  type Line,
  type TimeChart,
  timeLabel,
} from '../chart.js';
import { drawBehind, drawOver } from './draw.js';
import type { Theme } from './theme.js';

/** Fewer points than this are shown as points, so that a run of three seconds is more than two strokes. */
const FEW = 8;

export interface Actions {
  /** A stretch of time was chosen by dragging. */
  readonly zoom: (fromMs: number, toMs: number) => void;
  readonly reset: () => void;
  readonly moved: (u: uPlot) => void;
}

/** A live chart takes exactly the place of its still picture. */
export function optionsOf(
  chart: TimeChart,
  frame: Frame,
  theme: Theme,
  width: number,
  actions: Actions,
): uPlot.Options {
  const { axis } = chart;
  return {
    width,
    height: chart.height + HEAD + FOOT,
    padding: [HEAD, theme.marginPx, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: (_u, min, max) => [min ?? frame.fromMs, max ?? frame.untilMs] },
      y: { distr: axis.log ? 3 : 1, range: () => [axis.min, axis.max] },
    },
    axes: [timeAxis(frame, theme), valueAxis(chart, theme)],
    series: [{}, ...chart.lines.map((line) => seriesOf(line, chart, theme))],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: 6 },
      sync: {
        key: chart.frame,
        setSeries: false,
        filters: { pub: (type) => type.startsWith('mousem') || type === 'mouseleave' },
      },
      bind: {
        dblclick: () => () => {
          actions.reset();
          return null;
        },
      },
    },
    hooks: {
      drawClear: [(u) => drawBehind(u, chart, frame, theme)],
      draw: [(u) => drawOver(u, chart, frame, theme)],
      setCursor: [actions.moved],
      setSelect: [
        (u) => {
          const { left, width: dragged } = u.select;
          if (dragged <= 0) return;
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          actions.zoom(u.posToVal(left, 'x'), u.posToVal(left + dragged, 'x'));
        },
      ],
    },
  };
}

function timeAxis(frame: Frame, theme: Theme): uPlot.Axis {
  return {
    size: FOOT,
    gap: 8,
    font: theme.font,
    stroke: theme.soft,
    grid: { show: false },
    ticks: { show: false },
    splits: (u, _axis, min, max) =>
      timeTicks(min, max, Math.max(2, Math.min(10, u.bbox.width / uPlot.pxRatio / 90)), finestTickMs(frame)),
    values: (_u, splits) => splits.map((ms) => timeLabel(frame, ms)),
  };
}

function valueAxis({ axis }: TimeChart, theme: Theme): uPlot.Axis {
  return {
    size: theme.gutterPx,
    gap: 8,
    font: theme.font,
    stroke: theme.soft,
    grid: { stroke: theme.hair, width: 1 },
    ticks: { show: false },
    splits: () => [...axis.ticks],
    filter: (_u, splits) => splits,
    values: (_u, splits) => splits.map((tick) => axisLabel(tick, axis)),
  };
}

function seriesOf({ name, tone, style }: Line, { form }: TimeChart, theme: Theme): uPlot.Series {
  const color = theme.tone(tone);
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return {
    label: name,
    // Layers of a stack are told apart by a seam of the page's colour.
    stroke: form === 'stack' ? theme.paper : color,
    width: form === 'stack' ? 0.5 : 1.75,
    ...(form === 'line' || stepped === undefined ? {} : { paths: stepped }),
    ...(style === 'dashed' ? { dash: [5, 4] } : {}),
    ...(form === 'stack' ? { fill: color } : style === 'area' ? { fill: theme.wash } : {}),
    points:
      form === 'line'
        ? { show: true, size: 4, fill: color, filter: (u, index) => pointsOf(u.data[index] ?? []) }
        : { show: false },
  };
}

/** Those that no line to a neighbour would show, or all where they are few. */
function pointsOf(values: ArrayLike<number | null | undefined>): number[] {
  const known = Array.from(values).flatMap((value, i) => (value === null ? [] : [i]));
  if (values.length < FEW) return known;
  return known.filter((i) => (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null);
}

/** On a log axis there is no zero. */
export function dataOf(chart: TimeChart): uPlot.AlignedData {
  const { atMs, axis } = chart;
  const values = drawnValues(chart).map((drawn) =>
    drawn.map((value) => (value === null ? null : axis.log ? Math.max(value, axis.min) : value)),
  );
  return [[...atMs], ...values];
}
