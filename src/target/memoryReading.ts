import { median } from '../stats/line.js';

/** What the target and the kernel had at one time, over all processes of the target. */
export interface MemoryReading {
  readonly open: number;
  /** Which processes they were: after a restart they are others, and nothing compares. */
  readonly roots: string;
  readonly rssBytes: number;
  readonly pssBytes: number | null;
  readonly kernelBytes: number | null;
  readonly heap: HeapReading | null;
}

/** Of the threads of the target that carry a probe, or as its metrics page has it. */
export interface HeapReading {
  readonly usedBytes: number;
  /** Null where it is not told. */
  readonly externalBytes: number | null;
  /** How many answered: others at another time are no measure. */
  readonly threads: number;
  readonly collected: boolean;
}

/** Of a plateau. */
export const MOST_READINGS = 5;

/**
 * More than half of them are alike, and so the median, whatever the others would be. What the kernel has is never alike, and
 * is no reason to go on.
 */
export function areEnough(readings: readonly MemoryReading[]): boolean {
  const last = readings.at(-1);
  const alike = readings.filter(
    ({ open, roots, rssBytes, pssBytes }) =>
      open === last?.open && roots === last.roots && rssBytes === last.rssBytes && pssBytes === last.pssBytes,
  );
  return alike.length > MOST_READINGS / 2;
}

/** Medians of several readings of the same processes; null without one. */
export function medianReading(readings: readonly MemoryReading[]): MemoryReading | null {
  const last = readings.at(-1);
  if (last === undefined) return null;
  const same = readings.filter(({ roots }) => roots === last.roots);
  const medianOf = (pick: (reading: MemoryReading) => number | null): number | null => {
    const values = same.map(pick).filter((value) => value !== null);
    return values.length === 0 ? null : median(values);
  };
  return {
    open: medianOf(({ open }) => open) ?? last.open,
    roots: last.roots,
    rssBytes: medianOf(({ rssBytes }) => rssBytes) ?? last.rssBytes,
    pssBytes: medianOf(({ pssBytes }) => pssBytes),
    kernelBytes: medianOf(({ kernelBytes }) => kernelBytes),
    heap: last.heap,
  };
}

/** Used heap and external memory together; null where it was not read. */
export function heapBytes({ heap }: MemoryReading): number | null {
  return heap === null ? null : heap.usedBytes + (heap.externalBytes ?? 0);
}
