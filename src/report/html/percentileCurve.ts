/** Latency by percentile, on an axis where each nine takes the same room. */
import { decodeHistogram } from '../../metrics/histogram.js';
import type { HistogramMetric } from '../../result/types.js';
import { duration, percent } from '../numbers.js';
import { type Axis, logAxis } from './axis.js';
import type { Tone } from './chart.js';
import { LETTER_PX, REACHES_END, spread } from './labels.js';
import { html, type Markup } from './markup.js';
import {
  type AxisTick,
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

/** What of a distribution is drawn or said beside the picture. */
export interface DrawnCurve {
  readonly label: string;
  readonly tone: Tone;
  readonly metric: Pick<HistogramMetric, 'encoded' | 'count' | 'p50' | 'p99' | 'max'>;
}

export interface Curve extends DrawnCurve {
  readonly metric: HistogramMetric;
}

const HEIGHT = 220;
const POINTS = 160;

interface Sample {
  /** 1 / (1 - q): 2 at the median, 100 at p99. */
  readonly nines: number;
  readonly us: number;
}

/** Null when nothing has two samples. */
export function percentileCurves(curves: readonly DrawnCurve[]): Markup | null {
  const sampled = curves
    .map((curve) => ({ curve, samples: sample(curve.metric) }))
    .filter(({ samples }) => samples.length > 1);
  const all = sampled.flatMap(({ samples }) => samples);
  if (all.length === 0) return null;
  const least = all.reduce((low, { us }) => Math.min(low, us), Number.POSITIVE_INFINITY);
  const greatest = all.reduce((high, { us }) => Math.max(high, us), 0);
  const y = logAxis(least * 0.8, greatest * 1.25, 'us');
  const mostNines = all.reduce((high, { nines }) => Math.max(high, nines), 10);
  const x = logAxis(1, mostNines, 'count');
  const lines = sampled.map(({ curve, samples }) => ({ curve, points: place(samples, x, y) }));
  return plot(HEIGHT, alt(curves), [
    yAxis(y, HEIGHT),
    verticals(mostNines, x),
    marks(
      HEIGHT,
      lines.map(({ curve, points }) => html`<path class="line t-${curve.tone}" d="${linePath(points)}"/>`),
    ),
    endLabels(lines),
    xAxis(ticks(mostNines, x), HEIGHT),
  ]);
}

/** Values at percentiles evenly spread over the nines, as far as the number of samples carries; zero counts as 1 us. */
function sample({ encoded, count }: DrawnCurve['metric']): Sample[] {
  const histogram = decodeHistogram(encoded);
  const steps = Math.min(POINTS, Math.max(2, count * 4));
  return Array.from({ length: steps + 1 }, (_, i) => {
    const nines = count ** (i / steps);
    return { nines, us: Math.max(1, histogram.getValueAtPercentile(100 * (1 - 1 / nines))) };
  });
}

function place(samples: readonly Sample[], x: Axis, y: Axis): Point[] {
  return samples.map(({ nines, us }) => ({
    x: (WIDTH * Math.log(nines)) / Math.log(x.max),
    y: yOf(y, us, HEIGHT),
  }));
}

const TICKS = [1, 2, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

function ticks(mostNines: number, x: Axis): AxisTick[] {
  // Beyond three nines the start of the axis has no room for two labels on a phone.
  const first = mostNines > 1000 ? 2 : 1;
  let takenPx = Number.NEGATIVE_INFINITY;
  return TICKS.filter((nines) => nines >= first && nines <= mostNines).map((nines) => {
    const at = Math.log(nines) / Math.log(x.max);
    const label = nines === 1 ? '0 %' : nineLabel(nines);
    const halfPx = (label.length * LETTER_PX) / 2;
    // The one at the rim ends there instead of having it in its middle.
    const middlePx = Math.min(at * PHONE_PX, PHONE_PX - halfPx);
    const isWide = middlePx - halfPx < takenPx;
    if (!isWide) takenPx = middlePx + halfPx;
    return { at, label, isWide };
  });
}

/** Width of a plot on a phone. */
const PHONE_PX = 300;

function nineLabel(nines: number): string {
  return nines <= 100
    ? percent(100 - 100 / nines)
    : `${99}.${'9'.repeat(Math.round(Math.log10(nines)) - 2)} %`;
}

function verticals(mostNines: number, x: Axis): Markup[] {
  return ticks(mostNines, x).map(({ at }) => {
    const position = `${round(at * 100)}%`;
    return html`<line class="grid" x1="${position}" x2="${position}" y1="0" y2="${HEIGHT}"/>`;
  });
}

/** Beside the plot, or where a curve of fewer samples ends before it. */
function endLabels(lines: ReadonlyArray<{ curve: DrawnCurve; points: readonly Point[] }>): Markup[] {
  const ends = lines.map(({ curve: { label, tone }, points }) => {
    const end = points.at(-1) ?? { x: WIDTH, y: 0 };
    return { label, tone, y: end.y, at: end.x / WIDTH, reaches: end.x >= WIDTH * REACHES_END };
  });
  // Those at the rim stand in one column, the others each in a place of their own.
  const [beside, inside] = [ends.filter(({ reaches }) => reaches), ends.filter(({ reaches }) => !reaches)];
  return [beside, inside].flatMap((group) => {
    const placed = spread(
      group.map(({ y }) => y),
      15,
      HEIGHT,
    );
    return group.map(({ label, tone, at, reaches }, i) => {
      const [kind, x] = reaches ? ['end', '100%'] : ['after', percentOf(at)];
      return html`<text class="${kind} t-${tone}" x="${x}" y="${round((placed[i] ?? 0) + 4)}">${label}</text>`;
    });
  });
}

function alt(curves: readonly DrawnCurve[]): string {
  return curves
    .map(({ label, metric: { p50, p99, max } }) => {
      const figures = [
        ['p50', p50],
        ['p99', p99],
        ['max', max],
      ] as const;
      const known = figures.flatMap(([name, us]) => (us === null ? [] : [`${name} ${duration(us)}`]));
      return `${label}: ${known.join(', ')}`;
    })
    .join('; ');
}
