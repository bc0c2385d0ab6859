import type { RunResult } from '../../../result/types.js';
import { counted } from '../../numbers.js';
import { html } from '../markup.js';
import type { Section } from '../section.js';

/** What may mislead a reader, each with what to do about it. */
export function warnings({ warnings }: RunResult): Section | null {
  if (warnings.length === 0) return null;
  return {
    id: 'warnings',
    name: 'Warnings',
    title: `${counted(warnings.length, 'warning')} to read before the numbers are used`,
    pictures: [
      {
        title: null,
        still: html`<ul class="warnings">${warnings.map(({ message, advice }) => html`<li><span class="message">${message}</span> ${advice}</li>`)}</ul>`,
      },
    ],
    reading: null,
    numbers: [],
  };
}
