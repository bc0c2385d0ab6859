import type { BroadcastResult } from '../../../result/broadcast.js';
import type { HistogramMetric, RunResult } from '../../../result/types.js';
import { audience, wasOrWere, windowWords } from '../../broadcastWords.js';
import { counter, histogram } from '../../headline.js';
import { count, counted, duration, percent } from '../../numbers.js';
import { logAxis } from '../axis.js';
import { type Bins, binsOf, middles, peaks, percentiles } from '../bins.js';
import type { Line, TimeChart, Tone } from '../chart.js';
import { RUN_FRAME } from '../frame.js';
import { heatChart } from '../heatChart.js';
import { type Curve, percentileCurves } from '../percentileCurve.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';

/** The same colour for the same thing on the chart over time and on the curve. */
const TONES = {
  first: 'context',
  median: 'service',
  last: 'server',
} as const satisfies Record<string, Tone>;

const MOMENTS = ['first', 'median', 'last'] as const;

/** When a message reached the first, half and the last of its room. */
export function fanOutSection(result: RunResult, broadcast: BroadcastResult): Section | null {
  const last = histogram(result.metrics, 'broadcast.last');
  if (last === null) return null;
  const overTime = momentsChart(result, broadcast);
  const heat = heatChart(result, 'broadcast.delivery', 'deliveries', 'deliveries');
  const curve = percentileCurves(curvesOf(result));
  return {
    id: 'fan-out',
    name: 'Fan-out',
    title: finding(result, broadcast, last),
    pictures: [
      ...(overTime === null ? [] : [overTime]),
      ...(heat === null ? [] : [heat]),
      ...(curve === null
        ? []
        : [{ title: 'How long the slowest took, of messages and deliveries', still: curve }]),
    ],
    reading: [
      'All times count from when a message was due to be published. First, median and last are one number for each message; deliveries are every receipt of it.',
      ...(heat === null ? [] : ['The stronger the colour of a cell, the more deliveries took that long.']),
      ...(curve === null ? [] : ['On the curve, each step to the right is ten times rarer.']),
      ...(broadcast.slowMembers === 0
        ? []
        : ['Members that read slowly on purpose are among the deliveries, but in none of the other three.']),
    ].join(' '),
    numbers: [latencyTable(result), messageTable(result, broadcast)],
  };
}

function finding({ metrics }: RunResult, broadcast: BroadcastResult, last: HistogramMetric): string {
  const known = MOMENTS.flatMap((moment) => {
    const p50 = histogram(metrics, `broadcast.${moment}`)?.p50 ?? null;
    const words = { first: 'its first member', median: 'half of them', last: 'the last' }[moment];
    return p50 === null ? [] : [`${words} after ${duration(p50)}`];
  });
  const slowest = `the slowest of ${count(last.count)} after ${duration(last.max ?? 0)}`;
  const rare = last.p99 === null ? slowest : `one in 100 after more than ${duration(last.p99)}`;
  const unfinished = unfinishedWords(broadcast);
  if (known.length < MOMENTS.length) return `A message reached its last member, ${slowest}${unfinished}`;
  return `A message reached ${known.join(', ')} (${rare})${unfinished}`;
}

/** Messages that somebody had to wait for too long to be told of, or for ever; empty without any. */
function unfinishedWords(broadcast: BroadcastResult): string {
  const { published, complete } = broadcast.messages;
  const left = published - complete;
  if (left === 0) return '';
  const within = `with ${audience(broadcast)} within ${windowWords(broadcast)}`;
  return left === published
    ? `; no message was ${within}`
    : `; ${count(left)} of ${counted(published, 'message')} ${wasOrWere(left)} not ${within}`;
}

/** Bins wide enough that most of them hold a message: a line of gaps is no line. */
function momentBins({ series }: RunResult, { perSecond }: BroadcastResult): Bins {
  const widest = binsOf(series, 400);
  const known = perSecond.messages.flatMap((n, i) => (n > 0 ? [i] : []));
  const span = (known.at(-1) ?? 0) - (known[0] ?? 0) + 1;
  const apart = known.length < 2 ? 1 : Math.ceil(span / known.length);
  return binsOf(series, Math.max(1, Math.ceil(series.open.length / Math.max(widest.size, apart))));
}

const SECONDS = { first: 'firstP50Us', median: 'medianP50Us', last: 'lastP50Us' } as const;

/** Of all messages of a bin; where it has a single one, that is its median. */
function mediansOf(
  { series }: RunResult,
  { perSecond }: BroadcastResult,
  moment: (typeof MOMENTS)[number],
  bins: Bins,
): Array<number | null> | null {
  const counted = series.histograms[`broadcast.${moment}`];
  if (counted === undefined) return null;
  const single = peaks(perSecond[SECONDS[moment]], bins);
  return percentiles(counted, 0.5, bins).map((us, i) => us ?? single[i] ?? null);
}

function momentsChart(result: RunResult, broadcast: BroadcastResult): TimeChart | null {
  const bins = momentBins(result, broadcast);
  const lines = MOMENTS.flatMap((moment): Line[] => {
    const values = mediansOf(result, broadcast, moment, bins);
    return values === null ? [] : [{ name: moment, tone: TONES[moment], style: 'solid', values }];
  });
  const slowest = peaks(broadcast.perSecond.lastMaxUs, bins);
  const known = [...lines.flatMap(({ values }) => values), ...slowest].flatMap((us) =>
    us === null ? [] : [Math.max(1, us)],
  );
  if (known.length === 0) return null;
  const least = known.reduce((a, b) => Math.min(a, b));
  const most = known.reduce((a, b) => Math.max(a, b));
  return {
    id: 'fan-out',
    frame: RUN_FRAME,
    title: 'When the first, half and the last of a room had a message (medians)',
    alt: `First, median and last over time; the slowest message took ${duration(most)} to its last member.`,
    height: 208,
    axis: logAxis(least * 0.7, most * 1.4, 'us'),
    atMs: middles(bins),
    form: 'line',
    lines: [{ name: 'slowest', tone: 'server', style: 'dashed', values: slowest }, ...lines.reverse()],
    heat: null,
    notes: [],
    names: false,
  };
}

function curvesOf({ metrics }: RunResult): Curve[] {
  const named = [
    ...MOMENTS.map((moment) => ({ name: `broadcast.${moment}`, label: moment, tone: TONES[moment] })),
    { name: 'broadcast.delivery', label: 'deliveries', tone: 'ink' as const },
  ];
  return named.flatMap(({ name, label, tone }): Curve[] => {
    const metric = histogram(metrics, name);
    return metric === null ? [] : [{ label, tone, metric }];
  });
}

const TIMES = [
  ['broadcast.first', 'first member'],
  ['broadcast.median', 'half of the members'],
  ['broadcast.last', 'last member'],
  ['broadcast.delivery', 'each delivery'],
  ['broadcast.service', 'each delivery, from when it was sent'],
  ['broadcast.sendLag', 'send lag of the generator'],
] as const;

function latencyTable({ metrics }: RunResult): Table {
  const figure = (us: number | null) => (us === null ? '–' : duration(us));
  return {
    caption: null,
    columns: [
      ...columns('name', 'until'),
      ...columns('number', 'samples', 'min', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'max'),
    ],
    rows: TIMES.flatMap(([name, words]) => {
      const m = histogram(metrics, name);
      if (m === null) return [];
      return [[words, count(m.count), ...[m.min, m.mean, m.p50, m.p90, m.p99, m.p999, m.max].map(figure)]];
    }),
  };
}

function messageTable({ metrics }: RunResult, broadcast: BroadcastResult): Table {
  const { messages, medianResolution } = broadcast;
  const of = (name: string) => counter(metrics, `broadcast.${name}`) ?? 0;
  const within = windowWords(broadcast);
  const rows: Array<readonly [string, number]> = [
    ['due', of('planned')],
    ['published', messages.published],
    ['not published: too much unsent or unacknowledged', of('skipped')],
    ['not published: their publisher was disconnected', of('unsentWhileDisconnected')],
    [`with every member of their room within ${within}`, messages.complete],
    [`not with all of them within ${within}`, messages.incomplete],
    ['with none of them', messages.unheard],
  ];
  return {
    caption: `Messages; their median is exact to ${percent(medianResolution * 100)}`,
    columns: [...columns('name', 'messages'), ...columns('number', 'count')],
    rows: rows.map(([what, n]) => [what, count(n)]),
  };
}
