import type { RunResult } from '../../../result/types.js';
import { count, share } from '../../numbers.js';
import { failureWords } from '../../words.js';
import { html } from '../markup.js';
import type { Section } from '../section.js';
import { bar } from '../svg.js';
import { columns } from '../table.js';

/** Attempts that did not open, and why. */
export function failures(result: RunResult): Section | null {
  const { attempted, failed } = result.connections;
  const order = [...result.failures].sort((a, b) => b.count - a.count);
  const main = order[0];
  if (main === undefined) return null;
  const several = Object.keys(result.populations).length > 1;
  return {
    id: 'failures',
    name: 'Failures',
    title: `${count(failed)} of ${count(attempted)} attempts failed (${share(failed / Math.max(1, attempted))}), ${order.length === 1 ? 'all' : 'most'} because ${failureWords(main)}`,
    pictures: [],
    reading: null,
    numbers: [
      {
        caption: null,
        columns: [
          ...columns('name', 'why'),
          ...columns('bar', ''),
          ...columns('number', 'count'),
          ...columns('name', 'phase', ...(several ? ['population'] : []), 'stage', 'cause'),
          ...columns('words', 'as it was said'),
        ],
        rows: order.map((failure) => [
          failureWords(failure),
          bar([{ share: failure.count / main.count, tone: 'bad' }]),
          count(failure.count),
          failure.phase,
          ...(several ? [failure.population] : []),
          failure.stage,
          failure.cause,
          html`<q>${failure.example}</q>`,
        ]),
      },
    ],
  };
}
