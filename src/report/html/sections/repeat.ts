import type { RunResult } from '../../../result/types.js';
import { html } from '../markup.js';
import type { Section } from '../section.js';

/** The command that does the same again. */
export function repeat({ run }: RunResult): Section {
  return {
    id: 'repeat',
    name: 'Repeat',
    title: 'This command repeats the run',
    pictures: [{ title: null, still: html`<pre tabindex="0">${run.command}</pre>` }],
    reading: `The same scenario and seed give the same connections at the same times. This was run ${run.id}.`,
    numbers: [],
  };
}
