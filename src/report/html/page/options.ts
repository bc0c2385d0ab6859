import uPlot from 'uplot';
import { stopwatch } from '../../numbers.js';
import { axisLabel, timeTicks } from '../axis.js';
import { FOOT, type Frame, HEAD, type Line, type TimeChart } from '../chart.js';
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
      x: { time: false, range: (_u, min, max) => [min ?? 0, max ?? frame.spanMs] },
      y: { distr: axis.log ? 3 : 1, range: () => [axis.min, axis.max] },
    },
    axes: [timeAxis(theme), valueAxis(chart, theme)],
    series: [{}, ...chart.lines.map((line) => seriesOf(line, theme))],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: 6 },
      sync: {
        key: 'time',
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

function timeAxis(theme: Theme): uPlot.Axis {
  return {
    size: FOOT,
    gap: 8,
    font: theme.font,
    stroke: theme.soft,
    grid: { show: false },
    ticks: { show: false },
    splits: (u, _axis, min, max) =>
      timeTicks(min, max, Math.max(2, Math.min(10, u.bbox.width / uPlot.pxRatio / 90))),
    values: (_u, splits) => splits.map(stopwatch),
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

function seriesOf({ name, tone, style }: Line, theme: Theme): uPlot.Series {
  const stroke = theme.tones[tone];
  return {
    label: name,
    stroke,
    width: 1.75,
    ...(style === 'dashed' ? { dash: [5, 4] } : {}),
    ...(style === 'area' ? { fill: theme.wash } : {}),
    points: { show: true, size: 4, fill: stroke, filter: (u, index) => pointsOf(u.data[index] ?? []) },
  };
}

/** Those that no line to a neighbour would show, or all where they are few. */
function pointsOf(values: ArrayLike<number | null | undefined>): number[] {
  const known = Array.from(values).flatMap((value, i) => (value === null ? [] : [i]));
  if (values.length < FEW) return known;
  return known.filter((i) => (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null);
}

/** On a log axis there is no zero. */
export function dataOf({ atMs, lines, axis }: TimeChart): uPlot.AlignedData {
  const values = lines.map((line) =>
    line.values.map((value) => (value === null ? null : axis.log ? Math.max(value, axis.min) : value)),
  );
  return [[...atMs], ...values];
}
