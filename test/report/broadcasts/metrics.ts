/** What populations and phases of a run that publishes have measured. */
import { decodeHistogram } from '../../../src/metrics/histogram.js';
import { TotalHistogram } from '../../../src/result/totalHistogram.js';
import type { CounterMetric, HistogramMetric, Metrics, PhaseResult } from '../../../src/result/types.js';
import { metricOf } from '../samples.js';
import { type Message, RECEIPTS } from './messages.js';
import { type BroadcastShape, membersOf, sum } from './shape.js';

/** How many deliveries one sample of a population's receipts stands for. */
export function receiptWeight({ populations, rooms = 1 }: BroadcastShape, name: string): number {
  return Math.max(1, Math.round((populations[name]?.connections ?? 0) / rooms / RECEIPTS));
}

/** Of a population over the whole run. */
export function metricsOf(shape: BroadcastShape, name: string, messages: readonly Message[]): Metrics {
  const herd = shape.populations[name];
  return {
    ...ledgerOf(shape, name, messages.length),
    ...receiptsOf(shape, name, messages),
    ...(herd?.publishes === true ? publishedBy(shape, messages.length) : {}),
    ...(herd?.slow === true ? { 'reading.pauses': counter(messages.length) } : {}),
  };
}

/** Of a population in a phase in which these messages were published, and those others delivered. */
function metricsIn(
  shape: BroadcastShape,
  name: string,
  published: readonly Message[],
  delivered: readonly Message[],
): Metrics {
  return {
    ...without(AT_THE_END, metricsOf(shape, name, published)),
    ...receiptsOf(shape, name, delivered),
  };
}

const AT_THE_END = ['broadcast.expected', 'broadcast.lost', 'broadcast.missedWhileDisconnected'];

function without(names: readonly string[], metrics: Metrics): Metrics {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => !names.includes(name)));
}

function ledgerOf(shape: BroadcastShape, name: string, messages: number): Metrics {
  const { populations, rooms = 1 } = shape;
  const share = (shape.accounted ?? membersOf(shape)) / membersOf(shape);
  const expected = Math.round(((populations[name]?.connections ?? 0) / rooms) * share * messages);
  const part = (of: number | undefined) => Math.round(expected * (of ?? 0));
  const [lost, missed, duplicated] = [part(shape.lost), part(shape.missed), part(shape.duplicated)];
  const foreign = shape.foreign ?? 0;
  return {
    'broadcast.expected': counter(expected),
    'broadcast.received': counter(expected - lost - missed + duplicated),
    'broadcast.lost': counter(lost),
    'broadcast.missedWhileDisconnected': counter(missed),
    'broadcast.duplicated': counter(duplicated),
    'broadcast.outOfOrder': counter(part(shape.outOfOrder)),
    'broadcast.late': counter(0),
    'broadcast.foreign': counter(foreign),
    'broadcast.damaged': counter(Math.ceil(foreign / 2)),
    'broadcast.stray': counter(0),
  };
}

function receiptsOf(shape: BroadcastShape, name: string, messages: readonly Message[]): Metrics {
  const receipts = messages.flatMap(({ receiptsUs }) => receiptsUs[name] ?? []);
  return receipts.length === 0
    ? {}
    : { 'broadcast.delivery': metricOf(receipts, 0, receiptWeight(shape, name)) };
}

function publishedBy({ acknowledge }: BroadcastShape, messages: number): Metrics {
  const sent = { 'broadcast.planned': counter(messages), 'broadcast.published': counter(messages) };
  if (acknowledge === undefined) return sent;
  const { resent, queued, unacknowledged } = acknowledge;
  return {
    ...sent,
    'acknowledge.acknowledged': counter(messages - unacknowledged),
    'acknowledge.unacknowledged': counter(unacknowledged),
    'acknowledge.resent': counter(resent),
    'acknowledge.queued': counter(queued),
    'acknowledge.overflowed': counter(0),
    'acknowledge.receipts': counter(messages * 100),
    'acknowledge.response': metricOf(Array.from({ length: messages }, (_, i) => 900 + (i % 97) * 14)),
  };
}

/** One number for each message. */
export function fanOutOf(messages: readonly Message[]) {
  return {
    'broadcast.first': metricOf(messages.map(({ firstUs }) => firstUs)),
    'broadcast.median': metricOf(messages.map(({ medianUs }) => medianUs)),
    'broadcast.last': metricOf(messages.map(({ lastUs }) => lastUs)),
    'broadcast.sendLag': metricOf(messages.map(({ firstUs }) => Math.round(firstUs / 9))),
  };
}

/** Adds counters and histograms up. */
export function merged(all: readonly Metrics[]): Metrics {
  const names = [...new Set(all.flatMap((metrics) => Object.keys(metrics)))];
  return Object.fromEntries(
    names.map((name) => {
      const own = all.flatMap((metrics) => metrics[name] ?? []);
      const histograms = own.filter((metric) => metric.kind === 'histogram');
      if (histograms.length > 0) return [name, mergedHistogram(histograms)];
      return [name, counter(sum(own.map((metric) => (metric.kind === 'counter' ? metric.value : 0))))];
    }),
  );
}

function mergedHistogram(all: readonly HistogramMetric[]): HistogramMetric {
  const total = new TotalHistogram();
  for (const { encoded, censored } of all) total.add(decodeHistogram(encoded), censored);
  return total.toMetric('us');
}

function counter(value: number): CounterMetric {
  return { kind: 'counter', value };
}

/** A phase with what was published in it, and with the deliveries that came in time or, in the drain, after all. */
export function phaseWith(
  phase: PhaseResult,
  shape: BroadcastShape,
  messages: readonly Message[],
): PhaseResult {
  const inTime = Math.round(messages.length * (shape.inTime ?? 1));
  const isOwn = ({ second }: Message) => second * 1000 >= phase.startMs && second * 1000 < phase.endMs;
  const published = messages.filter(isOwn);
  const delivered = phase.kind === 'drain' ? messages.slice(inTime) : messages.slice(0, inTime).filter(isOwn);
  const populations = Object.fromEntries(
    Object.keys(shape.populations).map((name) => {
      const all = ledgerOf(shape, name, messages.length);
      const known = Object.fromEntries(AT_THE_END.map((key) => [key, all[key] ?? counter(0)]));
      const own = metricsIn(shape, name, published, delivered);
      return [name, phase.kind === 'drain' ? { ...own, ...known } : own];
    }),
  );
  const out = Math.round((membersOf(shape) / (shape.rooms ?? 1)) * delivered.length);
  const traffic = { 'messages.received': counter(out), 'bytes.received': counter(out * 210) };
  return {
    ...phase,
    metrics: {
      ...phase.metrics,
      ...merged(Object.values(populations)),
      ...(published.length === 0 ? {} : fanOutOf(published)),
      ...traffic,
    },
    populations,
  };
}
