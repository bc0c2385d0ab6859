import type { ThroughputModel, Vary } from '../result/capacity.js';
import { fitScalability } from '../stats/scalability.js';
import { FAR } from './forecasts.js';
import type { SoundTry } from './soundTries.js';

/** Loads that three parameters and a judgement of them need. */
const LEAST_LOADS = 6;

export interface ThroughputFinding {
  readonly model: ThroughputModel | null;
  readonly notes: readonly string[];
}

/**
 * What came, over what was asked for, by the Universal Scalability Law. Tries that failed count too: only beyond the knee does
 * it show that more load gets less done. Pure.
 */
export function throughputOf(vary: Vary, tries: readonly SoundTry[]): ThroughputFinding {
  if (vary !== 'connect-rate' && vary !== 'publish-rate') return { model: null, notes: [] };
  const points = tries.flatMap(({ load, figures: { achieved } }) =>
    achieved === null || load <= 0 ? [] : [{ load, value: achieved }],
  );
  const loads = new Set(points.map(({ load }) => load)).size;
  if (loads < LEAST_LOADS) {
    const have = loads === 1 ? 'there is 1' : `there are ${loads}`;
    return without(
      `Throughput: the Universal Scalability Law needs ${LEAST_LOADS} loads, ${have}: search from a lower load, or with a smaller --precision.`,
    );
  }
  const fit = fitScalability(points.map(({ load, value }) => ({ x: load, y: value })));
  if (fit === null)
    return without('Throughput: the Universal Scalability Law does not fit what was measured.');
  const most = Math.max(...points.map(({ load }) => load));
  const isNear = fit.peak !== null && fit.peak.load <= FAR * most;
  return { model: { points, ...fit, peak: isNear ? fit.peak : null }, notes: noPeak(fit.peak, isNear) };
}

function without(note: string): ThroughputFinding {
  return { model: null, notes: [note] };
}

function noPeak(peak: ThroughputModel['peak'], isNear: boolean): string[] {
  if (isNear) return [];
  return [
    peak === null
      ? 'Throughput: no peak is named, since these loads cannot tell a server that falls off from one that does not.'
      : 'Throughput: no peak is named, since it would lie beyond twice the greatest load tested.',
  ];
}
