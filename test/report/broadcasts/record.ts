/** What a run that publishes leaves in the record beside its metrics. */
import type { BroadcastResult, FanOutSeries } from '../../../src/result/broadcast.js';
import type { RunResult } from '../../../src/result/types.js';
import { seriesOf } from '../samples.js';
import type { Message } from './messages.js';
import { receiptWeight } from './metrics.js';
import { type BroadcastShape, membersOf, sum } from './shape.js';

export function broadcastOf(
  shape: BroadcastShape,
  messages: readonly Message[],
  seconds: number,
): BroadcastResult {
  const herds = Object.values(shape.populations);
  const members = membersOf(shape);
  const publishers = sum(herds.map((herd) => (herd.publishes ? herd.connections : 0)));
  const { rooms = 1, accounted = members, lost = 0, missed = 0 } = shape;
  const published = messages.length;
  const incomplete = Math.min(published, Math.ceil((lost + missed) * members * published));
  return {
    rooms: {
      count: rooms,
      leastMembers: Math.floor(members / rooms),
      mostMembers: Math.ceil(members / rooms),
    },
    publishers,
    members,
    publishingMembers: shape.ownCopies === null ? 0 : publishers,
    slowMembers: sum(herds.map((herd) => (herd.slow === true ? herd.connections : 0))),
    ledger: {
      accounted,
      pairs: accounted * publishers,
      bytesPerPair: 12,
      budgetBytes: 256 * 1024 ** 2,
      reorderWindow: 64,
    },
    ownCopies: shape.ownCopies,
    messages: { published, complete: published - incomplete, incomplete, unheard: 0 },
    amplification: published === 0 ? null : (members / rooms) * (1 - lost - missed),
    fanOutWindowMs: 10_000,
    medianResolution: 1 / 256,
    perSecond: fanOutSeries(messages, seconds, incomplete === 0 ? 1 : 0),
  };
}

function bySecond(messages: readonly Message[], seconds: number): Message[][] {
  const all: Message[][] = Array.from({ length: seconds }, () => []);
  for (const message of messages) all[message.second]?.push(message);
  return all;
}

function fanOutSeries(messages: readonly Message[], seconds: number, complete: number): FanOutSeries {
  const perSecond = bySecond(messages, seconds);
  const middle = (pick: (message: Message) => number) =>
    perSecond.map((own) => own.map(pick).sort((a, b) => a - b)[Math.floor(own.length / 2)] ?? null);
  return {
    messages: perSecond.map(({ length }) => length),
    complete: perSecond.map(({ length }) => length * complete),
    firstP50Us: middle(({ firstUs }) => firstUs),
    medianP50Us: middle(({ medianUs }) => medianUs),
    lastP50Us: middle(({ lastUs }) => lastUs),
    lastMaxUs: perSecond.map((own) =>
      own.length === 0 ? null : own.reduce((most, { lastUs }) => Math.max(most, lastUs), 0),
    ),
  };
}

/** Deliveries of so many messages to all members. */
function copiesOf(shape: BroadcastShape, messages: number): number {
  return Math.round((membersOf(shape) / (shape.rooms ?? 1)) * messages);
}

export function seriesWith(
  { series }: RunResult,
  shape: BroadcastShape,
  messages: readonly Message[],
): RunResult['series'] {
  const perSecond = bySecond(messages, series.open.length);
  const sent = series.messagesSent.map((n, i) => n + (perSecond[i]?.length ?? 0));
  const received = series.messagesReceived.map((n, i) => n + copiesOf(shape, perSecond[i]?.length ?? 0));
  const of = (pick: (message: Message) => readonly number[], each = 1) =>
    seriesOf(
      perSecond.map((own) => own.flatMap(pick)),
      each,
    );
  // The largest population stands for all: of it are nearly all deliveries.
  const weights = Object.keys(shape.populations).map((name) => ({ name, n: receiptWeight(shape, name) }));
  const main = weights.reduce((a, b) => (b.n > a.n ? b : a));
  return {
    ...series,
    messagesSent: sent,
    messagesReceived: received,
    bytesSent: sent.map((n) => n * 240),
    bytesReceived: received.map((n) => n * 210),
    histograms: {
      ...series.histograms,
      'broadcast.first': of(({ firstUs }) => [firstUs]),
      'broadcast.median': of(({ medianUs }) => [medianUs]),
      'broadcast.last': of(({ lastUs }) => [lastUs]),
      'broadcast.delivery': of(({ receiptsUs }) => receiptsUs[main.name] ?? [], main.n),
      ...(shape.acknowledge === undefined
        ? {}
        : { 'acknowledge.response': of(({ firstUs }) => [firstUs * 2]) }),
    },
  };
}

export function targetWith(run: RunResult, shape: BroadcastShape, published: number): RunResult['target'] {
  const phases = run.phases.filter(({ kind }) => kind !== 'ramp' && kind !== 'drain');
  const seconds = sum(phases.map(({ startMs, endMs }) => endMs - startMs)) / 1000;
  const delivered = copiesOf(shape, published);
  const load = ((delivered / Math.max(1, seconds)) * (shape.cpuPerDeliveryUs ?? 12)) / 1e4;
  const processes = run.target.processes.map((watched) => ({
    ...watched,
    samples: watched.samples.map((sample, i) => {
      const isAtWork = phases.some(({ startMs, endMs }) => sample.atMs >= startMs && sample.atMs < endMs);
      const cpuPercent = isAtWork ? Math.min(101, load + (i % 3)) : sample.cpuPercent / 10;
      const grown = ((shape.rssGrowthBytes ?? 0) * i) / watched.samples.length;
      return {
        ...sample,
        cpuPercent,
        hottestThreadPercent: cpuPercent * 0.97,
        rssBytes: Math.round(sample.rssBytes + grown),
      };
    }),
  }));
  return {
    ...run.target,
    name: 'broadcast',
    processes,
    books: [
      ...run.target.books.slice(0, 1),
      { what: 'messages published', server: published, ours: published, inFlight: 0, balanced: true },
      { what: 'deliveries', server: delivered, ours: delivered, inFlight: 0, balanced: true },
    ],
  };
}
