import type { MemoryPerConnection, PhaseMemory, RetainedMemory } from '../result/targetRecord.js';
import type { Line } from '../stats/line.js';
import { studentT975 } from '../stats/studentT.js';
import { heapBytes, type MemoryReading, medianReading } from './memoryReading.js';

/** What was read beside the plateaus. */
export interface ByPhase {
  /** The phase whose plateaus they are. */
  readonly ramp: string;
  /** The last readings of each hold phase. */
  readonly held: ReadonlyArray<{ readonly phase: string; readonly readings: readonly MemoryReading[] }>;
  /** With every connection closed; null when it did not come to that. */
  readonly drained: { readonly phase: string; readonly reading: MemoryReading } | null;
  /** Connections opened in the whole run. */
  readonly opened: number;
}

/** The lines through the plateaus; null where not every plateau had the figure. */
export interface MemoryLines {
  readonly resident: Line;
  readonly pss: Line | null;
  readonly kernel: Line | null;
  readonly heap: Line | null;
}

/**
 * What a connection cost at each time of the run. A phase has one number of connections, so that its figure is what
 * there was above the base of the line, for each connection; readings of other processes than those of the line, as after a
 * restart, are left out.
 */
export function memoryByPhase(
  { ramp, held, drained, opened }: ByPhase,
  plateaus: readonly MemoryReading[],
  lines: MemoryLines,
): Pick<MemoryPerConnection, 'byPhase' | 'retained'> {
  const roots = plateaus[0]?.roots;
  const holds = held.flatMap(({ phase, readings }) => {
    const same = readings.filter((reading) => reading.roots === roots && reading.open > 0);
    const reading = medianReading(same);
    return reading === null ? [] : [{ phase, reading, deviation: deviationOf(same) }];
  });
  const empty = drained?.reading.roots === roots ? drained : null;
  const idle = idleFigure(ramp, plateaus, lines);
  const retained = empty && retainedOf(empty.reading, opened, peakOf(plateaus, held), lines);
  return {
    byPhase: [
      idle,
      ...holds.map(({ phase, reading, deviation }) => heldFigure(phase, reading, deviation, lines)),
      ...(empty === null || retained === null || opened === 0
        ? []
        : [retainedFigure(empty, opened, retained, lines)]),
    ],
    retained,
  };
}

function idleFigure(phase: string, plateaus: readonly MemoryReading[], lines: MemoryLines): PhaseMemory {
  return {
    ...{ phase, moment: 'idle', bytes: Math.round(lines.resident.slope) },
    ci95: wholeBytes(lines.resident.slopeCi95),
    connections: Math.max(...plateaus.map(({ open }) => open)),
    pssBytes: lines.pss && Math.round(lines.pss.slope),
    kernelBytes: lines.kernel && Math.round(lines.kernel.slope),
    heapBytes: lines.heap && Math.round(lines.heap.slope),
  };
}

function heldFigure(
  phase: string,
  reading: MemoryReading,
  deviation: number,
  { resident, pss, kernel }: MemoryLines,
): PhaseMemory {
  const { open, rssBytes, pssBytes, kernelBytes } = reading;
  const each = (bytes: number | null, line: Line | null) => {
    const more = above(bytes, line);
    return more === null ? null : Math.round(more / open);
  };
  return {
    ...{ phase, moment: 'held', bytes: each(rssBytes, resident) ?? 0 },
    ci95: wholeBytes(around((rssBytes - resident.intercept) / open, uncertainty(resident, deviation) / open)),
    connections: open,
    pssBytes: each(pssBytes, pss),
    kernelBytes: each(kernelBytes, kernel),
    heapBytes: null,
  };
}

function retainedFigure(
  { phase, reading }: NonNullable<ByPhase['drained']>,
  opened: number,
  { bytes, ci95, pssBytes, heapBytes: heap }: RetainedMemory,
  { kernel }: MemoryLines,
): PhaseMemory {
  const each = (value: number | null) => (value === null ? null : Math.round(value / opened));
  return {
    ...{ phase, moment: 'retained', bytes: Math.round(bytes / opened) },
    ci95: wholeBytes([ci95[0] / opened, ci95[1] / opened]),
    connections: opened,
    pssBytes: each(pssBytes),
    kernelBytes: each(above(reading.kernelBytes, kernel)),
    heapBytes: each(heap),
  };
}

function retainedOf(
  reading: MemoryReading,
  opened: number,
  peakBytes: number,
  { resident, pss, heap }: MemoryLines,
): RetainedMemory {
  const bytes = reading.rssBytes - resident.intercept;
  const gained = Math.max(peakBytes, reading.rssBytes) - resident.intercept;
  const heapLeft = above(heapBytes(reading), heap);
  return {
    opened,
    bytes: Math.round(bytes),
    ci95: wholeBytes(around(bytes, uncertainty(resident, 0))),
    shareOfPeak: gained <= 0 ? null : Math.round((1000 * bytes) / gained) / 1000,
    pssBytes: above(reading.pssBytes, pss),
    heapBytes: heapLeft,
    heapCi95: heapLeft === null || heap === null ? null : wholeBytes(around(heapLeft, uncertainty(heap, 0))),
    collected: reading.heap?.collected ?? false,
  };
}

/** How much more than without connections; null where either is not known. */
function above(bytes: number | null, line: Line | null): number | null {
  return bytes === null || line === null ? null : Math.round(bytes - line.intercept);
}

/**
 * One side of the 95 % interval of a new reading above the intercept of a line: the errors of the intercept, of the
 * reading, which scatters as those of the plateaus do, and of its own scatter, each independent of the others.
 */
function uncertainty({ intercept, interceptCi95, spread }: Line, ownDeviation: number): number {
  const t = studentT975(spread.points - 2);
  return Math.hypot(interceptCi95[1] - intercept, t * spread.deviation, t * ownDeviation);
}

/** Standard deviation of resident memory; 0 for fewer than two readings. */
function deviationOf(readings: readonly MemoryReading[]): number {
  if (readings.length < 2) return 0;
  const mean = readings.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / readings.length;
  const squares = readings.reduce((sum, { rssBytes }) => sum + (rssBytes - mean) ** 2, 0);
  return Math.sqrt(squares / (readings.length - 1));
}

function peakOf(plateaus: readonly MemoryReading[], held: ByPhase['held']): number {
  const all = [...plateaus, ...held.flatMap(({ readings }) => readings)];
  return all.reduce((most, { rssBytes }) => Math.max(most, rssBytes), 0);
}

function around(value: number, side: number): [number, number] {
  return [value - side, value + side];
}

function wholeBytes([low, high]: readonly [number, number]): readonly [number, number] {
  return [Math.round(low), Math.round(high)];
}
