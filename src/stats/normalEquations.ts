/** Small systems of linear least squares, of a handful of unknowns. */

export interface Solution {
  readonly values: readonly number[];
  /** (J^T J)^-1: with the variance of the residuals, the covariance of the values. */
  readonly inverse: ReadonlyArray<readonly number[]>;
}

/** What is left of a column when all others have explained it, as a share: less is none. */
const LEAST_PIVOT = 1e-12;

/**
 * The v for which `rows` times v comes nearest to `targets` in least squares, by the normal equations. Columns are brought to
 * the same length first, which for so few of them leaves digits enough. `damping` lengthens the diagonal by this share
 * (Marquardt 1963). Null when a column follows from the others.
 */
export function solve(
  rows: ReadonlyArray<readonly number[]>,
  targets: readonly number[],
  damping = 0,
): Solution | null {
  const columns = rows[0]?.length ?? 0;
  const lengths = range(columns).map((k) => Math.sqrt(total(rows, (row) => row[k]! ** 2)));
  if (lengths.some((length) => !(length > 0 && Number.isFinite(length)))) return null;
  const gram = range(columns).map((j) =>
    range(columns).map((k) =>
      j === k ? 1 + damping : total(rows, (row) => (row[j]! / lengths[j]!) * (row[k]! / lengths[k]!)),
    ),
  );
  const scaled = inverseOf(gram);
  if (scaled === null) return null;
  const inverse = scaled.map((row, j) => row.map((value, k) => value / lengths[j]! / lengths[k]!));
  const right = range(columns).map((k) => total(rows, (row, i) => row[k]! * targets[i]!));
  const values = inverse.map((row) => total(row, (value, k) => value * right[k]!));
  return { values, inverse };
}

/** Gauss and Jordan, in place, without exchanging rows: enough for a symmetric matrix that is positive. */
function inverseOf(matrix: ReadonlyArray<readonly number[]>): number[][] | null {
  const size = matrix.length;
  const work = matrix.map((row, i) => [...row, ...range(size).map((k) => (k === i ? 1 : 0))]);
  for (let pivot = 0; pivot < size; pivot++) {
    const row = work[pivot]!;
    const divisor = row[pivot]!;
    if (!(divisor > LEAST_PIVOT)) return null;
    for (let k = 0; k < 2 * size; k++) row[k]! /= divisor;
    for (const other of work) {
      const times = other[pivot]!;
      if (other !== row) for (let k = 0; k < 2 * size; k++) other[k]! -= times * row[k]!;
    }
  }
  return work.map((row) => row.slice(size));
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function total<Item>(items: readonly Item[], of: (item: Item, index: number) => number): number {
  return items.reduce((all, item, i) => all + of(item, i), 0);
}
