/**
 * P-values corrected for having asked so many questions at once: the chance that any true "no change" is rejected stays at the level
 * (Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of Statistics 6, 1979).
 *
 * @returns In the order of `pValues`: held against the level, each says what Holm's procedure says.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const adjusted = new Array<number>(pValues.length).fill(1);
  let greatest = 0;
  order.forEach((index, rank) => {
    greatest = Math.max(greatest, Math.min(1, (pValues.length - rank) * (pValues[index] ?? 1)));
    adjusted[index] = greatest;
  });
  return adjusted;
}

/**
 * How many questions have to be corrected for (Tarone, A Modified Bonferroni Method for Discrete Data, Biometrics 46, 1990): a
 * test that could not come to the level whatever the answer, as of values that are all the same, cannot raise a false alarm.
 *
 * @returns The indices that remain, ascending.
 */
export function testable(leastPValues: readonly number[], level: number): number[] {
  const able = (size: number): number[] =>
    leastPValues.flatMap((least, i) => (least <= level / size ? [i] : []));
  for (let size = 1; size <= leastPValues.length; size++) {
    const remaining = able(size);
    if (remaining.length <= size) return remaining;
  }
  return leastPValues.map((_, i) => i);
}
