/** Latency by percentile, on an axis where each nine takes the same room. */
import { decodeHistogram } from '../../metrics/histogram.js';
import type { HistogramMetric } from '../../result/types.js';
import { duration, percent } from '../numbers.js';
import { type Axis, logAxis } from './axis.js';
import type { Tone } from './chart.js';
import { spread } from './labels.js';
import { html, type Markup } from './markup.js';
import { linePath, marks, type Point, plot, round, WIDTH, xAxis, yAxis, yOf } from './svg.js';

export interface Curve {
  readonly label: string;
  readonly tone: Tone;
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
export function percentileCurves(curves: readonly Curve[]): Markup | null {
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
function sample({ encoded, count }: HistogramMetric): Sample[] {
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

function ticks(mostNines: number, x: Axis): Array<{ at: number; label: string }> {
  // Beyond three nines the start of the axis has no room for two labels on a phone.
  const first = mostNines > 1000 ? 2 : 1;
  return TICKS.filter((nines) => nines >= first && nines <= mostNines).map((nines) => ({
    at: Math.log(nines) / Math.log(x.max),
    label: nines === 1 ? '0 %' : nineLabel(nines),
  }));
}

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

function endLabels(lines: ReadonlyArray<{ curve: Curve; points: readonly Point[] }>): Markup[] {
  const placed = spread(
    lines.map(({ points }) => points.at(-1)?.y ?? 0),
    15,
    HEIGHT,
  );
  return lines.map(
    ({ curve }, i) =>
      html`<text class="end t-${curve.tone}" x="100%" y="${round((placed[i] ?? 0) + 4)}">${curve.label}</text>`,
  );
}

function alt(curves: readonly Curve[]): string {
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
