import type { BookEntry, ProxyCounts, TargetCounts, TargetInstance } from '../../../result/targetRecord.js';
import type { RunResult } from '../../../result/types.js';
import { count, counted } from '../../numbers.js';
import { type Content, html } from '../markup.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';

/** What the server counted against what we counted, and what the fault proxy counted between them. */
export function books({ target: { books, instances, proxy } }: RunResult): Section | null {
  const tables = [
    ...(books.length === 0 ? [] : [bookTable(books)]),
    ...(instances.length < 2 ? [] : [instanceTable(instances)]),
    ...(proxy === null ? [] : [proxyTable(proxy)]),
  ];
  if (tables.length === 0) return null;
  return {
    id: 'books',
    name: 'Books',
    title:
      books.length > 0
        ? finding(books)
        : `The fault proxy accepted ${counted(proxy?.accepted ?? 0, 'connection')}`,
    pictures: [],
    reading: [
      ...(books.length === 0
        ? []
        : [
            'Two books kept apart, one by each end of the connections: where they agree, nothing was lost on the way.',
          ]),
      ...(inFlight(books) === 0
        ? []
        : [
            'In flight is what was under way when the server was killed or a connection cut off: one end had counted it, and the other never could.',
          ]),
    ].join(' '),
    numbers: tables,
  };
}

function finding(books: readonly BookEntry[]): string {
  const wrong = books.filter(({ balanced }) => !balanced).length;
  const lines = counted(books.length, 'line');
  if (wrong > 0) return `The server's own counts and ours differ on ${count(wrong)} of ${lines}`;
  const lost = inFlight(books);
  const apart = lost === 0 ? '' : `, but for ${count(lost)} in flight when connections were cut off`;
  return `The server's own counts and ours agree on ${books.length === 1 ? 'the one line' : `all ${lines}`}${apart}`;
}

function inFlight(books: readonly BookEntry[]): number {
  return books.reduce((sum, entry) => sum + Math.abs(entry.inFlight), 0);
}

function bookTable(books: readonly BookEntry[]): Table {
  const killed = inFlight(books) > 0;
  return {
    caption: null,
    columns: [
      ...columns('name', 'what'),
      ...columns('number', 'server', 'wsherd', ...(killed ? ['in flight'] : []), 'difference'),
    ],
    rows: books.map((entry) => [
      entry.what,
      count(entry.server),
      count(entry.ours),
      ...(killed ? [entry.inFlight === 0 ? '' : count(entry.inFlight)] : []),
      difference(entry),
    ]),
  };
}

function difference({ server, ours, balanced }: BookEntry): Content {
  const gap = server - ours;
  const sign = gap > 0 ? '+' : '';
  return balanced
    ? html`<span class="well">✓</span>`
    : html`<strong class="bad">✕ ${sign}${count(gap)}</strong>`;
}

const LEDGER = [
  ['connections opened', 'opened'],
  ['connections closed', 'closed'],
  ['messages in', 'messagesIn'],
  ['messages out', 'messagesOut'],
  ['pings in', 'pingsIn'],
  ['pings out', 'pingsOut'],
  ['pongs in', 'pongsIn'],
  ['pongs out', 'pongsOut'],
] as const satisfies ReadonlyArray<readonly [string, keyof TargetCounts]>;

/** More processes than this are for result.json. */
const MOST_INSTANCES = 8;

function instanceTable(instances: readonly TargetInstance[]): Table {
  const shown = instances.slice(0, MOST_INSTANCES);
  const left = instances.length - shown.length;
  const name = ({ killed }: TargetInstance, i: number) => `${i + 1}${killed ? ', killed' : ''}`;
  return {
    caption: `The server's ledger by process, in the order in which they ran${left > 0 ? `; ${count(left)} more are in result.json` : ''}`,
    columns: [...columns('name', 'process'), ...columns('number', ...shown.map(name))],
    rows: LEDGER.map(([words, key]) => [words, ...shown.map(({ counts }) => count(counts[key]))]),
  };
}

function proxyTable(proxy: ProxyCounts): Table {
  const { accepted, opened, refused, cutOff, dropped, upstreamUnreachable, failedLocally, blackholed } =
    proxy;
  const rows: Array<readonly [string, string]> = [
    ['connections accepted', count(accepted)],
    ['upgrades that the target answered with 101', opened === null ? 'not seen under TLS' : count(opened)],
    ...Object.entries(refused).map(
      ([status, n]) => [`upgrades answered with HTTP ${status}`, count(n)] as const,
    ),
    ['ended by a fault before the target had answered', count(cutOff)],
    ['ended by a fault after it had', count(dropped)],
    ['accepted while the target took none, and reset', count(upstreamUnreachable)],
    ['not passed on because this machine had no ports or descriptors left', count(failedLocally)],
    ['held back by a blackhole', count(blackholed)],
    ['of these, closed by the target meanwhile', count(proxy.noticedByTargetUs.length)],
  ];
  return {
    caption: "The fault proxy's ledger",
    columns: [...columns('name', 'what'), ...columns('number', 'proxy')],
    rows: rows.filter(([, value], i) => i < 2 || value !== '0'),
  };
}
