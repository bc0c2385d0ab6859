/**
 * Whether the i-th of a row belongs to a share of it. Exact by striping: of the first n, floor(n * share) do, spread
 * evenly over the row.
 * @param i From 0.
 * @param share 0 to 1.
 */
export function belongs(i: number, share: number): boolean {
  return wholes((i + 1) * share) > wholes(i * share);
}

/** 100 * 0.29 is 28.999999999999996 in floating point, and means 29. */
function wholes(number: number): number {
  return Math.floor(number + 1e-9);
}
