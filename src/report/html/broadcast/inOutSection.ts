import type { BroadcastResult } from '../../../result/broadcast.js';
import { type Publishing, publishingOf } from '../../../result/publishing.js';
import type { RunResult } from '../../../result/types.js';
import { counter, histogram } from '../../headline.js';
import { bytes, count, duration, factor, percent, rate } from '../../numbers.js';
import { type Axis, logAxis } from '../axis.js';
import { binsOf, middles, rates } from '../bins.js';
import type { TimeChart } from '../chart.js';
import { RUN_FRAME } from '../frame.js';
import type { Picture, Section } from '../section.js';
import { greatest } from '../smallChart.js';
import { bar } from '../svg.js';
import { columns, type Table, table } from '../table.js';

/** What goes in, what comes out, and what twice as many members would make of it. */
export function inOutSection(result: RunResult, broadcast: BroadcastResult): Section | null {
  const publishing = publishingOf(result);
  if (publishing.published === 0 || publishing.seconds === 0) return null;
  return {
    id: 'traffic',
    name: 'In and out',
    title: finding(publishing, broadcast),
    pictures: [...flowCharts(result), ...growthPicture(publishing, broadcast)],
    reading: growthWords(publishing, broadcast),
    numbers: [totals(result)],
  };
}

function finding(
  { published, delivered, seconds, bytesReceived }: Publishing,
  { amplification }: BroadcastResult,
): string {
  const weight = `${bytes(bytesReceived / seconds)}/s`;
  const rates = `${rate(published / seconds)} became ${rate(delivered / seconds)}, ${weight}`;
  return amplification === null
    ? `Of messages published, ${rates} deliveries`
    : `One message in, ${factor(amplification)} out: ${rates}`;
}

interface Flow {
  readonly id: string;
  readonly title: string;
  readonly ins: readonly number[];
  readonly outs: readonly number[];
  readonly axis: (least: number, most: number) => Axis;
  readonly words: (perSecond: number) => string;
}

function flowCharts(result: RunResult): TimeChart[] {
  const { messagesReceived, messagesSent, bytesReceived, bytesSent } = result.series;
  const messages: Flow = {
    id: 'messages',
    title: 'Messages per second into the server and out of it',
    ins: messagesSent,
    outs: messagesReceived,
    axis: (least, most) => logAxis(least * 0.7, most * 1.4, 'perSecond'),
    words: rate,
  };
  const weight: Flow = {
    id: 'bytes',
    title: 'The same in bytes per second',
    ins: bytesSent,
    outs: bytesReceived,
    axis: byteAxis,
    words: (perSecond) => `${bytes(perSecond)}/s`,
  };
  return [...flowChart(result, messages), ...flowChart(result, weight)];
}

/** On a log axis, or what goes in could not be seen beside what comes out; there nothing has no place. */
function flowChart({ series }: RunResult, { id, title, ins, outs, axis, words }: Flow): TimeChart[] {
  const bins = binsOf(series, 400);
  const flow = (values: readonly number[]) => rates(values, bins, series.intervalMs);
  const [inRates, outRates] = [flow(ins), flow(outs)];
  const known = [...inRates, ...outRates].filter((perSecond) => perSecond > 0);
  if (known.length === 0) return [];
  const shown = (values: readonly number[]) =>
    values.map((perSecond) => (perSecond === 0 ? null : perSecond));
  return [
    {
      id,
      frame: RUN_FRAME,
      title,
      alt: `${title}: at most ${words(greatest(inRates))} in and ${words(greatest(outRates))} out.`,
      height: 120,
      axis: axis(
        known.reduce((a, b) => Math.min(a, b)),
        greatest(known),
      ),
      atMs: middles(bins),
      form: 'line',
      lines: [
        { name: 'in', tone: 'context', style: 'dashed', values: shown(inRates) },
        { name: 'out', tone: 'server', style: 'solid', values: shown(outRates) },
      ],
      heat: null,
      notes: [],
      names: false,
    },
  ];
}

/** Ticks at powers of 32: 1 KiB, 32 KiB, 1 MiB. */
const BYTE_STEP = 32;

function byteAxis(least: number, most: number): Axis {
  const first = Math.floor(Math.log(least) / Math.log(BYTE_STEP));
  const last = Math.ceil(Math.log(Math.max(most, least * 2)) / Math.log(BYTE_STEP));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => BYTE_STEP ** (first + i));
  return { min: BYTE_STEP ** first, max: BYTE_STEP ** last, log: true, ticks, unit: 'bytes' };
}

/** Herds to look at, as multiples of this one. */
const SIZES = [0.5, 1, 2, 4];

/** Whether who is a member may publish too: then more members are more messages. */
function talks({ publishingMembers }: BroadcastResult): boolean {
  return publishingMembers > 0;
}

function growthWords(publishing: Publishing, broadcast: BroadcastResult): string {
  const { delivered, seconds, targetCpuPercent } = publishing;
  const now = delivered / seconds;
  const load =
    targetCpuPercent === null
      ? ''
      : ` At the cost of this run, ${duration((targetCpuPercent * 1e4 * seconds) / Math.max(1, delivered))} of the server's processor time a delivery, that is ${percent(targetCpuPercent * (talks(broadcast) ? 4 : 2))} of a core instead of ${percent(targetCpuPercent)}.`;
  if (!talks(broadcast)) {
    return `Publishers are no members, so deliveries grow in step with the members: twice as many would be twice as many deliveries, ${rate(2 * now)}.${load}`;
  }
  const rooms =
    broadcast.rooms.count > 1 ? ' (in as many rooms; in twice as many it would be only double)' : '';
  return `Those who publish are members themselves, so deliveries grow with the square of the members: twice as many, publishers among them, would be four times as many deliveries, ${rate(4 * now)}${rooms}.${load}`;
}

/** A projection by the law of the growth, not a measurement. */
function growthPicture(
  { published, delivered, seconds, bytesReceived, targetCpuPercent }: Publishing,
  broadcast: BroadcastResult,
): Picture[] {
  if (delivered === 0) return [];
  const most = growthOf(SIZES.at(-1) ?? 1, broadcast);
  const rows = SIZES.map((times) => {
    const grown = growthOf(times, broadcast);
    const deliveries = (delivered / seconds) * grown;
    return [
      times === 1
        ? `${count(broadcast.members)}, as in this run`
        : count(Math.round(broadcast.members * times)),
      bar([{ share: grown / most, tone: times === 1 ? 'server' : 'context' }]),
      rate((published / seconds) * (talks(broadcast) ? times : 1)),
      rate(deliveries),
      `${bytes((bytesReceived / seconds) * grown)}/s`,
      ...(targetCpuPercent === null ? [] : [percent(targetCpuPercent * grown)]),
    ];
  });
  return [
    {
      title:
        'What more members would make of it, at the same rate of each (a projection, but for the row of this run)',
      still: table({
        caption: null,
        columns: [
          ...columns('name', 'members'),
          ...columns('bar', ''),
          ...columns('number', 'messages in', 'deliveries', 'bytes out'),
          ...(targetCpuPercent === null ? [] : columns('number', 'of one core')),
        ],
        rows,
      }),
    },
  ];
}

/** How many times the deliveries when there are `times` the members. */
function growthOf(times: number, broadcast: BroadcastResult): number {
  return talks(broadcast) ? times ** 2 : times;
}

function totals({ metrics }: RunResult): Table {
  const of = (name: string) => counter(metrics, name) ?? 0;
  const delivered = histogram(metrics, 'broadcast.delivery')?.count ?? 0;
  return {
    caption: null,
    columns: [...columns('name', 'what'), ...columns('number', 'into the server', 'out of it')],
    rows: [
      ['messages of any kind', count(of('messages.sent')), count(of('messages.received'))],
      ['of these, published and delivered', count(of('broadcast.published')), count(delivered)],
      ['frame bytes', bytes(of('bytes.sent')), bytes(of('bytes.received'))],
    ],
  };
}
