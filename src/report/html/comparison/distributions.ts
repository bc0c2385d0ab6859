/** Two distributions back to back: how many samples took how long, one side above the line and the other below it. */
import { forEachRecorded, type Histogram } from '../../../metrics/histogram.js';
import type { Side } from '../../../result/comparison.js';
import { duration } from '../../numbers.js';
import { xTicks } from '../againstChart.js';
import { type Axis, logAxis, position } from '../axis.js';
import { html, type Markup } from '../markup.js';
import { linePath, marks, type Point, plot, stepPoints, WIDTH } from '../svg.js';
import { SIDE_TONES } from './verdicts.js';

export interface Distribution {
  readonly side: Side;
  readonly samples: Histogram;
}

const HALF_PX = 72;
const BINS = 90;

/** Of the sides in the order from the top; null when either has no sample. */
export function distributions([above, below]: readonly Distribution[]): Markup | null {
  if (above === undefined || below === undefined) return null;
  const all = [above, below].map(({ samples }) => recorded(samples));
  const times = all.flat().map(({ us }) => us);
  if (all.some((samples) => samples.length === 0)) return null;
  const least = times.reduce((low, us) => Math.min(low, us), Number.POSITIVE_INFINITY);
  const most = times.reduce((high, us) => Math.max(high, us), 0);
  const axis = logAxis(least * 0.9, Math.max(most, least * 2) * 1.1, 'us');
  const binned = all.map((samples) => shares(samples, axis));
  const greatest = binned.flat().reduce((high, share) => Math.max(high, share), 0);
  const [up = [], down = []] = binned;
  const height = 2 * HALF_PX;
  return plot(height, altOf(above, below), [
    marks(height, [
      shape(above.side, up, (share) => HALF_PX * (1 - share / greatest)),
      shape(below.side, down, (share) => HALF_PX * (1 + share / greatest)),
    ]),
    html`<line class="foot" x1="0" x2="100%" y1="${HALF_PX}" y2="${HALF_PX}"/>`,
    sideLabel(above.side, 14),
    sideLabel(below.side, height - 6),
    xTicks(axis, height),
  ]);
}

interface Recorded {
  readonly us: number;
  readonly count: number;
}

/** Zero counts as 1 us. */
function recorded(samples: Histogram): Recorded[] {
  const all: Recorded[] = [];
  forEachRecorded(samples, (us, count) => all.push({ us: Math.max(1, us), count }));
  return all;
}

/** Share of the samples in each bin of the axis. */
function shares(samples: readonly Recorded[], axis: Axis): number[] {
  const bins = new Array<number>(BINS).fill(0);
  const total = samples.reduce((sum, { count }) => sum + count, 0);
  for (const { us, count } of samples) {
    const bin = Math.min(BINS - 1, Math.floor(position(axis, us) * BINS));
    bins[bin] = (bins[bin] ?? 0) + count / total;
  }
  return bins;
}

function shape(side: Side, bins: readonly number[], yOf: (share: number) => number): Markup {
  const steps = [...bins, bins.at(-1) ?? 0].map(
    (share, i): Point => ({ x: (WIDTH * i) / BINS, y: yOf(share) }),
  );
  const outline = linePath([{ x: 0, y: HALF_PX }, ...stepPoints(steps), { x: WIDTH, y: HALF_PX }]);
  return html`<path class="shape f-${SIDE_TONES[side]}" d="${outline}Z"/>`;
}

function sideLabel(side: Side, y: number): Markup {
  return html`<text class="end t-${SIDE_TONES[side]}" x="100%" y="${y}">${side}</text>`;
}

function altOf(...sides: readonly Distribution[]): string {
  return sides
    .map(({ side, samples }) => {
      const [low, high] = [0.05, 0.95].map((share) => duration(samples.getValueAtPercentile(share * 100)));
      return `${side}: nine of ten took ${low ?? ''} to ${high ?? ''}`;
    })
    .join('; ');
}
