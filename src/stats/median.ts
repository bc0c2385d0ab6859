/** The middle of the values, or the mean of the two in the middle. Not for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

/** Makes the median absolute deviation of a normal distribution its standard deviation: 1 / quantile(0.75). */
const NORMAL = 1.4826;

/**
 * Robust standard deviation, 1.4826 * median |x - median| (Hampel, The Influence Curve and Its Role in Robust Estimation,
 * JASA 69, 1974): one run that went wrong does not widen it. Not for an empty list.
 */
export function robustDeviation(values: readonly number[]): number {
  const middle = median(values);
  return NORMAL * median(values.map((value) => Math.abs(value - middle)));
}

/** Further apart than this, values differ by what drifts more than by what varies. */
const NEIGHBOURS = 2;

/**
 * The same of values in the order of time, with little of what drifts in it: 1.4826 * median |x(j) - x(i)| / sqrt(2) over values at
 * most two apart (after von Neumann and others, The Mean Square Successive Difference, Annals of Mathematical Statistics 12,
 * 1941; those next to each other alone give a fifth more scatter). Not for fewer than two values.
 */
export function neighbourDeviation(values: readonly number[]): number {
  const differences = values.flatMap((value, i) =>
    values.slice(i + 1, i + 1 + NEIGHBOURS).map((other) => Math.abs(other - value)),
  );
  return (NORMAL * median(differences)) / Math.SQRT2;
}
