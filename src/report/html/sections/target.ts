import type { RunResult } from '../../../result/types.js';
import { bytes, count, counted, duration, percent } from '../../numbers.js';
import { binsOf } from '../bins.js';
import type { Line } from '../chart.js';
import { processBins } from '../processes.js';
import type { Section } from '../section.js';
import { greatest, small } from '../smallChart.js';
import { columns, type Table } from '../table.js';

/** The target's memory, processor and descriptors over time. */
export function target(result: RunResult): Section | null {
  const { processes, kernel } = result.target;
  if (processes.every(({ samples }) => samples.length === 0)) return null;
  const bins = binsOf(result.series, 400);
  const watched = processBins(processes, bins);
  const rssPeak = greatest(watched.rssBytes);
  const cpuPeak = greatest(watched.cpuPercent);
  const overflows = kernel.at(-1)?.listenOverflows ?? 0;
  const cpu: Line[] = [
    { name: 'all threads', tone: 'server', style: 'solid', values: watched.cpuPercent },
    // A metrics page tells nothing of threads.
    ...(greatest(watched.hottestThreadPercent) > 0
      ? [
          {
            name: 'hottest',
            tone: 'service',
            style: 'dashed',
            values: watched.hottestThreadPercent,
          } as const,
        ]
      : []),
  ];
  return {
    id: 'target',
    name: 'Target',
    title: `The target used ${bytes(rssPeak)} and ${percent(cpuPeak)} of a core at most${overflows > 0 ? `; its accept queue overflowed ${count(overflows)} times` : ''}`,
    pictures: [
      small(
        'target-rss',
        'Resident memory',
        'bytes',
        [{ name: 'resident', tone: 'server', style: 'area', values: watched.rssBytes }],
        bins,
      ),
      small('target-cpu', 'Processor, 100 % is one core', 'percent', cpu, bins),
      ...(greatest(watched.fds) > 0
        ? [
            small(
              'target-fds',
              'File descriptors',
              'count',
              [{ name: 'open', tone: 'server', style: 'solid', values: watched.fds }],
              bins,
            ),
          ]
        : []),
    ],
    reading: processes.length > 1 ? `Sums over ${count(processes.length)} processes.` : null,
    numbers: [costs(result), processTable(result)],
  };
}

function costs({ target }: RunResult): Table {
  const { cpuPerMessageUs, cpuPerConnectUs, kernel } = target;
  const sockets = kernel.reduce((most, { socketBytes }) => Math.max(most, socketBytes), 0);
  const rows: Array<[string, string]> = [
    ['processor time per message', cpuPerMessageUs === null ? 'not known' : duration(cpuPerMessageUs)],
    ['processor time per connect', cpuPerConnectUs === null ? 'not known' : duration(cpuPerConnectUs)],
  ];
  if (kernel.length > 0) {
    rows.push(['kernel socket memory of the machine, at most', bytes(sockets)]);
    rows.push(['accept queue overflows of the machine', count(kernel.at(-1)?.listenOverflows ?? 0)]);
    const again = kernel.at(-1)?.synRetransmissions;
    if (again !== undefined) rows.push(['SYN packets sent again by the machine', count(again)]);
  }
  rows.push(...loopRows(target), ...limitRows(target));
  return { caption: 'Costs', columns: [...columns('name', 'what'), ...columns('number', 'value')], rows };
}

/** What the event loop of the worst process was like, where one tells. */
function loopRows({ processes }: RunResult['target']): Array<[string, string]> {
  const late = processes
    .flatMap(({ heap }) => heap ?? [])
    .flatMap(({ loopDelayMaxUs, loopDelayP99Us }) => loopDelayMaxUs ?? loopDelayP99Us ?? []);
  return late.length === 0 ? [] : [['event loop late, at most', duration(greatest(late))]];
}

function limitRows({ limits }: RunResult['target']): Array<[string, string]> {
  if (!limits) return [];
  const { descriptors, memoryBytes, cores, oomKills } = limits;
  return [
    ...(descriptors === null ? [] : [['may open', `${count(descriptors)} files`] as [string, string]]),
    ...(memoryBytes === null ? [] : [['may have', bytes(memoryBytes)] as [string, string]]),
    ...(cores === null ? [] : [['may use', counted(cores, 'core')] as [string, string]]),
    ...(oomKills
      ? [['ended for want of memory', counted(oomKills, 'process', 'processes')] as [string, string]]
      : []),
  ];
}

function processTable({ target }: RunResult): Table {
  return {
    caption: 'Processes',
    columns: [
      ...columns('number', 'pid', 'port', 'samples', 'resident at first', 'at most', 'at last'),
      ...columns('words', 'command'),
    ],
    rows: target.processes.map(({ pid, port, command, samples }) => {
      const rss = samples.map(({ rssBytes }) => rssBytes);
      return [
        pid === 0 ? '–' : String(pid),
        port === null ? '–' : String(port),
        count(samples.length),
        bytes(rss[0] ?? 0),
        bytes(rss.reduce((most, value) => Math.max(most, value), 0)),
        bytes(rss.at(-1) ?? 0),
        command,
      ];
    }),
  };
}
