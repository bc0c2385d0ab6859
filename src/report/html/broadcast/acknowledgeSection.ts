import type { RunResult } from '../../../result/types.js';
import { type Acknowledgements, acknowledgementsOf, deliveriesOf } from '../../broadcast.js';
import { portion, promisesOf, wasOrWere } from '../../broadcastWords.js';
import { histogram, tailWords } from '../../headline.js';
import { count, countInWords } from '../../numbers.js';
import { outOf } from '../../words.js';
import { heatChart } from '../heatChart.js';
import { html, type Markup } from '../markup.js';
import type { Picture, Section } from '../section.js';
import { columns, type Table, table } from '../table.js';

/** Whether acknowledging and sending again kept what they promise. */
export function acknowledgeSection(result: RunResult): Section | null {
  const found = acknowledgementsOf(result);
  if (found === null) return null;
  const heat = heatChart(result, 'acknowledge.response', 'acknowledgements', 'acknowledgements');
  return {
    id: 'acknowledgements',
    name: 'Acknowledged',
    title: `${finding(result, found)}; ${kept(result)}`,
    pictures: [promises(result), ...(heat === null ? [] : [heat])],
    reading:
      'An acknowledgement says that the server has a message, not that anybody else does: the promises are judged by what members received. What came twice can be told by its id and dropped by the application; what never came cannot be helped.',
    numbers: [countsTable(result, found)],
  };
}

function finding(
  { metrics }: RunResult,
  { published, acknowledged, unacknowledged, resent }: Acknowledgements,
): string {
  const response = histogram(metrics, 'acknowledge.response');
  const within = response === null ? null : tailWords(response);
  if (acknowledged + unacknowledged === 0) return 'Members acknowledged what they received';
  const who = unacknowledged === 0 ? `All ${countInWords(acknowledged)}` : outOf(acknowledged, published);
  const fast = within === null ? '' : ` within ${within}`;
  const again =
    resent === 0 ? ', none had to be sent again' : `, ${count(resent)} ${wasOrWere(resent)} sent again`;
  return `${who} messages were acknowledged${fast}${again}`;
}

/** The strongest promise that the ledger bears out. */
function kept(result: RunResult): string {
  const { nothingLost, nothingTwice, secondCopiesKnown } = promisesOf(result);
  if (!nothingLost)
    return nothingTwice ? 'each arrived at most once' : 'some never arrived and some came twice';
  if (nothingTwice) return 'each arrived exactly once';
  return secondCopiesKnown ? 'each reached the application exactly once' : 'each arrived at least once';
}

function promises(result: RunResult): Picture {
  const { nothingLost, nothingTwice, secondCopiesKnown, inOrder } = promisesOf(result);
  const { expected, lost, missed, duplicated, late, outOfOrder, received } = deliveriesOf(result.metrics);
  const some = (part: number, whole: number, words: string) =>
    `${part === 0 ? 'none' : portion(part, whole)} of ${countInWords(whole)} ${words}`;
  const came =
    lost + missed === 0
      ? `each of ${countInWords(expected)} came`
      : some(lost + missed, expected, 'never came');
  const rows: Array<readonly [string, boolean, string]> = [
    ['at least once', nothingLost, came],
    [
      'exactly once, on the wire',
      nothingLost && nothingTwice,
      some(duplicated + late, expected, 'came again'),
    ],
    [
      'exactly once, to an application that drops what it has',
      nothingLost && secondCopiesKnown,
      some(late, received, 'came too late to be told from a first one'),
    ],
    ['in order', inOrder, some(outOfOrder + late, received, 'came after a later one of their publisher')],
  ];
  return {
    title: null,
    still: table({
      caption: null,
      columns: [...columns('name', 'promise', 'over all deliveries'), ...columns('words', 'because')],
      rows: rows.map(([promise, holds, because]) => [promise, sign(holds), because]),
    }),
  };
}

function sign(holds: boolean): Markup {
  return holds ? html`<span class="well">✓ kept</span>` : html`<strong class="bad">✕ not kept</strong>`;
}

function countsTable({ metrics, target }: RunResult, found: Acknowledgements): Table {
  const server = target.counts?.delivery;
  const missed = metrics['broadcast.missedWhileDisconnected'];
  const rows: Array<readonly [string, number]> = [
    ['messages published', found.published],
    ['acknowledged by the server', found.acknowledged],
    ['never acknowledged', found.unacknowledged],
    ['sent again by their publisher', found.resent],
    ['waited for their publisher to be connected', found.queued],
    ['found the queue of their publisher full', found.overflowed],
    ['receipts acknowledged by members', found.receipts],
    ['missed while their member was disconnected', missed?.kind === 'counter' ? missed.value : 0],
    ...(server === undefined
      ? []
      : ([
          ['sent again to members, by the server', server.resent],
          ['repeated by their publisher, and not passed on again by the server', server.repeated],
        ] as const)),
  ];
  return {
    caption: null,
    columns: [...columns('name', 'messages'), ...columns('number', 'count')],
    rows: rows.map(([what, n]) => [what, count(n)]),
  };
}
