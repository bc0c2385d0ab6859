import { isAbnormal } from '../../../result/endings.js';
import { publishingOf, publishingPhases } from '../../../result/publishing.js';
import type { HistogramMetric, Metrics, RunResult } from '../../../result/types.js';
import { mergedDelivery, type Readers, type SlowAndOthers, slowAndOthers } from '../../broadcast.js';
import { portion } from '../../broadcastWords.js';
import { tail } from '../../headline.js';
import { bytes, count, counted, countInWords, duration } from '../../numbers.js';
import { binsOf } from '../bins.js';
import type { Content } from '../markup.js';
import { processBins } from '../processes.js';
import { rangeBar, rangeBarAxis } from '../rangeBar.js';
import type { Picture, Section } from '../section.js';
import { greatest, small } from '../smallChart.js';
import { columns, type Table, table } from '../table.js';

/** What members that read slowly did to the others and to the server's memory. */
export function slowReadersSection(result: RunResult): Section | null {
  const readers = slowAndOthers(result);
  if (readers === null) return null;
  const bins = binsOf(result.series, 400);
  const rss = processBins(result.target.processes, bins).rssBytes;
  const memory = { name: 'resident', tone: 'server', style: 'area', values: rss } as const;
  return {
    id: 'slow-readers',
    name: 'Slow readers',
    title: finding(result, readers),
    pictures: [
      comparison(result, readers),
      ...(greatest(rss) === 0
        ? []
        : [small('slow-rss', 'Resident memory of the server', 'bytes', [memory], bins)]),
    ],
    reading: [
      'What a member does not read waits: first in the buffers of both kernels, then in the memory of the server, unless it drops the messages or the member.',
      ...memoryWords(result),
    ].join(' '),
    numbers: phaseTable(result, readers),
  };
}

function finding(result: RunResult, { slow, others, othersBefore }: SlowAndOthers): string {
  const late = slow.delivery === null ? null : tail(slow.delivery);
  const quick = others.delivery === null ? null : tail(others.delivery);
  const behind =
    late === null ? 'had no message at all' : `had messages only within ${duration(late.us)} (${late.label})`;
  const beside =
    quick === null
      ? 'the others had none either'
      : `the ${count(others.members)} others within ${duration(quick.us)}`;
  const before = othersBefore === null ? null : tail(othersBefore);
  const earlier = before === null ? '' : `, ${duration(before.us)} before`;
  return `${counted(slow.members, 'slow reader')} ${behind}, ${beside}${earlier}; ${lossesOf(slow, others)}${cutOff(result, slow)}`;
}

function lossesOf(slow: Readers, others: Readers): string {
  const lost = ({ deliveries: { lost, expected } }: Readers) =>
    lost === 0 ? 'none' : `${portion(lost, expected)} of ${countInWords(expected)}`;
  if (slow.deliveries.lost + others.deliveries.lost === 0) return 'neither lost any';
  return `the slow lost ${lost(slow)}, the others ${lost(others)}`;
}

function cutOff(result: RunResult, slow: Readers): string {
  const ended = abnormalEnds(result, slow.populations);
  return ended === 0 ? '' : `; ${counted(ended, 'connection')} of the slow ended abnormally`;
}

function abnormalEnds({ closes }: RunResult, populations: readonly string[]): number {
  return closes.reduce(
    (sum, close) => sum + (populations.includes(close.population) && isAbnormal(close) ? close.count : 0),
    0,
  );
}

function memoryWords(result: RunResult): string[] {
  const { targetRss } = publishingOf(result);
  if (targetRss === null) return [];
  const { firstBytes, mostBytes } = targetRss;
  return [
    `The server held ${bytes(firstBytes)} when publishing began and ${bytes(mostBytes)} at most, ${bytes(mostBytes - firstBytes)} more.`,
  ];
}

interface Row {
  readonly who: string;
  readonly delivery: HistogramMetric | null;
}

function timesOf(rows: readonly Row[]): (row: Row) => Content[] {
  const axis = rangeBarAxis(
    rows.flatMap(({ delivery }) => (delivery === null ? [] : [delivery.p50, delivery.p99, delivery.max])),
  );
  const figure = (us: number | null | undefined) => (us === null || us === undefined ? '–' : duration(us));
  return ({ delivery: m }) => [
    m === null ? null : rangeBar(m.p50 ?? m.min, m.p99 ?? m.max, axis),
    figure(m?.p50),
    figure(m?.p99),
    figure(m?.max),
  ];
}

function comparison(result: RunResult, { slow, others, othersBefore }: SlowAndOthers): Picture {
  const named = [
    { who: 'read slowly', delivery: slow.delivery, readers: slow },
    { who: 'the others', delivery: others.delivery, readers: others },
  ];
  const before = { who: 'the others, before', delivery: othersBefore };
  const times = timesOf([...named, before]);
  const rows: Content[][] = named.map(({ who, delivery, readers: { members, populations, deliveries } }) => [
    who,
    count(members),
    ...times({ who, delivery }),
    count(deliveries.expected),
    count(deliveries.lost),
    count(deliveries.missed),
    count(abnormalEnds(result, populations)),
  ]);
  return {
    title: 'How long deliveries took, and what became of them',
    still: table({
      caption: null,
      columns: [
        ...columns('name', 'members that'),
        ...columns('number', 'members'),
        ...columns('bar', 'p50 to p99'),
        ...columns('number', 'p50', 'p99', 'max', 'owed', 'lost', 'missed', 'cut off'),
      ],
      rows: othersBefore === null ? rows : [...rows, [before.who, '', ...times(before), '', '', '', '']],
    }),
  };
}

/** The others phase by phase: whether they got slower while the queues of the slow grew. */
function phaseTable(result: RunResult, { slow, others }: SlowAndOthers): Table[] {
  const phases = publishingPhases(result);
  const of = (populations: Readonly<Record<string, Metrics>>, readers: Readers) =>
    mergedDelivery(readers.populations.map((name) => populations[name] ?? {}));
  const rows = phases.flatMap(({ name, populations }) => [
    { phase: name, who: 'the others', delivery: of(populations, others) },
    { phase: name, who: 'read slowly', delivery: of(populations, slow) },
  ]);
  if (rows.every(({ delivery }) => delivery === null)) return [];
  const times = timesOf(rows);
  return [
    {
      caption: null,
      columns: [
        ...columns('name', 'phase', 'members that'),
        ...columns('bar', 'p50 to p99'),
        ...columns('number', 'p50', 'p99', 'max'),
      ],
      rows: rows.map((row) => [row.phase, row.who, ...times(row)]),
    },
  ];
}
