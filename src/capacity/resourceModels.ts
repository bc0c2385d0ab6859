import type { Resource, ResourceModel, Vary } from '../result/capacity.js';
import { notNegative } from '../stats/interval.js';
import { type Line, leastSquares, type Point } from '../stats/line.js';
import { meanInterval } from '../stats/mean.js';
import { fitParabola } from '../stats/parabola.js';
import type { SoundTry } from './soundTries.js';

/** Points that a mean needs, and loads that a line does: with fewer nothing shows whether they lie on one. */
export const LEAST_POINTS = 3;

/** A bend is one when at twice the tested range the parabola is away from the line by this share of the line. */
const BEND_SHARE = 0.1;

export type LineResource = 'memory' | 'kernel-memory' | 'cores';
export type MeanResource = 'connect-cpu' | 'message-cpu';

/** A straight line through what passed; what `model` says, and what a forecast is made from. */
export interface ResourceLine {
  readonly model: ResourceModel;
  readonly line: Line;
  /** The points lie on a curve, for sure: the line says something within them only. */
  readonly isBent: boolean;
}

/** Pure. Null with fewer than three loads. */
export function lineOf(resource: LineResource, points: readonly Point[]): ResourceLine | null {
  const line = new Set(points.map(({ x }) => x)).size < LEAST_POINTS ? null : leastSquares(points);
  if (line === null) return null;
  const { slope, intercept, slopeCi95, interceptCi95 } = line;
  const model = {
    resource,
    unit: resource === 'cores' ? ('cores' as const) : ('bytes' as const),
    points: points.map(({ x, y }) => ({ load: x, value: y })),
    slope: { value: slope, low: slopeCi95[0], high: slopeCi95[1] },
    base: { value: intercept, low: interceptCi95[0], high: interceptCi95[1] },
  };
  return { model, line, isBent: isBent(points, line) };
}

function isBent(points: readonly Point[], line: Line): boolean {
  const parabola = fitParabola(points);
  if (parabola === null || (parabola.bend.low <= 0 && parabola.bend.high >= 0)) return false;
  const far = 2 * Math.max(...points.map(({ x }) => x));
  const straight = line.intercept + line.slope * far;
  return Math.abs(parabola.at(far) - straight) > BEND_SHARE * Math.abs(straight);
}

/** Pure. Null with fewer than three points. */
export function meanOf(resource: MeanResource, points: readonly Point[]): ResourceModel | null {
  const mean = points.length < LEAST_POINTS ? null : meanInterval(points.map(({ y }) => y));
  return mean === null
    ? null
    : {
        resource,
        unit: 'us',
        points: points.map(({ x, y }) => ({ load: x, value: y })),
        slope: null,
        base: notNegative(mean),
      };
}

/** A mean over loads that differ in it by more than they scatter, and by this share of it from end to end. */
const DRIFT_SHARE = 0.2;

/** Whether what `meanOf` is the mean of changes with the load. */
export function drifts({ points, base }: ResourceModel): boolean {
  const line = leastSquares(points.map(({ load, value }) => ({ x: load, y: value })));
  if (line === null || (line.slopeCi95[0] <= 0 && line.slopeCi95[1] >= 0)) return false;
  const loads = points.map(({ load }) => load);
  return Math.abs(line.slope) * (Math.max(...loads) - Math.min(...loads)) > DRIFT_SHARE * base.value;
}

/** What a try measured of a resource, over the load it belongs to; empty where it is not known. */
export function pointOf(resource: Resource, vary: Vary, { load, figures }: SoundTry): readonly Point[] {
  const { achieved, connections, opensPerSecond, target } = figures;
  const at = (x: number | null, y: number | null | undefined): readonly Point[] =>
    x === null || y === null || y === undefined ? [] : [{ x, y }];
  // Connections really open, counted in rooms where those are varied.
  const open = connections.planned === 0 ? null : (load * connections.openAtEnd) / connections.planned;
  switch (resource) {
    case 'memory':
      return isOfConnections(vary) ? at(open, target.rssBytes) : [];
    case 'kernel-memory':
      return isOfConnections(vary) ? at(open, figures.kernelBytes) : [];
    case 'cores':
      return vary === 'connect-rate'
        ? at(opensPerSecond, coresOf(opensPerSecond, target.cpuPerConnectUs))
        : at(achieved ?? load, target.cores);
    case 'connect-cpu':
      return at(load, target.cpuPerConnectUs);
    case 'message-cpu':
      return at(load, target.cpuPerMessageUs);
  }
}

/** Whether the number of connections changes with the load; where it does not, there is nothing to see memory grow by. */
export function isOfConnections(vary: Vary): boolean {
  return vary === 'connections' || vary === 'rooms';
}

/** Of the ramp: both are means over it, so that their product is its CPU time over its length. */
function coresOf(opensPerSecond: number, cpuPerConnectUs: number | null): number | null {
  return cpuPerConnectUs === null ? null : (opensPerSecond * cpuPerConnectUs) / 1e6;
}
