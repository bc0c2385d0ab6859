import type { MemoryPerConnection } from '../result/targetRecord.js';
import { leastSquares, theilSen } from '../stats/line.js';
import type { Plateau } from './watch.js';

/** Plateaus that a slope needs before it is worth stating, the one without connections among them. */
const LEAST_PLATEAUS = 5;

export type MemoryFinding =
  | { readonly memory: MemoryPerConnection; readonly unknownBecause: null }
  | { readonly memory: null; readonly unknownBecause: string };

/**
 * What one connection costs the target: the slope of its resident memory over open connections, never the
 * quotient, which would charge the connections with the process itself.
 */
export function memoryPerConnection(plateaus: readonly Plateau[], watched: boolean): MemoryFinding {
  if (!watched) {
    return unknown('wsherd does not know which process the target is: name it, as by --set target.pid=1234.');
  }
  if (plateaus.length < LEAST_PLATEAUS) {
    return unknown('The ramp has too few plateaus for a slope: write ramp: { steps: 8 }.');
  }
  const line = leastSquares(plateaus.map(({ open, rssBytes }) => ({ x: open, y: rssBytes })));
  const robust = theilSen(plateaus.map(({ open, rssBytes }) => ({ x: open, y: rssBytes })));
  if (line === null || robust === null) return unknown('The number of open connections did not change.');
  const kernel = leastSquares(plateaus.map(({ open, kernelBytes }) => ({ x: open, y: kernelBytes })));
  const [low, high] = line.slopeCi95;
  const notes = doubts(line.slope, high - low, robust);
  return {
    memory: {
      bytes: Math.round(line.slope),
      ci95: [Math.round(low), Math.round(high)],
      baseBytes: Math.round(line.intercept),
      points: plateaus.map(({ open, rssBytes }) => ({ open, rssBytes })),
      method:
        'least-squares slope of resident memory over open connections, one point per plateau of the ramp',
      theilSenBytes: Math.round(robust),
      kernelBytes: kernel === null ? null : Math.round(kernel.slope),
      reliable: notes.length === 0,
      notes,
      byPhase: [],
    },
    unknownBecause: null,
  };
}

function doubts(slope: number, width: number, robust: number): string[] {
  const notes: string[] = [];
  if (slope <= 0) notes.push('Memory did not grow with connections.');
  if (width > Math.abs(slope)) {
    notes.push('The interval is wider than the slope itself: use more connections or longer plateaus.');
  }
  if (Math.abs(robust - slope) > Math.max(width / 2, 0.2 * Math.abs(slope))) {
    notes.push('Least squares and Theil-Sen disagree: some plateau does not fit the line.');
  }
  return notes;
}

function unknown(because: string): MemoryFinding {
  return { memory: null, unknownBecause: because };
}
