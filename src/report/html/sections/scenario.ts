import type { RunResult } from '../../../result/types.js';
import { count } from '../../numbers.js';
import { html } from '../markup.js';
import type { Section } from '../section.js';

const MOST_LETTERS = 40_000;

/** The scenario as it was written. */
export function scenario({ scenario: { name, file, text } }: RunResult): Section {
  const shown = text.slice(0, MOST_LETTERS);
  const left = text.length - shown.length;
  return {
    id: 'scenario',
    name: 'Scenario',
    title:
      file === null
        ? `The scenario ${name}, from the command line`
        : `The scenario ${name}, as written in ${file}`,
    pictures: [{ title: null, still: html`<pre tabindex="0">${shown}</pre>` }],
    reading: left > 0 ? `${count(left)} more characters are in result.json.` : null,
    numbers: [],
  };
}
