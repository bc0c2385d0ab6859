import type { ComparisonRecord } from '../../../result/comparison.js';
import { html } from '../markup.js';
import { notesSection } from '../notes.js';
import type { Section } from '../section.js';
import { latencySections } from './latencySections.js';
import { methodSection } from './methodSection.js';
import { metricsSection } from './metricsSection.js';
import { runsSection, unusedSection } from './runsSections.js';
import { valuesSection } from './valuesSection.js';

/** In the order of a reader's questions; a section with nothing to say is left out. */
export function comparisonSections(record: ComparisonRecord): Section[] {
  return [
    notesSection(record),
    valuesSection(record),
    ...latencySections(record),
    metricsSection(record),
    unusedSection(record),
    runsSection(record),
    methodSection(record),
    repeatSection(record),
  ].filter((section) => section !== null);
}

function repeatSection({ command, kind }: ComparisonRecord): Section {
  return {
    id: 'repeat',
    name: 'Repeat',
    title:
      kind === 'calibrate' ? 'This command repeats the calibration' : 'This command repeats the comparison',
    pictures: [{ title: null, still: html`<pre tabindex="0">${command}</pre>` }],
    reading:
      kind === 'compare'
        ? 'The same runs give the same numbers, to the last digit.'
        : 'The same seed gives the same connections at the same times; how fast a server is differs from run to run.',
    numbers: [],
  };
}
