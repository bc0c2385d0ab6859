import type { KernelSample } from '../result/targetRecord.js';
import type { PhaseResult } from '../result/types.js';

/**
 * What kernel memory of the machine (socket buffers and slab) had grown by at the end of the hold phases, the most of
 * them, since the last reading before the first ramp. It is all that the machine did meanwhile, and may be less than 0.
 * Null without readings there. Pure.
 */
export function kernelBytesOf(
  phases: ReadonlyArray<Pick<PhaseResult, 'kind' | 'startMs' | 'endMs'>>,
  kernel: readonly KernelSample[],
): number | null {
  const readings = kernel.map(({ atMs, socketBytes, slabBytes }) => ({
    atMs,
    bytes: socketBytes + slabBytes,
  }));
  const rampMs = phases.find(({ kind }) => kind === 'ramp')?.startMs ?? 0;
  const before = readings.findLast(({ atMs }) => atMs <= rampMs) ?? readings[0];
  const holds = phases.filter(({ kind }) => kind === 'hold');
  const ends = holds.flatMap(
    ({ startMs, endMs }) => readings.findLast(({ atMs }) => atMs >= startMs && atMs <= endMs)?.bytes ?? [],
  );
  return before === undefined || ends.length === 0 ? null : Math.max(...ends) - before.bytes;
}
