/** What a matrix of runs comes to, in a sentence, and each of its runs in a word. */
import type { MatrixRecord, MatrixResult, MatrixStorm, MatrixVariant } from '../result/matrix.js';
import { broadcastersIn } from './matrixFanOut.js';
import { fanOutWords } from './matrixFanOutWords.js';
import { neverCameWords } from './matrixSides.js';
import { capitalized, count, counted, duration, factor, share } from './numbers.js';
import { fastest, faultWords } from './stormWords.js';

export interface MatrixVerdict {
  readonly outcome: 'measured' | 'failed' | 'not-valid';
  readonly sentence: string;
}

/** A variant in one storm of the timeline. */
export interface Contender {
  readonly variant: MatrixVariant;
  readonly storm: MatrixStorm;
  readonly recovery: MatrixStorm['recovery'];
}

/** Faults of the timeline that some variant lost connections to. */
export function stormIndexes({ variants }: MatrixRecord): number[] {
  const most = variants.reduce((faults, { result }) => Math.max(faults, result?.storms.length ?? 0), 0);
  return Array.from({ length: most }, (_, i) => i).filter((i) => contendersIn({ variants }, i).length > 0);
}

/** Variants that lost connections to fault number `index`. */
export function contendersIn({ variants }: Pick<MatrixRecord, 'variants'>, index: number): Contender[] {
  return variants.flatMap((variant) => {
    const storm = variant.result?.storms[index];
    if (storm === undefined || storm.recovery.dropped === 0) return [];
    return [{ variant, storm, recovery: storm.recovery }];
  });
}

/** The storm that variants are ranked by: the one that took most connections down; null without one. */
export function mainStorm(matrix: MatrixRecord): number | null {
  const lost = (index: number) =>
    contendersIn(matrix, index).reduce((sum, { recovery }) => sum + recovery.dropped, 0);
  return stormIndexes(matrix).reduce<number | null>(
    (main, index) => (main === null || lost(index) > lost(main) ? index : main),
    null,
  );
}

/** What a run's numbers are worth, in a word or two. */
export function runVerdict({ exitCode, result }: MatrixVariant): {
  readonly words: string;
  readonly tone: 'well' | 'doubt' | 'bad';
} {
  if (result === null) return { words: `did not run (exit ${exitCode})`, tone: 'bad' };
  if (result.validity.status === 'generator-limited') return { words: 'generator-limited', tone: 'doubt' };
  if (result.validity.status === 'partial') return { words: 'incomplete', tone: 'doubt' };
  const failed = result.thresholds.filter(({ passed }) => !passed);
  if (failed.some(({ expression, observed }) => expression.startsWith('recover ') && observed === null)) {
    return { words: 'not recovered', tone: 'bad' };
  }
  if (failed.length > 0)
    return {
      words: `${count(failed.length)} of ${counted(result.thresholds.length, 'threshold')} failed`,
      tone: 'bad',
    };
  return exitCode === 0 ? { words: 'passed', tone: 'well' } : { words: `exit ${exitCode}`, tone: 'bad' };
}

function isValid({ result }: { readonly result: MatrixResult | null }): boolean {
  return result?.validity.status === 'valid';
}

/** Those whose runs are valid, which alone can be ranked; all where none is. */
export function trusted<Item extends { readonly variant: MatrixVariant }>(
  items: readonly Item[],
): readonly Item[] {
  const valid = items.filter(({ variant }) => isValid(variant));
  return valid.length === 0 ? items : valid;
}

export function matrixVerdict(matrix: MatrixRecord): MatrixVerdict {
  const { variants } = matrix;
  const valid = variants.filter(isValid);
  if (valid.length === 0) {
    return {
      outcome: 'not-valid',
      sentence: `Not valid: none of ${counted(variants.length, 'run')} can be trusted.`,
    };
  }
  const index = mainStorm(matrix);
  const compared = index === null ? calmWords(valid) : stormyWords(valid, index);
  const left = variants.length - valid.length;
  const doubt =
    left === 0
      ? ''
      : ` ${counted(left, 'run')} could not be trusted and ${left === 1 ? 'is' : 'are'} left out.`;
  const passed = valid.some(({ exitCode }) => exitCode === 0);
  return { outcome: passed ? 'measured' : 'failed', sentence: `${capitalized(compared)}.${doubt}` };
}

function stormWords(contenders: readonly Contender[]): string {
  const first = fastest(contenders);
  if (first === null || first.recovery.t99Ms === null) return nobodyWords(contenders);
  const back = contenders.filter(({ recovery }) => recovery.t99Ms !== null);
  const missing = contenders.length - back.length;
  const others =
    missing === 0 ? '' : `; ${count(missing)} of ${count(contenders.length)} never had 99 % back`;
  const quick = `fastest was ${first.variant.label}, 99 % back after ${duration(first.recovery.t99Ms * 1000)}`;
  return (
    quick +
    (contenders.length === 1 ? '' : loadWords(first, hardestOf(contenders), gentlestOf(back))) +
    others
  );
}

/** Peaks that differ by less than this share are the same to a server. */
const ALIKE = 1.15;

/** The trade-off: who asked most of the server at once, and what being gentle costs. */
function loadWords(first: Contender, hardest: Contender, gentle: Contender): string {
  const times = peakOf(hardest) / Math.max(1, peakOf(gentle));
  if (times < ALIKE) return '; the worst second was about the same for all';
  const load = `${count(peakOf(hardest))} attempts in its worst second, ${factor(times)} times as many`;
  if (gentle === first) return `, and gentlest; most at once came from ${hardest.variant.label}: ${load}`;
  if (hardest === first) {
    const slow = duration((gentle.recovery.t99Ms ?? 0) * 1000);
    return `, but at a price: ${load} as ${gentle.variant.label}, which took ${slow}`;
  }
  return `; most at once came from ${hardest.variant.label}: ${load} as from ${gentle.variant.label}, the gentlest`;
}

function peakOf({ recovery }: Contender): number {
  return recovery.peakAttemptsPerSecond;
}

/** Of at least one. */
function hardestOf(contenders: readonly Contender[]): Contender {
  return contenders.reduce((a, b) => (peakOf(b) > peakOf(a) ? b : a));
}

function gentlestOf(contenders: readonly Contender[]): Contender {
  return contenders.reduce((a, b) => (peakOf(b) < peakOf(a) ? b : a));
}

function nobodyWords(contenders: readonly Contender[]): string {
  const furthest = contenders.reduce<Contender | null>(
    (best, contender) =>
      best === null || contender.recovery.recovered > best.recovery.recovered ? contender : best,
    null,
  );
  if (furthest === null) return 'no connection was lost';
  const { recovered, dropped } = furthest.recovery;
  return `no variant had 99 % back; ${furthest.variant.label} came furthest, with ${count(recovered)} of ${count(dropped)} (${share(recovered / dropped)})`;
}

/** After a storm: who was back, and what did not wait for them. */
function stormyWords(valid: readonly MatrixVariant[], index: number): string {
  const back = stormWords(contendersIn({ variants: valid }, index));
  const missed = neverCameWords(broadcastersIn(valid));
  return missed === null ? back : `${back}; ${missed}`;
}

/** Without a storm: what was delivered, or who answered. */
function calmWords(valid: readonly MatrixVariant[]): string {
  const broadcasters = broadcastersIn(valid);
  return broadcasters.length > 0 ? fanOutWords(broadcasters) : quietWords(valid);
}

/** How many passed, and who answered fastest. */
function quietWords(valid: readonly MatrixVariant[]): string {
  const passed = valid.filter(({ exitCode }) => exitCode === 0).length;
  const ran = `${count(passed)} of ${counted(valid.length, 'variant')} passed`;
  const timed = valid.flatMap(({ label, result }) => {
    const times = result?.latencies['heartbeat.response'] ?? result?.latencies['echo.response'];
    return times?.p99Us === null || times === undefined ? [] : [{ label, us: times.p99Us }];
  });
  if (timed.length < 2) return ran;
  const best = timed.reduce((a, b) => (b.us < a.us ? b : a));
  const worst = timed.reduce((a, b) => (b.us > a.us ? b : a));
  if (worst.us < best.us * ALIKE)
    return `${ran}; all answered about as fast, within ${duration(worst.us)} (p99)`;
  return `${ran}; ${best.label} answered fastest, within ${duration(best.us)} (p99), ${worst.label} slowest, within ${duration(worst.us)}`;
}

/** `the kill`: what a storm is called in titles. */
export function stormName(contenders: readonly Contender[]): string {
  const first = contenders[0];
  const all = first?.variant.result?.storms.map(({ recovery }) => recovery) ?? [];
  return first === undefined ? 'the fault' : `the ${faultWords(all, first.recovery)}`;
}
