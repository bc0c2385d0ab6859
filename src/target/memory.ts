import type { HeapSlope, MemoryPerConnection, MemorySlope } from '../result/targetRecord.js';
import { type Line, leastSquares, type Point, theilSen } from '../stats/line.js';
import { type ByPhase, memoryByPhase } from './memoryByPhase.js';
import { heapBytes, type MemoryReading } from './memoryReading.js';

/** Plateaus that a slope needs before it is worth stating, the one without connections among them. */
const LEAST_PLATEAUS = 5;

/** What was read of the target's memory during a run. */
export interface ObservedMemory extends ByPhase {
  /** The first without connections. */
  readonly plateaus: readonly MemoryReading[];
}

export type MemoryFinding =
  | { readonly memory: MemoryPerConnection; readonly unknownBecause: null }
  | { readonly memory: null; readonly unknownBecause: string };

/**
 * What one connection costs the target: the slope of its resident memory over open connections, never the
 * quotient, which would charge the connections with the process itself.
 * @param watched Some process of the target, or its metrics page, is known.
 */
export function memoryPerConnection(observed: ObservedMemory, watched: boolean): MemoryFinding {
  if (!watched) {
    return unknown(
      'wsherd does not know which process the target is: name it, as by --set target.pid=1234, or its metrics page, as by --set target.metrics=http://127.0.0.1:9100/metrics.',
    );
  }
  const { plateaus } = observed;
  if (plateaus.length < LEAST_PLATEAUS) {
    return unknown('The ramp has too few plateaus for a slope: write ramp: { steps: 8 }.');
  }
  const resident = fitted(plateaus, ({ rssBytes }) => rssBytes);
  if (resident === null) return unknown('The number of open connections did not change.');
  const pss = fitted(plateaus, ({ pssBytes }) => pssBytes);
  const kernel = fitted(plateaus, ({ kernelBytes }) => kernelBytes);
  const heap = heapFit(plateaus);
  const { bytes, ci95, baseBytes, theilSenBytes } = rounded(resident);
  const notes = doubts(resident);
  return {
    memory: {
      ...{ bytes, ci95, baseBytes },
      points: plateaus.map((plateau) => ({
        open: plateau.open,
        rssBytes: plateau.rssBytes,
        pssBytes: plateau.pssBytes,
        kernelBytes: plateau.kernelBytes,
        heapBytes: heapBytes(plateau),
      })),
      method:
        'least-squares slope of resident memory over open connections, one point per plateau of the ramp',
      theilSenBytes,
      kernelBytes: kernel && Math.round(kernel.line.slope),
      kernelCi95: kernel && rounded(kernel).ci95,
      reliable: notes.length === 0,
      notes,
      pss: pss && rounded(pss),
      heap: heap && heapSlope(heap, plateaus),
      ...memoryByPhase(observed, plateaus, {
        resident: resident.line,
        pss: pss?.line ?? null,
        kernel: kernel?.line ?? null,
        heap: heap?.line ?? null,
      }),
    },
    unknownBecause: null,
  };
}

interface Fit {
  readonly line: Line;
  readonly theilSen: number;
}

/** Null unless every plateau has the figure. */
function fitted(
  plateaus: readonly MemoryReading[],
  pick: (plateau: MemoryReading) => number | null,
): Fit | null {
  const points: Point[] = [];
  for (const plateau of plateaus) {
    const y = pick(plateau);
    if (y === null) return null;
    points.push({ x: plateau.open, y });
  }
  const line = leastSquares(points);
  const robust = theilSen(points);
  return line === null || robust === null ? null : { line, theilSen: robust };
}

/** Heaps compare only when the same threads told them, all in the same way. */
function heapFit(plateaus: readonly MemoryReading[]): Fit | null {
  const kinds = new Set(plateaus.map(({ heap }) => heap && `${heap.threads} ${heap.collected}`));
  return kinds.size === 1 ? fitted(plateaus, heapBytes) : null;
}

function heapSlope(heap: Fit, plateaus: readonly MemoryReading[]): HeapSlope {
  const external = fitted(plateaus, (plateau) => plateau.heap?.externalBytes ?? null);
  return {
    ...rounded(heap),
    externalBytes: external && Math.round(external.line.slope),
    collected: plateaus[0]?.heap?.collected ?? false,
  };
}

function rounded({ line, theilSen: robust }: Fit): MemorySlope {
  const [low, high] = line.slopeCi95;
  return {
    bytes: Math.round(line.slope),
    ci95: [Math.round(low), Math.round(high)],
    theilSenBytes: Math.round(robust),
    baseBytes: Math.round(line.intercept),
  };
}

function doubts({ line, theilSen: robust }: Fit): string[] {
  const [low, high] = line.slopeCi95;
  const width = high - low;
  const notes: string[] = [];
  if (line.slope <= 0) notes.push('Memory did not grow with connections.');
  if (width > Math.abs(line.slope)) {
    notes.push('The interval is wider than the slope itself.');
  }
  if (Math.abs(robust - line.slope) > Math.max(width / 2, 0.2 * Math.abs(line.slope))) {
    notes.push('Least squares and Theil-Sen disagree: some plateau does not fit the line.');
  }
  return notes;
}

function unknown(because: string): MemoryFinding {
  return { memory: null, unknownBecause: because };
}
