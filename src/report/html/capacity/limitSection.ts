import type { CapacityRecord, Limit } from '../../../result/capacity.js';
import { limitWords, loadWords } from '../../capacityWords.js';
import { count, counted, elapsed } from '../../numbers.js';
import { html, type Markup } from '../markup.js';
import type { Section } from '../section.js';
import { percentOf } from '../svg.js';
import { columns } from '../table.js';
import { limitData, limitName, limitSentence } from './limits.js';
import { triesOf } from './tries.js';

/** Why the bracket ends where it does, as it came about; null when nothing gave out. */
export function limitSection(record: CapacityRecord): Section | null {
  const { limitedBy, firstFail, vary } = record;
  const evidence = limitedBy?.evidence ?? [];
  const [first] = evidence;
  if (first === undefined || firstFail === null) return null;
  const untilMs = evidence.reduce((most, { atMs }) => Math.max(most, atMs ?? 0), runMs(record));
  return {
    id: 'limit',
    name: 'What gave out',
    title: `At ${loadWords(firstFail, vary)} ${limitWords(first)}`,
    pictures: [],
    reading: readingOf(record, first),
    numbers: [
      {
        caption: null,
        columns: [
          ...columns('number', 'after'),
          ...columns('bar', 'in the run'),
          ...columns('words', 'what showed', 'its data'),
          ...columns('name', 'code'),
        ],
        rows: evidence.map((limit) => [
          limit.atMs === null ? 'at the end' : elapsed(limit.atMs),
          limit.atMs === null ? null : whenBar(limit.atMs / Math.max(1, untilMs)),
          limitSentence(limit),
          limitData(limit),
          html`<code>${limit.code}</code>`,
        ]),
      },
    ],
  };
}

/** How long the try took that the evidence is from. */
function runMs(record: CapacityRecord): number {
  const own = triesOf(record).find(({ load, sign }) => load === record.firstFail && sign !== 'passed');
  return own?.own.result?.durationMs ?? 1;
}

function whenBar(at: number): Markup {
  return html`<svg class="bar" height="16" aria-hidden="true"><line class="grid" x1="0" x2="100%" y1="8" y2="8"/><circle class="f-bad" cx="${percentOf(at)}" cy="8" r="4"/></svg>`;
}

/** Whether it was the same each time. */
function readingOf(record: CapacityRecord, first: Limit): string {
  const others = triesOf(record).flatMap(({ own, sign }) => (sign === 'passed' ? [] : [own.limits[0]]));
  const same = others.filter((limit) => limit !== undefined && limitName(limit) === limitName(first)).length;
  const when = 'In the order in which each first showed.';
  if (others.length < 2) return when;
  return same === others.length
    ? `${when} All ${counted(same, 'try', 'tries')} that did not pass met the same limit first.`
    : `${when} Of ${count(others.length)} tries that did not pass, ${count(same)} met this limit first.`;
}
