import type { CapacityRecord } from '../../../result/capacity.js';
import { loadWords, varyWords } from '../../capacityWords.js';
import { loadNumber } from '../../loads.js';
import { count, counted, elapsed, percent, trimmed } from '../../numbers.js';
import { html } from '../markup.js';
import { notesSection } from '../notes.js';
import type { Section } from '../section.js';
import { columns } from '../table.js';
import { latencySection } from './latencySection.js';
import { limitSection } from './limitSection.js';
import { memorySection } from './memorySection.js';
import { processorSection } from './processorSection.js';
import { sizingSection } from './sizingSection.js';
import { throughputSection } from './throughputSection.js';

/** In the order of a reader's questions; a section with nothing to say is left out. */
export function capacitySections(record: CapacityRecord): Section[] {
  return [
    limitSection(record),
    notesSection(record),
    latencySection(record),
    throughputSection(record),
    processorSection(record),
    memorySection(record),
    sizingSection(record),
    settingsSection(record),
    repeatSection(record),
  ].filter((section) => section !== null);
}

function settingsSection({ search, vary }: CapacityRecord): Section {
  const { from, to, precision, tries, needed, freshTarget, coolDownMs } = search;
  return {
    id: 'settings',
    name: 'Settings',
    title: `The search went from ${loadNumber(from, vary)} to at most ${loadWords(to, vary)}`,
    pictures: [],
    reading: null,
    numbers: [
      {
        caption: null,
        columns: [...columns('name', 'setting'), ...columns('words', 'value')],
        rows: [
          ['what was varied', varyWords(vary)],
          [
            'how close the ends of the bracket had to come',
            `${trimmed(percent(precision * 100))}, but no closer than one`,
          ],
          [
            'tries at each end of the bracket',
            `${counted(tries, 'try', 'tries')}, of which ${count(needed)} had to pass`,
          ],
          ['target', freshTarget ? 'a fresh one for each try' : 'the same one for all tries'],
          ['pause between tries', elapsed(coolDownMs)],
        ],
      },
    ],
  };
}

function repeatSection({ command }: CapacityRecord): Section {
  return {
    id: 'repeat',
    name: 'Repeat',
    title: 'This command repeats the search',
    pictures: [{ title: null, still: html`<pre tabindex="0">${command}</pre>` }],
    reading:
      'The same seed gives the same connections at the same times; how a server fares at its limit differs from try to try.',
    numbers: [],
  };
}
