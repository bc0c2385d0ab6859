import type { RunResult } from '../../../result/types.js';
import { headlines } from '../../headline.js';
import { bytes, count, duration, elapsed, percent, share } from '../../numbers.js';
import { worstSendLagUs } from '../../verdict.js';
import { binsOf, peaks } from '../bins.js';
import type { Line, TimeChart } from '../chart.js';
import type { Section } from '../section.js';
import { small } from '../smallChart.js';
import { columns, type Table } from '../table.js';

/** Whether the tester had room: its event loops, and how late it sent. */
export function generator(result: RunResult): Section | null {
  const busy = result.series.eventLoopUtilization;
  if (busy.length === 0) return null;
  const bins = binsOf(result.series, 400);
  const busiest = Math.max(0, ...busy);
  const lag = worstSendLagUs(result);
  const late = lag === null ? '' : ` and sent at most ${duration(lag)} late (p99)`;
  const limited = result.run.validity.status === 'generator-limited';
  return {
    id: 'generator',
    name: 'Generator',
    title: `The generator ${limited ? 'was at its limit' : 'had room'}: its busiest worker was ${share(busiest)} busy${late}`,
    pictures: [
      small(
        'generator-busy',
        'Event loop of the busiest worker',
        'percent',
        [
          {
            name: 'busy',
            tone: 'context',
            style: 'solid',
            values: peaks(
              busy.map((value) => Math.round(value * 1000) / 10),
              bins,
            ),
          },
        ],
        bins,
      ),
      ...sendLagCharts(result),
    ],
    reading:
      'Grey is the tester itself: when it is busy or late, numbers above say more about it than about the server.',
    numbers: [workers(result)],
  };
}

function sendLagCharts(result: RunResult): TimeChart[] {
  const bins = binsOf(result.series, 400);
  const senders = [...headlines(result), { pattern: 'broadcast', what: 'messages' }];
  return senders.flatMap(({ pattern, what }) => {
    const p99 = result.series.histograms[`${pattern}.sendLag`]?.p99;
    if (p99 === undefined) return [];
    const values = peaks(p99, bins);
    const title = `How late ${what} were sent, p99${bins.size > 1 ? `, highest of ${bins.size} intervals` : ''}`;
    const lag: Line = { name: 'send lag', tone: 'context', style: 'solid', values };
    return [small(`${pattern}-lag`, title, 'us', [lag], bins)];
  });
}

function workers({ generator: { hosts } }: RunResult): Table {
  return {
    caption: 'Workers',
    columns: [
      ...columns(
        'number',
        'machine',
        'process',
        'worker',
        'busy',
        'CPU',
        'send lag p99',
        'collecting garbage',
        'resident',
      ),
      ...columns('name', 'end'),
    ],
    rows: hosts.flatMap(({ machine, pid, workers }) =>
      workers.map((worker, index) => [
        count(machine + 1),
        String(pid),
        count(index + 1),
        share(worker.eventLoopUtilization),
        worker.cpuPercent === null ? '–' : percent(worker.cpuPercent),
        worker.sendLagP99Us === null ? '–' : duration(worker.sendLagP99Us),
        elapsed(worker.gcMs),
        bytes(worker.rssBytes),
        worker.died ? 'died early' : 'as planned',
      ]),
    ),
  };
}
