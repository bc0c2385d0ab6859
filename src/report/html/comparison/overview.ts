/** The picture of the first screen: a row for each metric that counts, its change with interval on an axis that all share. */
import type { ComparedMetric, ComparisonRecord, ComparisonVerdict } from '../../../result/comparison.js';
import {
  changeInterval,
  changeOf,
  detectableWords,
  gatedIn,
  isSilent,
  marginOf,
  signedChange,
  signedInterval,
  silentWords,
} from '../../comparisonWords.js';
import { capitalized, closely, count, counted } from '../../numbers.js';
import { type Content, html, type Markup, unbroken } from '../markup.js';
import { percentOf } from '../svg.js';
import { type EffectAxis, effectAxis, ownScale } from './effectAxis.js';
import { VERDICT_TONES, verdictCell } from './verdicts.js';

/** Null when there is nothing to compare. */
export function overview(record: ComparisonRecord): Markup | null {
  const gated = gatedIn(record);
  if (gated.length === 0) return null;
  const shown = gated.filter((metric) => !isSilent(metric));
  return html`<section id="overview" aria-label="Changes"><figure class="chart"><figcaption>${unbroken(finding(record, gated))}<span class="wide">${READING}</span></figcaption>
${shown.length === 0 ? null : forest(record, shown)}</figure>
${silentLine(gated)}</section>`;
}

const READING = 'band: the margin, in which a change does not matter';

function silentLine(metrics: readonly ComparedMetric[]): Markup | null {
  const words = silentWords(metrics);
  return words === null ? null : html`<p class="reading">${words}.</p>`;
}

const ORDER = ['worse', 'inconclusive', 'better', 'same'] as const satisfies readonly ComparisonVerdict[];

/** `Of 9 metrics 1 is worse, 2 are better, 6 are the same`; `All 9 metrics are the same`. */
function finding({ kind }: ComparisonRecord, gated: readonly ComparedMetric[]): string {
  const parts = ORDER.flatMap((verdict) => {
    const found = gated.filter((metric) => metric.verdict === verdict).length;
    return found === 0 ? [] : [{ found, word: verdict === 'same' ? 'the same' : verdict }];
  });
  const [first] = parts;
  const sides = kind === 'calibrate' ? 'Of two equal sides: ' : '';
  if (parts.length === 1 && first !== undefined) {
    const who = gated.length === 1 ? 'the one metric is' : `all ${count(gated.length)} metrics are`;
    return capitalized(`${sides}${who} ${first.word}`);
  }
  const words = parts.map(({ found, word }) => `${count(found)} ${found === 1 ? 'is' : 'are'} ${word}`);
  return capitalized(`${sides}of ${counted(gated.length, 'metric')} ${words.join(', ')}`);
}

/** More rows than this stand closer together. */
const LOOSE_ROWS = 12;

function forest(record: ComparisonRecord, metrics: readonly ComparedMetric[]): Markup {
  const axis = effectAxis(metrics);
  const ratios = metrics.filter(({ basis }) => basis === 'ratio');
  const differences = metrics.filter(({ basis }) => basis === 'difference');
  const isCalibration = record.kind === 'calibrate';
  const columns = isCalibration ? 7 : 6;
  return html`<table class="${metrics.length > LOOSE_ROWS ? 'forest dense' : 'forest'}">
<thead><tr><th scope="col">metric</th><th scope="col" class="number wide">${isCalibration ? 'one side' : 'baseline'}</th><th scope="col" class="number wide">${isCalibration ? 'other side' : 'candidate'}</th><th scope="col" class="effect">${axisHead(axis)}</th><th scope="col" class="number ${isCalibration ? 'wide' : ''}">change${isCalibration ? null : html`<span class="wide"> and 95 % interval</span>`}</th>${isCalibration ? html`<th scope="col" class="number">detectable</th>` : null}<th scope="col">verdict</th></tr></thead>
<tbody>${ratios.map((metric) => row(metric, axis, axis.at, isCalibration))}
${differences.length === 0 ? null : html`<tr class="apart"><th scope="rowgroup" colspan="${columns}">${apartWords(differences)}</th></tr>`}
${differences.map((metric) => row(metric, axis, ownScale(metric, axis), isCalibration))}</tbody>
</table>`;
}

function apartWords(differences: readonly ComparedMetric[]): string {
  const scale = differences.length === 1 ? 'on a scale of its own' : 'each on a scale of its own';
  return `From a baseline of 0 there is no ratio: the difference, ${scale}`;
}

function row(metric: ComparedMetric, axis: EffectAxis, at: EffectAxis['at'], isCalibration: boolean): Markup {
  const { name, baseline, candidate, unit, verdict } = metric;
  const change = html`<strong class="${verdict === 'worse' ? 'bad' : ''}">${signedChange(metric)}</strong>${range(metric)}`;
  const value = (amount: number | null): string => (amount === null ? '–' : closely(amount, unit));
  return html`<tr><th scope="row">${name}</th><td class="number wide">${value(baseline)}</td><td class="number wide">${value(candidate)}</td><td class="effect">${effect(metric, axis, at)}</td><td class="number ${isCalibration ? 'wide' : ''}">${isCalibration ? signedChange(metric) : change}</td>${isCalibration ? html`<td class="number"><strong>${detectableWords(metric)}</strong></td>` : null}<td>${verdictCell(metric)}</td></tr>
`;
}

function range(metric: ComparedMetric): Markup | null {
  const words = signedInterval(metric);
  return words === null ? null : html`<span class="range-words wide">${words}</span>`;
}

/** Which way is better, and the ticks. */
function axisHead({ ticks }: EffectAxis): Markup {
  return html`<svg height="40" aria-hidden="true"><text x="0" y="14">← less, better</text><text x="100%" y="14" text-anchor="end">more, worse →</text>${ticks.map(
    ({ at, label, isWide }) =>
      html`<text class="${isWide ? 'wide' : ''}" x="${percentOf(at)}" y="34" text-anchor="${at > 0.96 ? 'end' : at < 0.04 ? 'start' : 'middle'}">${label}</text>`,
  )}</svg>`;
}

/** The band in which a change does not matter, the line of no change, the interval and the change itself. */
function effect(metric: ComparedMetric, axis: EffectAxis, at: EffectAxis['at']): Markup {
  const tone = VERDICT_TONES[metric.verdict];
  const change = changeOf(metric);
  const isOnAxis = metric.basis === 'ratio';
  const lines: Content = isOnAxis
    ? axis.ticks.filter(({ label }) => label !== 'no change').map((tick) => upright('grid', tick.at))
    : null;
  return html`<svg aria-hidden="true">${band(metric, at)}${lines}${upright('zero', axis.at(0))}${interval(metric, at)}${
    change === null ? null : html`<circle class="f-${tone}" cx="${percentOf(at(change))}" cy="50%" r="4.5"/>`
  }</svg>`;
}

function upright(kind: string, at: number): Markup {
  const x = percentOf(at);
  return html`<line class="${kind}" x1="${x}" x2="${x}" y1="0" y2="100%"/>`;
}

function band(metric: ComparedMetric, at: EffectAxis['at']): Markup {
  const margin = marginOf(metric);
  const [left, right] = [at(-margin), at(margin)];
  return html`<rect class="margin" x="${percentOf(left)}" width="${percentOf(right - left)}" y="15%" height="70%"/>`;
}

function interval(metric: ComparedMetric, at: EffectAxis['at']): Markup | null {
  const ends = changeInterval(metric);
  if (ends === null) return null;
  const [left, right] = [percentOf(at(ends[0])), percentOf(at(ends[1]))];
  return html`<line class="range t-${VERDICT_TONES[metric.verdict]}" x1="${left}" x2="${right}" y1="50%" y2="50%"/>`;
}
