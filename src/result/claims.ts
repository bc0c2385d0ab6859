import type { MemoryClaim } from '../scenario/scenario.js';
import type { ClaimVerdict, MemoryPerConnection } from './targetRecord.js';

/** A figure and its 95 % interval, for one connection. */
interface Figure {
  readonly bytes: number;
  readonly ci95: readonly [number, number];
  readonly note: string | null;
}

/**
 * Holds claims about memory against the slopes that were measured.
 * @param coLocated Both ends of the connections are on one machine, whose kernel cannot tell them apart.
 */
export function judgeClaims(
  claims: readonly MemoryClaim[],
  memory: MemoryPerConnection | null,
  coLocated: boolean,
): ClaimVerdict[] {
  return claims.map((claim) => {
    const figure = memory === null ? null : figureOf(claim.is, memory, coLocated);
    if (figure === null || memory === null) {
      const note = claim.is === 'heap' ? 'The target carries no probe that answered on every plateau.' : null;
      return { ...claim, measuredBytes: null, ci95: null, verdict: 'not-measured', note };
    }
    const { connections } = claim;
    const [low, high] = figure.ci95.map((bytes) => Math.round(bytes * connections));
    const ci95 = [low ?? 0, high ?? 0] as const;
    return {
      ...claim,
      measuredBytes: Math.round(figure.bytes * connections),
      ci95,
      verdict: verdictOf(claim, ci95),
      note: notesOf(figure.note, connections, memory),
    };
  });
}

function verdictOf(
  { lowBytes, highBytes }: MemoryClaim,
  [low, high]: readonly [number, number],
): 'holds' | 'more' | 'less' | 'unclear' {
  if (low > highBytes) return 'more';
  if (high < lowBytes) return 'less';
  return low >= lowBytes && high <= highBytes ? 'holds' : 'unclear';
}

function figureOf(is: MemoryClaim['is'], memory: MemoryPerConnection, coLocated: boolean): Figure | null {
  switch (is) {
    case 'resident':
      return { bytes: memory.bytes, ci95: memory.ci95, note: null };
    case 'heap':
      return heapFigure(memory);
    case 'kernel':
      return kernelFigure(memory, coLocated);
    case 'total':
      return totalFigure(memory, coLocated);
  }
}

function heapFigure({ heap }: MemoryPerConnection): Figure | null {
  if (heap === undefined || heap === null) return null;
  const note = heap.collected ? null : 'Garbage was not collected before.';
  return { bytes: heap.bytes, ci95: heap.ci95, note };
}

function kernelFigure({ kernelBytes, kernelCi95 }: MemoryPerConnection, coLocated: boolean): Figure | null {
  if (kernelBytes === null || kernelCi95 === undefined || kernelCi95 === null) return null;
  if (!coLocated) return { bytes: kernelBytes, ci95: kernelCi95, note: null };
  return {
    bytes: kernelBytes / 2,
    ci95: [kernelCi95[0] / 2, kernelCi95[1] / 2],
    note: 'Half of what the machine’s kernel took: with both ends on it, they cannot be told apart exactly.',
  };
}

/** The errors of the two are independent: sides of intervals add as squares. */
function totalFigure(memory: MemoryPerConnection, coLocated: boolean): Figure | null {
  const kernel = kernelFigure(memory, coLocated);
  if (kernel === null) return null;
  const bytes = memory.bytes + kernel.bytes;
  const side = Math.hypot(memory.ci95[1] - memory.bytes, kernel.ci95[1] - kernel.bytes);
  return { bytes, ci95: [bytes - side, bytes + side], note: kernel.note };
}

function notesOf(note: string | null, connections: number, { points }: MemoryPerConnection): string | null {
  const most = points.reduce((top, { open }) => Math.max(top, open), 0);
  const notes = [
    note,
    connections === 1 ? null : 'What the process takes by itself is not counted in.',
    connections <= most ? null : `No more than ${most} were open: the rest is drawn on by the line.`,
  ];
  return notes.filter((some) => some !== null).join(' ') || null;
}
