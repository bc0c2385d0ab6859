import { type BroadcastResult, isSampled } from '../../../result/broadcast.js';
import type { DeliveryCounts } from '../../../result/targetRecord.js';
import type { RunResult } from '../../../result/types.js';
import { addsUp, type Deliveries, deliveriesOf, isSlow, receivedOnce, receivers } from '../../broadcast.js';
import { deliverySentence } from '../../broadcastWords.js';
import { bytes, capitalized, count, countInWords, share } from '../../numbers.js';
import { outOf } from '../../words.js';
import { type Content, html } from '../markup.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';

/** Did everybody get it, once, in order? */
export function deliverySection(result: RunResult, broadcast: BroadcastResult): Section {
  const deliveries = deliveriesOf(result.metrics);
  const counts = result.target.counts?.delivery;
  return {
    id: 'delivery',
    name: 'Delivery',
    title: deliverySentence(deliveries, broadcast),
    pictures: [],
    reading: reading(deliveries, broadcast),
    numbers: [ledgerTable(result), ...(counts === undefined ? [] : serverTable(counts))],
  };
}

function reading(deliveries: Deliveries, broadcast: BroadcastResult): string {
  return [
    ...(deliveries.expected === 0 ? [] : [sumWords(deliveries)]),
    ...ownCopyWords(broadcast),
    ...ledgerWords(broadcast),
    ...foreignWords(deliveries),
  ].join(' ');
}

function sumWords(deliveries: Deliveries): string {
  const { expected, lost, missed } = deliveries;
  const sum = `${count(receivedOnce(deliveries))} + ${count(lost)} + ${count(missed)}`;
  if (addsUp(deliveries)) {
    return `Owed is what was received once, lost and missed while disconnected: ${count(expected)} = ${sum}. What came twice or too late is in received on top of it.`;
  }
  return `What was received once, lost and missed while disconnected does not add up to what was owed: ${sum} against ${count(expected)}. Part of the record is missing.`;
}

function ownCopyWords({ ownCopies, publishers, publishingMembers, members }: BroadcastResult): string[] {
  if (ownCopies === null) return [];
  const who =
    publishingMembers === members
      ? 'Every member publishes'
      : `${outOf(publishingMembers, publishers)} publishers are members themselves`;
  const owed = ownCopies
    ? 'the server sends them their own messages, which count as owed'
    : 'the server does not send them their own messages, which are not owed';
  return [`${capitalized(who)}; ${owed}.`];
}

function ledgerWords(broadcast: BroadcastResult): string[] {
  const { ledger, members } = broadcast;
  const { accounted, pairs, bytesPerPair, budgetBytes, reorderWindow } = ledger;
  if (!isSampled(broadcast)) {
    return [
      `Each of ${countInWords(pairs)} pairs of a publisher and a member is accounted for by itself; ${count(reorderWindow)} messages of one publisher may overtake each other and still be told from duplicates.`,
    ];
  }
  return [
    `The ledger is a random sample of ${count(accounted)} of ${count(members)} members (${share(accounted / Math.max(1, members))}), because all pairs of a publisher and a member at ${count(bytesPerPair)} bytes each would take more than ${bytes(budgetBytes)}; latencies are of all members.`,
  ];
}

function foreignWords({ foreign, damaged, stray }: Deliveries): string[] {
  if (foreign === 0) return [];
  const kinds = [
    ...(damaged === 0 ? [] : [`${count(damaged)} with the remains of a marker`]),
    ...(stray === 0 ? [] : [`${count(stray)} of a room that their receiver is not in, or its own`]),
  ];
  const among = kinds.length === 0 ? '' : `, among them ${kinds.join(' and ')}`;
  return [`Foreign are messages without a marker of this run, or not meant for their receiver${among}.`];
}

const LEDGER = [
  ['owed', ({ expected }) => expected],
  ['received', ({ received }) => received],
  ['lost', ({ lost }) => lost],
  ['came twice', ({ duplicated }) => duplicated],
  ['out of order', ({ outOfOrder }) => outOfOrder],
  ['late', ({ late }) => late],
  ['missed while disconnected', ({ missed }) => missed],
  ['foreign', ({ foreign }) => foreign],
] as const satisfies ReadonlyArray<readonly [string, (deliveries: Deliveries) => number]>;

/** Columns in which a number above zero is trouble. */
const FIRST_TROUBLE = 2;

function ledgerTable(result: RunResult): Table {
  const own = receivers(result);
  const rows = own.map(([name, { metrics }]) => ledgerRow(name, isSlow(result, name), deliveriesOf(metrics)));
  const all = ledgerRow('in all', false, deliveriesOf(result.metrics));
  return {
    caption: null,
    columns: [...columns('name', 'members'), ...columns('number', ...LEDGER.map(([name]) => name))],
    rows: own.length === 1 ? rows : [...rows, all],
  };
}

function ledgerRow(name: string, slow: boolean, deliveries: Deliveries): Content[] {
  return [
    slow ? html`${name} <span class="well">(read slowly)</span>` : name,
    ...LEDGER.map(([, value], i) => {
      const n = value(deliveries);
      return i >= FIRST_TROUBLE && n > 0 ? html`<strong>${count(n)}</strong>` : count(n);
    }),
  ];
}

const SERVER = [
  ['messages accepted for a room', 'published'],
  ['copies sent to members', 'delivered'],
  ['copies not sent, as asked for', 'lost'],
  ['copies not sent because their receiver was too slow', 'droppedSlow'],
  ['second copies, as asked for', 'duplicated'],
  ['copies held back until the next one had gone, as asked for', 'reordered'],
  ['copies cut short, as asked for', 'truncated'],
  ['copies with a byte changed, as asked for', 'corrupted'],
  ['copies sent again because no acknowledgement had come', 'resent'],
  ['messages refused: invalid or above the rate limit', 'rejected'],
  ['messages accepted before, and not passed on again', 'repeated'],
] as const satisfies ReadonlyArray<readonly [string, keyof DeliveryCounts]>;

/** What the server says that it did with them; its zeros are left out, but for those of the first two. */
function serverTable(counts: DeliveryCounts): Table[] {
  return [
    {
      caption: "The server's own ledger",
      columns: [...columns('name', 'what'), ...columns('number', 'server')],
      rows: SERVER.filter(([, key], i) => i < 2 || counts[key] > 0).map(([words, key]) => [
        words,
        count(counts[key]),
      ]),
    },
  ];
}
