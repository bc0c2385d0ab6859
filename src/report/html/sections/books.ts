import type { BookEntry } from '../../../result/targetRecord.js';
import type { RunResult } from '../../../result/types.js';
import { count, counted } from '../../numbers.js';
import { html } from '../markup.js';
import type { Section } from '../section.js';
import { columns } from '../table.js';

/** What the server counted against what we counted. */
export function books({ target: { books } }: RunResult): Section | null {
  if (books.length === 0) return null;
  const wrong = books.filter(({ balanced }) => !balanced);
  return {
    id: 'books',
    name: 'Books',
    title:
      wrong.length === 0
        ? `The server's own counts and ours agree on ${books.length === 1 ? 'the one line' : `all ${counted(books.length, 'line')}`}`
        : `The server's own counts and ours differ on ${count(wrong.length)} of ${counted(books.length, 'line')}`,
    pictures: [],
    reading:
      'Two books kept apart, one by each end of the connections: where they agree, nothing was lost on the way.',
    numbers: [
      {
        caption: null,
        columns: [...columns('name', 'what'), ...columns('number', 'server', 'wsherd', 'difference')],
        rows: books.map((entry) => [entry.what, count(entry.server), count(entry.ours), difference(entry)]),
      },
    ],
  };
}

function difference({ server, ours, balanced }: BookEntry) {
  const gap = server - ours;
  const sign = gap > 0 ? '+' : '';
  return balanced
    ? html`<span class="well">✓</span>`
    : html`<strong class="bad">✕ ${sign}${count(gap)}</strong>`;
}
