/** What was published and who got it, for a terminal: a short block. */
import type { BroadcastResult } from '../result/broadcast.js';
import { publishingOf } from '../result/publishing.js';
import type { RunResult } from '../result/types.js';
import { acknowledgementsOf, deliveriesOf, type Readers, slowAndOthers } from './broadcast.js';
import { deliverySentence, roomWords } from './broadcastWords.js';
import { histogram, tailWords } from './headline.js';
import { type Line, latencyFigures, plain, row } from './lines.js';
import { bytes, count, counted, factor, rate } from './numbers.js';

const MOMENTS = [
  ['first', 'broadcast.first'],
  ['median', 'broadcast.median'],
  ['last', 'broadcast.last'],
] as const;

/** Nothing when nobody publishes. */
export function broadcast(result: RunResult): Line[] {
  const { broadcast: found, metrics } = result;
  if (found === null) return [];
  const title = `${counted(found.messages.published, 'message')} to ${counted(found.members, 'member')} ${roomWords(found)}`;
  return [
    plain(title + inOut(result, found), 'strong', 0),
    row('deliveries', deliverySentence(deliveriesOf(metrics), found)),
    ...MOMENTS.flatMap(([label, name]) => {
      const metric = histogram(metrics, name);
      return metric === null ? [] : [row(label, latencyFigures(metric))];
    }),
    ...slow(result),
    ...acknowledged(result),
  ];
}

/** `, 20/s in, 40,000/s out (2,000 for each)`; empty where nothing went in. */
function inOut(result: RunResult, { amplification }: BroadcastResult): string {
  const { published, delivered, seconds } = publishingOf(result);
  if (published === 0 || seconds === 0) return '';
  const each = amplification === null ? '' : ` (${factor(amplification)} for each)`;
  return `, ${rate(published / seconds)} in, ${rate(delivered / seconds)} out${each}`;
}

function slow(result: RunResult): Line[] {
  const readers = slowAndOthers(result);
  if (readers === null) return [];
  const had = ({ delivery }: Readers) =>
    delivery === null ? 'had nothing' : `within ${tailWords(delivery)}`;
  const rss = publishingOf(result).targetRss;
  const grown = rss === null ? '' : `, the server grew by ${bytes(rss.mostBytes - rss.firstBytes)}`;
  return [
    row(
      'slow readers',
      `${count(readers.slow.members)} ${had(readers.slow)}, ${count(readers.others.members)} others ${had(readers.others)}${grown}`,
    ),
  ];
}

function acknowledged(result: RunResult): Line[] {
  const found = acknowledgementsOf(result);
  if (found === null) return [];
  const { acknowledged: known, unacknowledged, resent, queued } = found;
  const never = unacknowledged === 0 ? '' : `, ${count(unacknowledged)} never`;
  return [
    row('acknowledged', `${count(known)}${never}; ${count(resent)} sent again, ${count(queued)} queued`),
  ];
}
