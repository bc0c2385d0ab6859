/**
 * The smallest shift between two samples of `perSide` each, which vary by `deviation`, that a two-sided test at `level` finds in four of five
 * cases: (z(1 - level / 2) + z(0.8)) * deviation * sqrt(2 / perSide) * sqrt(pi / 2) (Cohen, Statistical Power Analysis for the
 * Behavioral Sciences, 1988, with the standard error of a median). Ranks would tell more than medians of many runs, sqrt(pi / 3);
 * of six to ten they do not, since so few have few ranks: a test holds this to the power that the rank-sum test has.
 */
export function detectableShift(deviation: number, perSide: number, level: number): number {
  const POWER_Z = 0.8416;
  return (normalQuantile(1 - level / 2) + POWER_Z) * deviation * Math.sqrt(Math.PI / perSide);
}

/** Quantile of the standard normal distribution for shares from 0.5 to 1, by Abramowitz and Stegun 26.2.23; off by at most 4.5e-4. */
function normalQuantile(share: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - share));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return t - above / below;
}
