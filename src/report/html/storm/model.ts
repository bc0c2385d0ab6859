/** What the model says of a storm, on the time axis of what was measured. */
import type { Prediction } from '../../../result/recovery.js';

/** Share of the dropped that is open again at each edge; null before the fault. */
export function modelShare(
  { openBins, binMs, dropped }: Prediction,
  edgesMs: readonly number[],
): Array<number | null> {
  return fromFaultOn(edgesMs, (edgeMs) => {
    const ended = Math.min(openBins.length, Math.floor(edgeMs / binMs));
    return dropped === 0 ? null : (openBins[ended - 1] ?? 0) / dropped;
  });
}

/** A curve that begins at the fault: null at the edges before it, but for the last, from which it rises. */
export function fromFaultOn(
  edgesMs: readonly number[],
  valueAt: (edgeMs: number, index: number) => number | null,
): Array<number | null> {
  return edgesMs.map((edgeMs, i) => {
    const value = (edgesMs[i + 1] ?? 1) <= 0 ? null : valueAt(edgeMs, i);
    return value === null ? null : Math.round(value * 1e4) / 1e4;
  });
}

/** Attempts in each bin between the edges; null before the fault. A bin of the model belongs where its middle lies. */
export function modelAttempts(
  { attemptBins, binMs }: Prediction,
  edgesMs: readonly number[],
): Array<number | null> {
  const sums: Array<number | null> = edgesMs.slice(1).map((endMs) => (endMs <= 0 ? null : 0));
  const [firstMs = 0, secondMs = firstMs + 1] = edgesMs;
  attemptBins.forEach((attempts, i) => {
    const bin = Math.floor(((i + 0.5) * binMs - firstMs) / (secondMs - firstMs));
    if (bin < sums.length) sums[bin] = (sums[bin] ?? 0) + attempts;
  });
  return sums;
}
