/** A straight line through measured sizes in bytes: how it is drawn, and what is off it. */
import { bytes } from '../numbers.js';
import type { AgainstBand, AgainstLine } from './againstChart.js';
import type { Tone } from './chart.js';

export interface Fit {
  readonly points: ReadonlyArray<{ readonly x: number; readonly y: number }>;
  /** With its 95 % interval. */
  readonly slope: { readonly value: number; readonly low: number; readonly high: number };
  /** At x = 0. */
  readonly base: number;
}

interface Drawn {
  readonly name: string;
  readonly tone: Tone;
  readonly untilX: number;
}

/** The line with its band, which is that of its slope about the centre of the points, and the points. */
export function fittedLine(
  { points, slope, base }: Fit,
  { name, tone, untilX }: Drawn,
): { readonly lines: readonly AgainstLine[]; readonly band: AgainstBand } {
  const centre = mean(points.map(({ x }) => x));
  const at = (x: number, perX: number) => base + slope.value * centre + perX * (x - centre);
  const ends = [0, untilX].map((x) => ({ x, y: at(x, slope.value), sign: null }));
  return {
    lines: [
      { name, tone, style: 'solid', points: ends },
      { name: '', tone, style: 'none', points: points.map((point) => ({ ...point, sign: 'passed' })) },
    ],
    band: [0, centre, untilX].map((x) => {
      const edges = [at(x, slope.low), at(x, slope.high)];
      return { x, low: Math.min(...edges), high: Math.max(...edges) };
    }),
  };
}

/** Fewer points than this bend by chance. */
const LEAST_POINTS = 6;
/** Correlation with a parabola from which a bend is spoken of: of 8 points that only scatter, 1 in 50 reaches it. */
const BENT = 0.8;

/** What the distances of the points from the line say, in words; `what` they are, in the plural. */
export function residualWords({ points, slope, base }: Fit, what: string): string {
  const off = points.map(({ x, y }) => y - (base + slope.value * x));
  const widest = off.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const within = `The ${what} lie within ${bytes(widest)} of the line`;
  if (points.length < LEAST_POINTS) return `${within}; there are too few of them to see a bend.`;
  const centre = mean(points.map(({ x }) => x));
  const bend = correlation(
    off,
    points.map(({ x }) => (x - centre) ** 2),
  );
  if (Math.abs(bend) < BENT) return `${within} and show no bend.`;
  return bend > 0
    ? `${within} but bend upwards: the more connections, the more each new one costs.`
    : `${within} but bend downwards: the first connections cost more than the later ones.`;
}

/** Pearson's; 0 when either does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a);
  const meanB = mean(b);
  const product = a.reduce((sum, value, i) => sum + (value - meanA) * ((b[i] ?? 0) - meanB), 0);
  const size =
    Math.hypot(...a.map((value) => value - meanA)) * Math.hypot(...b.map((value) => value - meanB));
  return size === 0 ? 0 : product / size;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
