/**
 * The Universal Scalability Law, X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)): lambda is the throughput at
 * load 1, sigma what waits in line (contention), kappa what everybody has to agree on with everybody (coherency). N. J.
 * Gunther, Guerrilla Capacity Planning, Springer 2007; with lambda fitted too: Gunther, USL Scalability Modeling with Three
 * Parameters, 2018, and the R package usl from version 2.0 on.
 */
import { type Curve, type CurveFit, fitCurve, tangentInverse } from './curve.js';
import { around, type Interval, notNegative } from './interval.js';
import type { Point } from './line.js';
import { sum } from './mean.js';
import { solve } from './normalEquations.js';
import { studentT975 } from './studentT.js';

export interface Scalability {
  readonly lambda: Interval;
  readonly sigma: Interval;
  readonly kappa: Interval;
  /** Null unless both sigma and kappa are more than 0 for sure. */
  readonly peak: { readonly load: number; readonly value: number } | null;
}

/** Of the law; degrees of freedom are counted from all of them, also where one ended at its bound. */
const PARAMETERS = 3;
/** No residual is less than this share of the greatest throughput: below it there is only rounding. */
const ROUNDING = 1e-10;

/** Ways to hold sigma, kappa or both at 0; the first holds none. */
const WAYS = [[0, 1, 2], [0, 1], [0, 2], [0]] as const;

/** The greatest load and throughput. */
interface Scale {
  readonly load: number;
  readonly value: number;
}

/**
 * Least squares with sigma and kappa not below 0, where the law means something: the fit without bounds where that
 * keeps to them, else the best of those that hold one or both at 0, which with two bounds is the exact answer. Intervals of 95 %
 * are estimate +- t(0.975, n - 3) standard errors of the linearised covariance of all three parameters, cut off at 0. What is
 * held at 0 so has the interval from 0 to t standard errors, which covers a true value above 0 no less often than
 * that of a fit without bounds. Null with fewer than four points or when the points do not tell the parameters apart.
 *
 * @param points x: load, above 0; y: throughput, 0 or more, in any unit.
 */
export function fitScalability(points: readonly Point[]): Scalability | null {
  const scale = {
    load: points.reduce((most, { x }) => Math.max(most, x), 0),
    value: points.reduce((most, { y }) => Math.max(most, y), 0),
  };
  const isSound = points.every(({ x, y }) => x > 0 && y >= 0 && Number.isFinite(x) && Number.isFinite(y));
  if (points.length <= PARAMETERS || !isSound || scale.value === 0) return null;
  const scaled = points.map(({ x, y }) => ({ x, y: y / scale.value }));
  const fits = WAYS.map((terms) => fitTerms(scaled, scale, terms));
  const best = fits[0] ?? fits.reduce((least, fit) => (isLess(fit, least) ? fit : least), null);
  const inverse = best === null ? null : tangentInverse(lawOf(scale, WAYS[0]), best.parameters, scaled);
  if (best === null || inverse === null) return null;
  const degrees = points.length - PARAMETERS;
  const deviation = Math.max(ROUNDING, Math.sqrt(best.residual / degrees));
  return inParameters(best.parameters, scale, (gradient) => {
    const variance = sum(gradient.flatMap((a, j) => gradient.map((b, k) => a * inverse[j]![k]! * b)));
    return studentT975(degrees) * deviation * Math.sqrt(Math.max(0, variance));
  });
}

function isLess(fit: CurveFit | null, than: CurveFit | null): boolean {
  return fit !== null && (than === null || fit.residual < than.residual);
}

/**
 * In place of the parameters their linear combinations: X = N / (a + b (N - 1) + c N (N - 1)), with a = 1 / lambda,
 * b = sigma / lambda, c = kappa / lambda. Loads and throughput are brought to 1, so that the terms are of one size. The
 * minimum is the same, and the tangent plane there too.
 */
function lawOf(scale: Scale, terms: readonly number[]): Curve {
  return (x, parameters) => {
    const own = termsAt(x, scale, terms);
    const below = sum(own.map((term, k) => parameters[k]! * term));
    if (!(below > 0)) return null;
    const value = x / scale.load / below;
    return { value, gradient: own.map((term) => (-value * term) / below) };
  };
}

function termsAt(x: number, scale: Scale, terms: readonly number[]): number[] {
  const before = (x - 1) / scale.load;
  const all = [1, before, (x / scale.load) * before];
  return terms.map((term) => all[term]!);
}

/** With some terms of the denominator only; the parameters of the others are 0. Null when sigma or kappa would be less. */
function fitTerms(scaled: readonly Point[], scale: Scale, terms: readonly number[]): CurveFit | null {
  for (const start of [linearised(scaled, scale, terms), steepest(scaled, scale, terms)]) {
    const fit = start === null ? null : fitCurve(lawOf(scale, terms), start, scaled);
    if (fit === null || fit.parameters[0]! <= 0) continue;
    if (fit.parameters.some((value) => value < 0)) return null;
    const parameters = WAYS[0].map((term) => fit.parameters[terms.indexOf(term)] ?? 0);
    return { parameters, residual: fit.residual };
  }
  return null;
}

/**
 * Where to start: the law times its denominator, N = X (a + b (N - 1) + c N (N - 1)), is linear, as is Gunther's
 * parabola (chapter 5), and takes a point without throughput too.
 */
function linearised(
  scaled: readonly Point[],
  scale: Scale,
  terms: readonly number[],
): readonly number[] | null {
  const rows = scaled.map(({ x, y }) => termsAt(x, scale, terms).map((term) => term * y));
  const loads = scaled.map(({ x }) => x / scale.load);
  return solve(rows, loads)?.values ?? null;
}

/** Where else to start: as if all went on as at the best point. */
function steepest(scaled: readonly Point[], scale: Scale, terms: readonly number[]): readonly number[] {
  const steepness = Math.max(...scaled.map(({ x, y }) => y / (x / scale.load)));
  return terms.map((_, k) => (k === 0 ? 1 / steepness : 0));
}

/**
 * Back to the parameters of the law, their standard errors by the delta method.
 *
 * @param halfOf Half the interval of something with this gradient by a, b and c.
 */
function inParameters(
  [a, b, c]: readonly number[],
  scale: Scale,
  halfOf: (gradient: readonly number[]) => number,
): Scalability | null {
  if (a === undefined || b === undefined || c === undefined) return null;
  const lambda = scale.value / scale.load / a;
  const sigma = b / a / scale.load;
  const kappa = c / a / scale.load ** 2;
  const intervals = {
    lambda: notNegative(around(lambda, halfOf([-lambda / a, 0, 0]))),
    sigma: notNegative(around(sigma, halfOf([-sigma / a, 1 / a / scale.load, 0]))),
    kappa: notNegative(around(kappa, halfOf([-kappa / a, 0, 1 / a / scale.load ** 2]))),
  };
  return { ...intervals, peak: peakOf(intervals) };
}

/** At N = sqrt((1 - sigma) / kappa), where the derivative of X is 0. */
function peakOf({ lambda, sigma, kappa }: Omit<Scalability, 'peak'>): Scalability['peak'] {
  if (sigma.low <= 0 || kappa.low <= 0 || sigma.value >= 1) return null;
  const load = Math.sqrt((1 - sigma.value) / kappa.value);
  const below = 1 + sigma.value * (load - 1) + kappa.value * load * (load - 1);
  return { load, value: (lambda.value * load) / below };
}
