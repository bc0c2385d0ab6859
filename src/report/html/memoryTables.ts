/** What a connection costs in memory, as tables: by kind of memory, and by time of the run. */
import type { MemoryPerConnection, MemorySlope, PhaseMemory } from '../../result/targetRecord.js';
import { bytes, count } from '../numbers.js';
import { columns, type Table } from './table.js';

const UNTOLD = '–';

export function told(value: number | null | undefined): string {
  return value === null || value === undefined ? UNTOLD : bytes(value);
}

/** Every slope with its interval, and what the process has without connections. */
export function slopeTable(fit: MemoryPerConnection): Table {
  const { pss, heap, kernelBytes, kernelCi95 } = fit;
  const kernelName = 'kernel, of the whole machine, both ends';
  return {
    caption: `Memory per connection: ${fit.method}`,
    columns: [
      ...columns('name', 'memory'),
      ...columns('number', 'per connection', '95 % interval', 'Theil-Sen', 'without connections'),
    ],
    rows: [
      slopeRow('resident', fit),
      ...(pss ? [slopeRow('proportional share (PSS)', pss)] : []),
      ...(heap ? [slopeRow(heap.collected ? 'heap, after a collection' : 'heap', heap)] : []),
      ...(kernelBytes === null
        ? []
        : [[kernelName, bytes(kernelBytes), kernelCi95 ? range(kernelCi95) : UNTOLD, UNTOLD, UNTOLD]]),
    ],
  };
}

function slopeRow(name: string, { bytes: slope, ci95, theilSenBytes, baseBytes }: MemorySlope): string[] {
  return [name, bytes(slope), range(ci95), bytes(theilSenBytes), bytes(baseBytes)];
}

const MOMENTS = {
  idle: 'idle, by slope',
  held: 'at its end',
  retained: 'kept when all were closed',
} as const;

/** Older records name phases and their figure only. */
export function phaseTables({ byPhase }: MemoryPerConnection): Table[] {
  if (byPhase.length === 0) return [];
  return [
    {
      caption: 'Memory per connection, by phase',
      columns: [
        ...columns('name', 'phase', 'when'),
        ...columns('number', 'connections', 'resident', '95 % interval', 'PSS', 'heap', 'kernel'),
      ],
      rows: byPhase.map(phaseRow),
    },
  ];
}

function phaseRow(phase: PhaseMemory): string[] {
  return [
    phase.phase,
    phase.moment === undefined ? UNTOLD : MOMENTS[phase.moment],
    phase.connections === undefined ? UNTOLD : count(phase.connections),
    bytes(phase.bytes),
    phase.ci95 === undefined ? UNTOLD : range(phase.ci95),
    told(phase.pssBytes),
    told(phase.heapBytes),
    told(phase.kernelBytes),
  ];
}

function range([low, high]: readonly [number, number]): string {
  return `${bytes(low)} to ${bytes(high)}`;
}
