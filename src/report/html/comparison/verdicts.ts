/** How a verdict looks: red for worse alone, the accent for better, grey where nothing happened. */
import type { ComparedMetric, ComparisonVerdict, Side } from '../../../result/comparison.js';
import type { Tone } from '../chart.js';
import { html, type Markup } from '../markup.js';

export const VERDICT_TONES: Readonly<Record<ComparisonVerdict, Tone>> = {
  worse: 'bad',
  better: 'server',
  same: 'context',
  inconclusive: 'doubt',
};

const MARKS: Readonly<Record<ComparisonVerdict, string>> = {
  worse: '✕',
  better: '✓',
  same: '=',
  inconclusive: '?',
};

const CLASSES: Readonly<Record<ComparisonVerdict, string>> = {
  worse: 'bad',
  better: 'good',
  same: 'well',
  inconclusive: 'doubt',
};

/** `✕ worse`: told apart without colours. */
export function verdictCell({ verdict }: ComparedMetric): Markup {
  return html`<span class="${CLASSES[verdict]}">${MARKS[verdict]} ${verdict}</span>`;
}

export const SIDE_TONES: Readonly<Record<Side, Tone>> = { baseline: 'context', candidate: 'server' };

/** With the colour that the side has on all charts. */
export function sideName(side: Side): Markup {
  return html`<span class="swatch t-${SIDE_TONES[side]}"></span>${side}`;
}
