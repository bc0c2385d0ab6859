import type { BookEntry, TargetCounts } from './targetRecord.js';
import type { CloseCount, FailureCount, Metrics } from './types.js';

/** The ledger of a reference server against ours, line by line: each pair must be equal. */
export function balanceBooks(
  server: TargetCounts,
  metrics: Metrics,
  closes: readonly CloseCount[],
  failures: readonly FailureCount[],
): BookEntry[] {
  const counter = (name: string): number => {
    const metric = metrics[name];
    return metric?.kind === 'counter' ? metric.value : 0;
  };
  const closed = closes.reduce((sum, { count }) => sum + count, 0);
  return [
    entry('connections opened', server.opened, counter('connections.opened')),
    entry('connections closed', server.closed, closed),
    entry('messages to the server', server.messagesIn, counter('messages.sent')),
    entry('messages from the server', server.messagesOut, counter('messages.received')),
    entry('pings to the server', server.pingsIn, counter('pings.sent')),
    entry('pongs from the server', server.pongsOut, counter('pongs.received')),
    entry('pings from the server', server.pingsOut, counter('pings.received')),
    ...byKey('closed with', server.closesByCode, countBy(closes, closeKey)),
    ...byKey('refused with HTTP', server.refused, countBy(failures, refusalKey)),
  ];
}

/** The names that the servers' ledgers use: a code, `empty` for a frame without one, `none` without a frame. */
function closeKey({ code, cause }: CloseCount): string {
  if (code !== null) return String(code);
  return cause === 'close-frame' ? 'empty' : 'none';
}

function refusalKey({ stage, cause }: FailureCount): string | null {
  return stage === 'upgrade' && cause.startsWith('http-') ? cause.slice('http-'.length) : null;
}

function countBy<Item extends { readonly count: number }>(
  items: readonly Item[],
  keyOf: (item: Item) => string | null,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const key = keyOf(item);
    if (key !== null) counts[key] = (counts[key] ?? 0) + item.count;
  }
  return counts;
}

function byKey(
  what: string,
  server: Readonly<Record<string, number>>,
  ours: Readonly<Record<string, number>>,
): BookEntry[] {
  const keys = [...new Set([...Object.keys(server), ...Object.keys(ours)])].sort();
  return keys.map((key) => entry(`${what} ${key}`, server[key] ?? 0, ours[key] ?? 0));
}

function entry(what: string, server: number, ours: number): BookEntry {
  return { what, server, ours, balanced: server === ours };
}
