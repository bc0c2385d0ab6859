import type { Machine, RunResult } from '../../../result/types.js';
import { bytes, count, counted, duration, rate } from '../../numbers.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';

/** The machines that the numbers belong to. */
export function environment(result: RunResult): Section | null {
  const { machines } = result.environment;
  const first = machines[0];
  if (first === undefined) return null;
  const together = machines.some(({ coLocated }) => coLocated);
  const cpus = counted(first.cpus.count, 'processor');
  return {
    id: 'environment',
    name: 'Environment',
    title: together
      ? `Server and generator shared one machine with ${cpus}`
      : `The generator ran on ${counted(machines.length, 'machine')} of its own, with ${cpus}${machines.length > 1 ? ' or more' : ''}`,
    pictures: [],
    reading: together
      ? 'What one of them takes, the other lacks: absolute numbers hold for this sharing only.'
      : null,
    numbers: [machineTable(machines), ...floor(result), plan(result)],
  };
}

function machineTable(machines: readonly Machine[]): Table {
  const rows: Array<[string, (machine: Machine) => string]> = [
    ['processor', ({ cpus }) => `${count(cpus.count)} × ${cpus.model}`],
    [
      'memory',
      ({ memory: m }) => `${bytes(m.totalBytes)}, ${bytes(m.availableBytes)} available at the start`,
    ],
    ['system', ({ os }) => os],
    ['Node.js', ({ node }) => node],
    [
      'file descriptors per process',
      ({ limits }) => (limits.descriptors === null ? 'not known' : count(limits.descriptors)),
    ],
    ['local ports', ({ limits }) => (limits.ports === null ? 'not known' : count(limits.ports))],
    ['target on it', ({ coLocated }) => (coLocated ? 'yes' : 'no')],
  ];
  return {
    caption: 'Machines',
    columns: [
      ...columns('name', ''),
      ...columns(
        'words',
        ...machines.map((_, i) => (machines.length === 1 ? 'this machine' : `machine ${i + 1}`)),
      ),
    ],
    rows: rows.map(([name, value]) => [name, ...machines.map(value)]),
  };
}

/** Plain HTTP on the same machine, to hold the numbers of the run against. */
function floor({ environment: { httpFloor } }: RunResult): Table[] {
  if (httpFloor === null) return [];
  const { connections, requestsPerSecond, latencyP50Us, latencyP99Us, measuredAt } = httpFloor;
  return [
    {
      caption: 'Plain HTTP on this machine, as fast as it is answered',
      columns: [
        ...columns('number', 'connections', 'requests', 'p50', 'p99'),
        ...columns('words', 'measured'),
      ],
      rows: [
        [
          count(connections),
          rate(requestsPerSecond),
          duration(latencyP50Us),
          duration(latencyP99Us),
          measuredAt.slice(0, 16).replace('T', ' '),
        ],
      ],
    },
  ];
}

function plan({ plan: { shards, workers, hosts } }: RunResult): Table {
  return {
    caption: `${counted(workers, 'worker')} in ${counted(hosts, 'process', 'processes')}`,
    columns: [...columns('name', 'worker'), ...columns('words', 'connections of each population')],
    rows: shards.map(({ worker, connections }) => [
      count(worker + 1),
      Object.entries(connections)
        .map(([population, n]) => `${count(n)} ${population}`)
        .join(', '),
    ]),
  };
}
