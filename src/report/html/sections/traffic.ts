import { publishingOf } from '../../../result/publishing.js';
import type { RunResult } from '../../../result/types.js';
import { counter } from '../../headline.js';
import { bytes, count, rate, rateQuantity } from '../../numbers.js';
import { linearAxis } from '../axis.js';
import { binsOf, middles, rates } from '../bins.js';
import type { TimeChart } from '../chart.js';
import { RUN_FRAME } from '../frame.js';
import type { Section } from '../section.js';
import { columns } from '../table.js';

/** Messages a second, there and back; of published ones their own section tells, and what becomes of each. */
export function traffic(result: RunResult): Section | null {
  if (publishingOf(result).published > 0) return null;
  const { messagesReceived, messagesSent, intervalMs } = result.series;
  const bins = binsOf(result.series, 600);
  const received = rates(messagesReceived, bins, intervalMs);
  const sent = rates(messagesSent, bins, intervalMs);
  const peak = Math.max(0, ...received, ...sent);
  if (peak === 0) return null;
  const chart: TimeChart = {
    id: 'messages',
    frame: RUN_FRAME,
    title: 'Messages per second',
    alt: `Messages per second over time, at most ${rate(peak)}.`,
    height: 132,
    axis: linearAxis(peak, 'perSecond', 3),
    atMs: middles(bins),
    form: 'line',
    lines: [
      { name: 'sent', tone: 'context', style: 'dashed', values: sent },
      { name: 'received', tone: 'server', style: 'solid', values: received },
    ],
    heat: null,
    notes: [],
    names: false,
  };
  return {
    id: 'traffic',
    name: 'Traffic',
    title: `Up to ${rateQuantity(Math.max(0, ...sent)).digits} messages a second went to the server, and up to ${rateQuantity(Math.max(0, ...received)).digits} came back`,
    pictures: [chart],
    reading: null,
    numbers: [
      {
        caption: null,
        columns: [...columns('name', 'what'), ...columns('number', 'sent', 'received')],
        rows: [
          ['messages', total(result, 'messages.sent', count), total(result, 'messages.received', count)],
          ['frame bytes', total(result, 'bytes.sent', bytes), total(result, 'bytes.received', bytes)],
        ],
      },
    ],
  };
}

function total({ metrics }: RunResult, name: string, words: (value: number) => string): string {
  return words(counter(metrics, name) ?? 0);
}
