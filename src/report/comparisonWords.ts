/** A comparison in plain words: what every format says in the same way. */
import type {
  ComparedMetric,
  ComparisonRecord,
  ComparisonVerdict,
  InconclusiveReason,
} from '../result/comparison.js';
import { closely, count, counted, inUnit, percent, trimmed } from './numbers.js';

export interface ComparisonAnswer {
  readonly outcome: ComparisonVerdict;
  /** With the numbers that decided it. */
  readonly sentence: string;
}

/** What came of the comparison, in one sentence. */
export function comparisonAnswer(record: ComparisonRecord): ComparisonAnswer {
  const sentence = record.kind === 'calibrate' ? calibrationSentence(record) : sentenceOf(record);
  return { outcome: record.verdict, sentence };
}

function sentenceOf(record: ComparisonRecord): string {
  const gated = gatedIn(record);
  switch (record.verdict) {
    case 'worse':
      return `Worse: ${listed(gated, 'worse')}.`;
    case 'better':
      return `Better: ${listed(gated, 'better')}. Nothing is worse.`;
    case 'same':
      return sameSentence(gated);
    case 'inconclusive':
      return `Inconclusive: ${openWords(record, gated)}.`;
  }
}

export function gatedIn({ metrics }: ComparisonRecord): ComparedMetric[] {
  return metrics.filter(({ gated }) => gated);
}

/** Nothing happened in any run of either side: to say so of several takes a line, not a row each. */
export function isSilent({ values, verdict, because }: ComparedMetric): boolean {
  const all = [...values.baseline, ...values.candidate];
  const isUneventful = verdict === 'same' || because === 'too-few-runs';
  return isUneventful && all.every((value) => value === null || value === 0);
}

/** `0 in every run of both sides: heartbeat.unanswered, closes.abnormal`; null when there is none of the kind. */
export function silentWords(metrics: readonly ComparedMetric[]): string | null {
  const names = metrics.filter(isSilent).map(({ name }) => name);
  return names.length === 0 ? null : `0 in every run of both sides: ${names.join(', ')}`;
}

/** A sentence has room for one metric with its numbers, and for the change of so many others. */
const MOST_BESIDE = 1;

/** What changed most for its margin comes first: changes in different units cannot be held against each other otherwise. */
function listed(gated: readonly ComparedMetric[], verdict: ComparisonVerdict): string {
  const found = gated.filter((metric) => metric.verdict === verdict);
  const [first, ...others] = [...found].sort((a, b) => weightOf(b) - weightOf(a));
  if (first === undefined) return 'nothing that is known';
  const also = others.slice(0, MOST_BESIDE).map((metric) => `${metric.name}, ${changeWords(metric)}`);
  const left = others.length - also.length;
  const parts = [...also, ...(left > 0 ? [counted(left, 'more metric')] : [])];
  return changeSentence(first) + (parts.length === 0 ? '' : `; also ${parts.join(', and ')}`);
}

/** How many times its margin the metric changed by. */
function weightOf(metric: ComparedMetric): number {
  const margin = marginOf(metric);
  const change = Math.abs(changeOf(metric) ?? 0);
  return margin > 0 ? change / margin : change > 0 ? Number.MAX_VALUE : 0;
}

/** What changed most is told of ratios alone: a difference is in a unit of its own. */
function sameSentence(gated: readonly ComparedMetric[]): string {
  const ratios = gated.filter(({ basis, ratio }) => basis === 'ratio' && ratio !== null);
  const most = ratios.reduce<ComparedMetric | null>(
    (top, metric) =>
      Math.abs(changeOf(metric) ?? 0) > Math.abs(top === null ? 0 : (changeOf(top) ?? 0)) ? metric : top,
    null,
  );
  const only = gated.length === 1 ? gated[0] : undefined;
  const who =
    only === undefined
      ? `none of ${counted(gated.length, 'metric')} changed by more than its margin`
      : `${only.name} did not change by more than its margin`;
  const margins = marginRange(ratios);
  const change =
    most === null
      ? ''
      : only === undefined
        ? `; the most is ${changeWords(most)}, in ${most.name}`
        : `; it is ${changeWords(most)}`;
  return `The same: ${who}${margins === null ? '' : ` (${margins})`}${change}.`;
}

/** `5 %`, `5 % to 18 %`; null without one. */
function marginRange(ratios: readonly ComparedMetric[]): string | null {
  const [least, most] = ends(ratios, marginOf);
  if (least === undefined || most === undefined) return null;
  const [low, high] = [marginWords(least), marginWords(most)];
  return low === high ? low : `${low} to ${high}`;
}

/** The metrics of which a number is least and greatest. */
function ends(
  metrics: readonly ComparedMetric[],
  numberOf: (metric: ComparedMetric) => number,
): [least?: ComparedMetric, most?: ComparedMetric] {
  const sorted = [...metrics].sort((a, b) => numberOf(a) - numberOf(b));
  const [least] = sorted;
  const most = sorted.at(-1);
  return least === undefined || most === undefined ? [] : [least, most];
}

function openWords(record: ComparisonRecord, gated: readonly ComparedMetric[]): string {
  const open = gated.filter(({ verdict }) => verdict === 'inconclusive');
  if (open.length === 0) return 'there was nothing to compare';
  const isShort = open.every(({ because }) => because === 'too-few-runs');
  if (isShort && open.length === gated.length) return shortWords(record);
  const first = open.find(({ because }) => because !== 'too-few-runs') ?? open[0];
  const why = first?.because == null ? '' : `: ${openMetricWords(first, REASONS[first.because])}`;
  return `${count(open.length)} of ${counted(gated.length, 'metric')} could not be decided${why}`;
}

function openMetricWords(metric: ComparedMetric, reason: string): string {
  return `${metric.name} is ${changeAndInterval(metric)}, and ${reason}`;
}

/** `3 runs of the baseline and 4 of the candidate are too few, it takes 6 of each`. */
function shortWords({ baseline, candidate, method: { leastRuns } }: ComparisonRecord): string {
  return `${counted(baseline.runs, 'run')} of the baseline and ${count(candidate.runs)} of the candidate are too few; it takes ${count(leastRuns)} of each`;
}

export const REASONS: Readonly<Record<InconclusiveReason, string>> = {
  'too-few-runs': 'too few runs have it',
  'wide-interval': 'its interval holds both no change and one that matters',
  'not-significant': 'a change like this comes by chance too often',
  undetectable: 'a change this small cannot be told from none here',
};

/** The same for a table. */
export const SHORT_REASONS: Readonly<Record<InconclusiveReason, string>> = {
  'too-few-runs': 'too few runs',
  'wide-interval': 'wide interval',
  'not-significant': 'may be chance',
  undetectable: 'too small to tell',
};

/** Of the same server on both sides: what it takes to be told from chance, or that chance was told as a change. */
function calibrationSentence(record: ComparisonRecord): string {
  const gated = gatedIn(record);
  const alarm = gated.find(({ verdict }) => verdict === 'worse' || verdict === 'better');
  if (alarm !== undefined) {
    return `A false alarm: the two sides are the same server, yet ${changeSentence(alarm)}.`;
  }
  const known = gated.filter(({ basis, detectable }) => basis === 'ratio' && detectable !== null);
  const [least, most] = ends(known, ({ detectable }) => detectable ?? 0);
  if (least === undefined || most === undefined) return `Not calibrated: ${shortWords(record)}.`;
  const runs = Math.min(record.baseline.runs, record.candidate.runs);
  const finest = `${detectableWords(least)} (${least.name})`;
  const range = least === most ? finest : `${finest} to ${detectableWords(most)} (${most.name})`;
  return `The two sides are the same server: with ${counted(runs, 'run')} of each, the smallest detectable effect is ${range}.`;
}

/** `memory.perConnection went from 5.70 KiB to 9.66 KiB, 69 % more (66 % to 75 % more)`. */
export function changeSentence(metric: ComparedMetric): string {
  const { name, baseline, candidate } = metric;
  if (baseline === null || candidate === null) return `${name} is not known on both sides`;
  const both = `${name} went from ${closely(baseline, metric.unit)} to ${closely(candidate, metric.unit)}`;
  return `${both}, ${changeAndInterval(metric)}`;
}

/** `68 % more (52 % to 81 % more)`; without an interval, or where it says the same, the change alone. */
function changeAndInterval(metric: ComparedMetric): string {
  const [change, interval] = [changeWords(metric), intervalWords(metric)];
  return interval === null || interval === change ? change : `${change} (${interval})`;
}

/** Of 0 for none: a share of the baseline for a ratio, else in the unit; null where it is not known. */
export function changeOf({ basis, ratio, difference }: ComparedMetric): number | null {
  if (basis === 'difference') return difference;
  return ratio === null ? null : ratio - 1;
}

/** The interval of `changeOf`. */
export function changeInterval({ basis, ci95 }: ComparedMetric): readonly [low: number, high: number] | null {
  if (ci95 === null || basis === 'difference') return ci95;
  return [ci95[0] - 1, ci95[1] - 1];
}

/** `68 % more`, `12 % less`, `no change`; for differences of shares `0.98 percentage points more`. */
export function changeWords(metric: ComparedMetric): string {
  const change = changeOf(metric);
  return change === null ? 'not known' : moreOrLess(metric, change);
}

/** `52 % to 81 % more`, `from 3 % less to 4 % more`; null without an interval. */
export function intervalWords(metric: ComparedMetric): string | null {
  const interval = changeInterval(metric);
  if (interval === null) return null;
  const [low, high] = [moreOrLess(metric, interval[0]), moreOrLess(metric, interval[1])];
  if (low === high) return low;
  const [lowWay, highWay] = [low, high].map((end) => end.slice(end.lastIndexOf(' ') + 1));
  if (lowWay === highWay) return `${low.slice(0, low.lastIndexOf(' ')).replace(POINTS, '')} to ${high}`;
  return `from ${low} to ${high}`;
}

function moreOrLess(metric: ComparedMetric, change: number): string {
  if (change === 0) return 'no change';
  return `${sizeWords(metric, Math.abs(change))} ${change > 0 ? 'more' : 'less'}`;
}

const POINTS = ' percentage points';

/** A share of a share is a percentage, but what two shares differ by are points. */
function sizeWords({ basis, unit }: ComparedMetric, size: number): string {
  if (basis === 'ratio') return percent(size * 100);
  return unit === 'share' ? percent(size * 100).replace(' %', POINTS) : inUnit(size, unit);
}

/** For tables: `+68 %`, `-12 %`, `0`, `+0.98 points`; a dash where it is not known. */
export function signedChange(metric: ComparedMetric): string {
  const change = changeOf(metric);
  return change === null ? '–' : signed(metric, change);
}

/** For tables: `+52 % to +81 %`; null without an interval. */
export function signedInterval(metric: ComparedMetric): string | null {
  const interval = changeInterval(metric);
  if (interval === null) return null;
  const [low, high] = [signed(metric, interval[0]), signed(metric, interval[1])];
  return low === high ? low : `${low} to ${high}`;
}

function signed(metric: ComparedMetric, change: number): string {
  if (change === 0) return '0';
  return `${change > 0 ? '+' : '-'}${sizeInTable(metric, Math.abs(change))}`;
}

function sizeInTable(metric: ComparedMetric, size: number): string {
  return sizeWords(metric, size).replace(POINTS, ' points');
}

/** What the metric has to change by to matter, as in `changeOf`: the tolerance, or what can be detected where that is more. */
export function marginOf({ tolerance, detectable }: ComparedMetric): number {
  return Math.max(tolerance, detectable ?? 0);
}

/** The margin in words: `5 %`, `7.1 %`, `0.1 points`. What the user has set is exact. */
export function marginWords(metric: ComparedMetric): string {
  const words = sizeInTable(metric, marginOf(metric));
  return metric.tolerance >= (metric.detectable ?? 0) ? trimmed(words) : words;
}

/** The smallest change that can be told from none; a dash where it is not known. */
export function detectableWords(metric: ComparedMetric): string {
  return metric.detectable === null ? '–' : sizeInTable(metric, metric.detectable);
}
