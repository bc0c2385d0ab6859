/** Signs of what was measured: each has a shape of its own, so that they are told apart without colours. */
import type { Tone } from './chart.js';
import { html, type Markup } from './markup.js';
import { percentOf, round } from './svg.js';

/** `passed` has the colour of its line, the others that of trouble. */
export type Sign = 'passed' | 'failed' | 'doubtful';

const PATHS: Readonly<Record<Sign, string>> = {
  passed: 'M4 0A4 4 0 1 1-4 0A4 4 0 1 1 4 0Z',
  failed: 'M-4-4L4 4M4-4L-4 4',
  doubtful: 'M0-5.5L5 3.5H-5Z',
};

/** At a share of the width and in pixels from the top. */
export function signAt(sign: Sign, tone: Tone, at: number, y: number): Markup {
  return html`<svg x="${percentOf(at)}" y="${round(y)}" overflow="visible">${shape(sign, tone)}</svg>`;
}

export interface SignWords {
  readonly sign: Sign;
  readonly words: string;
}

/** What the signs of a picture mean, those of them that it shows. */
export function signKey(shown: readonly SignWords[], tone: Tone): Markup {
  return html`<ul class="key signs">${shown.map(
    ({ sign, words }) =>
      html`<li><svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">${shape(sign, tone)}</svg><span>${words}</span></li>`,
  )}</ul>`;
}

function shape(sign: Sign, tone: Tone): Markup {
  const own = sign === 'passed' ? tone : sign === 'failed' ? 'bad' : 'doubt';
  return html`<path class="point t-${own}" d="${PATHS[sign]}"/>`;
}
