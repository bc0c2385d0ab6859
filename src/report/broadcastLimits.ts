/** What a threshold on delivery saw, in words. */
import type { RunResult } from '../result/types.js';
import { deliveriesOf } from './broadcast.js';
import { portion } from './broadcastWords.js';
import { counter } from './headline.js';
import type { Limit } from './limits.js';
import { countInWords } from './numbers.js';

/** Who and what they did, between which a population is named where there is one. */
const LATENCIES: Readonly<Record<string, readonly [string, string]>> = {
  'broadcast.first': ['the first member', 'had a message'],
  'broadcast.median': ['half of the members', 'had a message'],
  'broadcast.last': ['the last member', 'had a message'],
  'broadcast.delivery': ['deliveries', 'came'],
  'acknowledge.response': ['messages', 'were acknowledged'],
};

/** What goes after `12 of 1,200 deliveries` or `1.2 % of the deliveries`. */
const DELIVERIES: Readonly<Record<string, string>> = {
  'broadcast.lost': 'were lost',
  'broadcast.duplicated': 'came twice',
  'broadcast.outOfOrder': 'came out of order',
  'broadcast.late': 'came too late to be told from duplicates',
  'broadcast.missedWhileDisconnected': 'fell into disconnections',
};

const MESSAGES: Readonly<Record<string, string>> = {
  'broadcast.foreign': 'messages received were foreign',
  'broadcast.damaged': 'messages received were damaged',
  'broadcast.stray': 'messages went astray',
  'broadcast.skipped': 'messages were not published',
  'broadcast.incomplete': 'messages did not reach everybody within 10 s',
  'acknowledge.unacknowledged': 'messages were never acknowledged',
  'acknowledge.resent': 'messages were sent again',
  'acknowledge.overflowed': 'messages found the queue full',
};

/** As a clause; null for any other threshold. */
export function seenDelivery(result: RunResult, limit: Limit, observed: string): string | null {
  const { name, population, statistic } = limit;
  const latency = LATENCIES[name];
  if (latency !== undefined) {
    const [who, did] = latency;
    const whose = name === 'acknowledge.response' ? 'of' : 'to';
    const own = population === null ? '' : ` ${whose} ${population}`;
    return `${who}${own} ${did} after ${observed}${statistic === null ? '' : ` (${statistic})`}`;
  }
  const messages = MESSAGES[name];
  if (messages !== undefined)
    return `${observed} ${messages}${population === null ? '' : ` (${population})`}`;
  const [counted = '', whole] = name.split(/\s*\/\s+/);
  const happened = DELIVERIES[counted];
  if (happened === undefined) return null;
  const to = population === null ? '' : ` to ${population}`;
  const many = whole === undefined ? manyOf(result, limit, observed) : `${observed} of the deliveries`;
  return `${many}${to} ${observed === '1' ? happened.replace(/^were/, 'was') : happened}`;
}

/** `0.9 % of 1,000,000 deliveries`, or the number where it is of a phase: what was owed in it is not known. */
function manyOf(
  { metrics, populations }: RunResult,
  { name, population, phase }: Limit,
  observed: string,
): string {
  const own = population === null ? metrics : (populations[population]?.metrics ?? {});
  const { expected } = deliveriesOf(own);
  const many = phase === null ? counter(own, name) : null;
  return many === null
    ? `${observed} deliveries`
    : `${portion(many, expected)} of ${countInWords(expected)} deliveries`;
}
