import type { CapacityOutcome, LevelVerdict } from '../result/capacity.js';

/** Whole loads from 1 on, `from` below `to`; a level passes with `needed` of at most `tries` tries. */
export interface SearchRange {
  readonly from: number;
  readonly to: number;
  /** Share of the load that the bracket may be wide. */
  readonly precision: number;
  readonly tries: number;
  readonly needed: number;
}

/** One try that is over. */
export interface Tried {
  readonly load: number;
  readonly verdict: LevelVerdict;
}

/** Between the highest load that passed below the lowest that did not, and that one; null where there is none. */
export interface Bracket {
  readonly lastPass: number | null;
  readonly firstFail: number | null;
}

type FoundOutcome = Exclude<CapacityOutcome, 'target-broken' | 'interrupted'>;

export type Step =
  /** A load for the first time, or again. */
  | { readonly kind: 'level' | 'repeat'; readonly load: number }
  /** `isNarrow` is false when verdicts that changed have used up all levels before the bracket was narrow. */
  | {
      readonly kind: 'done';
      readonly outcome: FoundOutcome;
      readonly bracket: Bracket;
      readonly isNarrow: boolean;
    };

interface Level {
  readonly load: number;
  readonly tries: number;
  readonly verdict: LevelVerdict;
  readonly isDecided: boolean;
}

/**
 * What to try next, after these tries in any order: doubling from `from` to the first level that does not pass,
 * then bisection until the bracket is no wider than max(1, precision of its lower end). A level is tried once; those at
 * the two ends of a narrow bracket as often as it takes to decide them, and an end that then turns out otherwise moves
 * the bracket. Verdicts that go on changing cannot keep it going: after `mostLevels` levels only repeats are left.
 */
export function nextStep(range: SearchRange, tried: readonly Tried[]): Step {
  const levels = levelsOf(range, tried);
  // Half-way through its repeats a level says least: it is decided before anything follows from it.
  const open = levels.find(({ tries, isDecided }) => tries > 1 && !isDecided);
  if (open !== undefined) return { kind: 'repeat', load: open.load };
  if (levels.length === 0) return { kind: 'level', load: range.from };
  const bracket = bracketOf(levels);
  const next = levels.length < mostLevels(range) ? nextLoad(range, bracket) : null;
  if (next !== null) return { kind: 'level', load: next };
  const ends = levels.filter(({ load }) => load === bracket.lastPass || load === bracket.firstFail);
  const undecided = ends.find(({ isDecided }) => !isDecided);
  if (undecided !== undefined) return { kind: 'repeat', load: undecided.load };
  return { kind: 'done', outcome: outcomeOf(ends), bracket, isNarrow: nextLoad(range, bracket) === null };
}

/** The verdict of a level by its tries: decided as soon as no further try could change it. */
export function judgeLevel(
  { tries, needed }: Pick<SearchRange, 'tries' | 'needed'>,
  verdicts: readonly LevelVerdict[],
): { readonly verdict: LevelVerdict; readonly isDecided: boolean } {
  const passes = verdicts.filter((verdict) => verdict === 'pass').length;
  const fails = verdicts.filter((verdict) => verdict === 'fail').length;
  const left = tries - verdicts.length;
  // So many fail and it cannot pass any more, whatever the generator does in the others.
  const failing = tries - needed + 1;
  if (passes >= needed) return { verdict: 'pass', isDecided: true };
  if (fails >= failing) return { verdict: 'fail', isDecided: true };
  if (passes + left < needed && fails + left < failing) return { verdict: 'invalid', isDecided: true };
  const others = verdicts.length - passes;
  return { verdict: passes > others ? 'pass' : fails > 0 ? 'fail' : 'invalid', isDecided: false };
}

/** By the tries so far, whether or not its ends are decided. */
export function bracketSoFar(range: SearchRange, tried: readonly Tried[]): Bracket {
  return bracketOf(levelsOf(range, tried));
}

/** Levels that a search goes through at the most while no verdict changes. */
export function levelsNeeded({ from, to, precision }: SearchRange): number {
  const doublings = Math.ceil(Math.log2(to / from)) + 1;
  const halvings = Math.ceil(Math.log2(Math.min(to, 1 / Math.max(precision, 1 / to)))) + 1;
  return doublings + halvings;
}

/** Levels that a search goes through at the most. */
function mostLevels(range: SearchRange): number {
  return 2 * levelsNeeded(range);
}

/** Tries that a search makes at the most. */
export function mostTries(range: SearchRange): number {
  return mostLevels(range) * range.tries;
}

/** Ascending by load. */
function levelsOf(range: SearchRange, tried: readonly Tried[]): Level[] {
  const byLoad = new Map<number, LevelVerdict[]>();
  for (const { load, verdict } of tried) byLoad.set(load, [...(byLoad.get(load) ?? []), verdict]);
  return [...byLoad]
    .map(([load, verdicts]) => ({ load, tries: verdicts.length, ...judgeLevel(range, verdicts) }))
    .sort((a, b) => a.load - b.load);
}

/** What passed above a load that did not is left out: a server is asked what it holds for sure. */
function bracketOf(levels: readonly Level[]): Bracket {
  const first = levels.findIndex(({ verdict }) => verdict !== 'pass');
  const passed = first === -1 ? levels : levels.slice(0, first);
  return { lastPass: passed.at(-1)?.load ?? null, firstFail: levels[first]?.load ?? null };
}

/** The level that narrows the bracket; null when it is as narrow as it is to be. */
function nextLoad({ to, precision }: SearchRange, { lastPass, firstFail }: Bracket): number | null {
  // Then `from` itself did not pass.
  if (lastPass === null) return null;
  if (firstFail === null) return lastPass < to ? Math.min(to, 2 * lastPass) : null;
  if (firstFail - lastPass <= Math.max(1, precision * lastPass)) return null;
  return Math.floor((lastPass + firstFail) / 2);
}

function outcomeOf(ends: readonly Level[]): FoundOutcome {
  const upper = ends.find(({ verdict }) => verdict !== 'pass');
  if (upper === undefined) return 'at-least';
  if (upper.verdict === 'invalid') return 'generator';
  return ends.length === 1 ? 'never-passed' : 'bracketed';
}
