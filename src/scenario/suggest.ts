/** How many letters must be inserted, deleted, replaced or swapped with their neighbour to turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const least = Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1);
      current.push(swapped ? Math.min(least, beforePrevious[j - 2]! + 1) : least);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/** The word nearest to what was written, if at most three and at most a third of its letters differ; else null. */
export function closest(written: string, words: readonly string[]): string | null {
  const folded = written.slice(0, 64).toLowerCase();
  let best: string | null = null;
  let leastDistance = Math.min(Math.max(Math.floor(folded.length / 3), 1), 3) + 1;
  for (const word of words) {
    const distance = editDistance(folded, word.toLowerCase());
    if (distance < leastDistance && distance < word.length) {
      best = word;
      leastDistance = distance;
    }
  }
  return best;
}

/** `, did you mean "every"?` when a word is near to what was written, else the list of them all. */
export function suggest(written: string, words: readonly string[]): string {
  const word = closest(written, words);
  return word === null ? `: there are ${words.join(', ')}` : `, did you mean "${word}"?`;
}

/** The same with the list in any case, for short lists. */
export function suggestFrom(written: string, words: readonly string[]): string {
  const word = closest(written, words);
  const hint = word === null ? '' : `, did you mean "${word}"?`;
  return `${hint}${hint === '' ? ': there' : ' There'} are ${words.join(', ')}`;
}
