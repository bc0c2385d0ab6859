import type { FailureCount, RunResult } from '../../../result/types.js';
import { failedAttempts, refusals } from '../../failures.js';
import { count, share } from '../../numbers.js';
import { failureWords } from '../../words.js';
import { html } from '../markup.js';
import type { Section } from '../section.js';
import { bar } from '../svg.js';
import { columns } from '../table.js';

/** Attempts that did not open, and why. */
export function failures(result: RunResult): Section | null {
  const { attempted, failed } = result.connections;
  const order = failedAttempts(result);
  const main = order[0];
  if (main === undefined) return null;
  return {
    id: 'failures',
    name: 'Failures',
    title: `${count(failed)} of ${count(attempted)} attempts failed (${share(failed / Math.max(1, attempted))}), ${order.length === 1 ? 'all' : 'most'} because ${failureWords(main)}`,
    pictures: [],
    reading: null,
    numbers: [tableOf(order, result)],
  };
}

/** What the application refused or complained of on connections that were open. */
export function applicationRefusals(result: RunResult): Section | null {
  const order = refusals(result);
  const main = order[0];
  if (main === undefined) return null;
  const times = order.reduce((sum, { count: each }) => sum + each, 0);
  return {
    id: 'refusals',
    name: 'Refusals',
    title: `The application said no ${times === 1 ? 'once' : `${count(times)} times`}, ${order.length === 1 ? 'always' : 'mostly'}: ${failureWords(main)}`,
    pictures: [],
    reading: 'These connections were open: no attempt failed. The words are those of the server.',
    numbers: [tableOf(order, result)],
  };
}

function tableOf(order: readonly FailureCount[], { populations }: RunResult): Section['numbers'][number] {
  const several = Object.keys(populations).length > 1;
  const most = order[0]?.count ?? 1;
  return {
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
      bar([{ share: failure.count / most, tone: 'bad' }]),
      count(failure.count),
      failure.phase,
      ...(several ? [failure.population] : []),
      failure.stage,
      failure.cause,
      html`<q>${failure.example}</q>`,
    ]),
  };
}
