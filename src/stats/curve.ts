import type { Point } from './line.js';
import { type Solution, solve } from './normalEquations.js';

/** A curve at x: its value, and the derivative of that by each parameter; null where it is not defined. */
export type Curve = (
  x: number,
  parameters: readonly number[],
) => { readonly value: number; readonly gradient: readonly number[] } | null;

export interface CurveFit {
  readonly parameters: readonly number[];
  /** Of the squared distances of the points from the curve. */
  readonly residual: number;
}

interface Stand {
  readonly parameters: readonly number[];
  readonly residual: number;
  readonly misses: readonly number[];
  readonly gradients: ReadonlyArray<readonly number[]>;
}

const MOST_STEPS = 500;
/** A step that moves the curve by less than this share of its height is none. */
const NEGLIGIBLE = 1e-12;
const FIRST_DAMPING = 1e-3;
/** Without damping to speak of: Gauss-Newton. */
const LEAST_DAMPING = 1e-12;

/**
 * Nonlinear least squares by Levenberg and Marquardt (D. W. Marquardt, An Algorithm for Least-Squares Estimation of
 * Nonlinear Parameters, J. SIAM 11, 1963): Gauss-Newton steps, damped until each goes downhill. Null
 * when it does not settle, or when the points do not tell the parameters apart.
 */
export function fitCurve(curve: Curve, start: readonly number[], points: readonly Point[]): CurveFit | null {
  let stand = standAt(curve, start, points);
  if (stand === null) return null;
  const height = Math.sqrt(points.reduce((all, { y }) => all + y ** 2, 0));
  let damping = FIRST_DAMPING;
  for (let i = 0; i < MOST_STEPS; i++) {
    const step = solve(stand.gradients, stand.misses, damping);
    if (step === null) return null;
    if (moves(stand, step.values) <= NEGLIGIBLE * height)
      return { parameters: stand.parameters, residual: stand.residual };
    const { parameters } = stand;
    const next: Stand | null = standAt(
      curve,
      parameters.map((value, k) => value + step.values[k]!),
      points,
    );
    const isBetter = next !== null && next.residual < stand.residual;
    if (isBetter) stand = next;
    damping = isBetter ? Math.max(LEAST_DAMPING, damping / 10) : damping * 10;
  }
  return null;
}

/**
 * (J^T J)^-1 with J the derivatives at the points: times the variance of the residuals, the covariance of the parameters by
 * the tangent plane there (Bates and Watts, Nonlinear Regression Analysis, 1988, section 2.3). Null when the points do
 * not tell the parameters apart.
 */
export function tangentInverse(
  curve: Curve,
  parameters: readonly number[],
  points: readonly Point[],
): Solution['inverse'] | null {
  const stand = standAt(curve, parameters, points);
  return stand === null ? null : (solve(stand.gradients, stand.misses)?.inverse ?? null);
}

function standAt(curve: Curve, parameters: readonly number[], points: readonly Point[]): Stand | null {
  const misses: number[] = [];
  const gradients: Array<readonly number[]> = [];
  for (const { x, y } of points) {
    const at = curve(x, parameters);
    if (at === null) return null;
    misses.push(y - at.value);
    gradients.push(at.gradient);
  }
  const residual = misses.reduce((all, miss) => all + miss ** 2, 0);
  return Number.isFinite(residual) ? { parameters, residual, misses, gradients } : null;
}

/** How far the step moves the curve at the points, as if it were straight. */
function moves({ gradients }: Stand, step: readonly number[]): number {
  const squares = gradients.map((row) => row.reduce((all, slope, k) => all + slope * step[k]!, 0) ** 2);
  return Math.sqrt(squares.reduce((all, square) => all + square, 0));
}
