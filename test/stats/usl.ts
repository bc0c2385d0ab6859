import type { Point } from '../../src/stats/line.js';

const points = (...pairs: ReadonlyArray<readonly [load: number, throughput: number]>): Point[] =>
  pairs.map(([x, y]) => ({ x, y }));

/*
 * Data sets that come with the R package usl by Stefan Moeding (https://github.com/smoeding/usl, data/), both from N. J.
 * Gunther, Guerrilla Capacity Planning, Springer 2007. What it makes of them is in its README, in its tests
 * (tests/*.Rout.save) and in its vignette. It calls sigma alpha, kappa beta and lambda gamma.
 */

/** Sun SPARCcenter 2000, SPEC SDM91: simulated users, scripts an hour. */
export const SPEC_SDM91 = points(
  [1, 64.9],
  [18, 995.9],
  [36, 1652.4],
  [72, 1853.2],
  [108, 1828.9],
  [144, 1775.0],
  [216, 1702.2],
);

/** SGI Origin 2000 ray tracing (BRL-CAD): processors, intersections a second. */
export const RAY_TRACER = points(
  [1, 20],
  [4, 78],
  [8, 130],
  [12, 170],
  [16, 190],
  [20, 200],
  [24, 210],
  [28, 230],
  [32, 260],
  [48, 280],
  [64, 310],
);

/** What tests/coef.R makes up with sigma = kappa = 0.02 and lambda = 1, to four digits. */
export const MADE_UP = points([1, 1], [2, 1.8868], [4, 3.0769], [6, 3.5294], [8, 3.5398], [10, 3.3557]);
