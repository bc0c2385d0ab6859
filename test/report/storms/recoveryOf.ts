/** What a record says of a herd. */
import type {
  Collateral,
  LatencyTimes,
  NoticedTimes,
  PopulationPrediction,
  Prediction,
  Recovery,
} from '../../../src/result/recovery.js';
import { binned, type Herd } from './herd.js';

export interface Told {
  readonly fault: string;
  readonly phase: string;
  readonly atMs: number;
  readonly dropped: number;
  readonly collateral?: Collateral | null;
  readonly noticedByTarget?: readonly number[];
  readonly predicted?: Prediction | null;
}

export function recoveryOf(herd: Herd, told: Told): Recovery {
  const { dropped } = told;
  const { attemptsMs, backMs, attemptsOfClient, gaveUp, noticedMs } = herd;
  const peak = peakPerSecond(attemptsMs);
  const sorted = [...attemptsOfClient].sort((a, b) => a - b);
  const at = (q: number) =>
    sorted.length * (1 - q) < 1 ? null : (sorted[Math.ceil(sorted.length * q) - 1] ?? null);
  return {
    fault: told.fault,
    phase: told.phase,
    atMs: told.atMs,
    dropped,
    recovered: backMs.length,
    ...milestones(backMs, dropped),
    attempts: attemptsMs.length,
    amplification: dropped === 0 ? null : Math.round((attemptsMs.length / dropped) * 1000) / 1000,
    attemptsPerClient: { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? null },
    peakAttemptsPerSecond: peak,
    herdFactor: dropped === 0 ? null : Math.round((peak / dropped) * 1000) / 1000,
    gaveUp,
    noticed: {
      byClient: noticedTimes(noticedMs),
      byTarget: told.noticedByTarget === undefined ? null : noticedTimes(told.noticedByTarget),
    },
    collateral: told.collateral ?? null,
    predicted: told.predicted ?? null,
  };
}

export function predictionOf(
  herd: Herd,
  dropped: number,
  outageMs: number,
  acceptPerSecond: number,
): Prediction {
  const { attemptsMs, backMs } = herd;
  const bins = Math.ceil((Math.max(0, ...attemptsMs, ...backMs) + 1) / 100);
  let open = 0;
  return {
    ...populationPrediction(herd, dropped),
    peakAttemptsPerSecond: peakPerSecond(attemptsMs),
    binMs: 100,
    attemptBins: binned(attemptsMs, 100, bins),
    openBins: binned(backMs, 100, bins).map((n) => {
      open += n;
      return open;
    }),
    populations: {},
    assumptions: {
      outageMs,
      acceptPerSecond,
      acceptSource: 'from the CPU time of a handshake in the ramp: 240 us at the target and 180 us here',
      acceptQueue: 511,
      attemptsPerSecond: 5200,
      refusedPerSecond: 9800,
    },
    stopped: null,
  };
}

export function populationPrediction(herd: Herd, dropped: number): PopulationPrediction {
  const { attemptsMs, backMs, gaveUp } = herd;
  const stillOut = dropped - backMs.length - gaveUp;
  return { dropped, ...milestones(backMs, dropped), attempts: attemptsMs.length, gaveUp, stillOut };
}

function milestones(backMs: readonly number[], dropped: number) {
  const at = (share: number) => {
    const rank = Math.ceil(share * dropped - 1e-9);
    return rank === 0 ? null : (backMs.map((ms) => Math.round(ms * 10) / 10)[rank - 1] ?? null);
  };
  return { t50Ms: at(0.5), t90Ms: at(0.9), t99Ms: at(0.99), t100Ms: at(1) };
}

function peakPerSecond(timesMs: readonly number[]): number {
  const bins = binned(timesMs, 100, Math.ceil((Math.max(0, ...timesMs) + 1) / 100));
  return bins.reduce(
    (peak, _, i) =>
      Math.max(
        peak,
        bins.slice(i, i + 10).reduce((a, b) => a + b, 0),
      ),
    0,
  );
}

function noticedTimes(timesMs: readonly number[]): NoticedTimes | null {
  if (timesMs.length === 0) return null;
  const sorted = timesMs.map((ms) => Math.round(ms * 10) / 10).sort((a, b) => a - b);
  return {
    count: sorted.length,
    p50Ms: sorted[Math.floor(sorted.length / 2)] ?? null,
    p99Ms: sorted.length < 100 ? null : (sorted[Math.floor(sorted.length * 0.99)] ?? null),
    maxMs: Math.round(sorted.at(-1) ?? 0),
  };
}

export function latencyTimes(samplesUs: readonly number[]): LatencyTimes {
  const sorted = [...samplesUs].sort((a, b) => a - b);
  return {
    count: sorted.length,
    p50Us: sorted[Math.floor(sorted.length / 2)] ?? null,
    p99Us: sorted.length < 100 ? null : (sorted[Math.floor(sorted.length * 0.99)] ?? null),
    maxUs: sorted.at(-1) ?? 0,
  };
}
