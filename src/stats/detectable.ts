/**
 * The smallest shift between two samples of `perSide` each, which vary by `deviation`, that a two-sided rank-sum test at `level` finds
 * in four of five cases: (z(1 - level / 2) + z(0.8)) * deviation * sqrt(2 / perSide) * sqrt(pi / 3) (Cohen, Statistical Power
 * Analysis for the Behavioral Sciences, 1988, for means; ranks of normal values tell pi / 3 times less: Lehmann, Nonparametrics, 1975,
 * section 2.4).
 */
export function detectableShift(deviation: number, perSide: number, level: number): number {
  const POWER_Z = 0.8416;
  return (normalQuantile(1 - level / 2) + POWER_Z) * deviation * Math.sqrt((2 * Math.PI) / (3 * perSide));
}

/** Quantile of the standard normal distribution for shares from 0.5 to 1, by Abramowitz and Stegun 26.2.23; off by at most 4.5e-4. */
function normalQuantile(share: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - share));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return t - above / below;
}
