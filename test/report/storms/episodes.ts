/** Faults of a run and the herds that come back from them. */
import type { Collateral, Prediction, Recovery } from '../../../src/result/recovery.js';
import { latencyUs, type Random, random } from '../samples.js';
import { type Herd, type HerdShape, policies, simulateHerd } from './herd.js';
import { latencyTimes, populationPrediction, predictionOf, recoveryOf } from './recoveryOf.js';

export interface FaultShape {
  readonly kind: string;
  /** Of each population. */
  readonly share: number;
  readonly downMs: number;
  readonly noticedMs?: HerdShape['noticedMs'];
  /** After the fault, in ms. */
  readonly noticedByTarget?: readonly number[];
}

export interface StormShape {
  readonly populations: Readonly<
    Record<string, { readonly connections: number; readonly policy: keyof typeof policies }>
  >;
  readonly attempts: number | null;
  readonly acceptPerSecond: number;
  readonly faults: readonly FaultShape[];
  /** From a fault until the next, or the drain. */
  readonly gapSeconds: number;
  readonly withinSeconds: number;
  readonly isPredicted: boolean;
}

export const KILL: StormShape = {
  populations: { clients: { connections: 2000, policy: 'full-jitter' } },
  attempts: 10,
  acceptPerSecond: 900,
  faults: [{ kind: 'kill-target', share: 1, downMs: 3000 }],
  gapSeconds: 20,
  withinSeconds: 60,
  isPredicted: true,
};

export const FIRST_FAULT_SECONDS = 20;
/** Faults do not begin on a whole bin. */
const LATE_MS = 34;

export interface PopulationHerd {
  readonly population: string;
  readonly dropped: number;
  readonly herd: Herd;
}

/** One fault and what came of it; times of herds count from `atMs`, phases from the start of the run. */
export interface Episode {
  readonly fault: FaultShape;
  readonly atMs: number;
  readonly recoverFromMs: number;
  readonly afterFromMs: number;
  readonly untilMs: number;
  /** `` for the first, `-2`, ... */
  readonly suffix: string;
  readonly herds: readonly PopulationHerd[];
  /** Of connections that stay: in turn before, during and after, in us. */
  readonly stayedUs: { readonly before: number; readonly during: number; readonly after: number } | null;
  readonly predicted: Prediction | null;
}

export function episodesOf(shape: StormShape): Episode[] {
  return shape.faults.map((fault, i) => {
    const atMs = (FIRST_FAULT_SECONDS + i * shape.gapSeconds) * 1000 + LATE_MS;
    const untilMs = (FIRST_FAULT_SECONDS + (i + 1) * shape.gapSeconds) * 1000;
    const herds = Object.entries(shape.populations).map(([population, { connections, policy }], p) =>
      herdOf(
        population,
        Math.round(connections * fault.share),
        policy,
        fault,
        shape,
        100 * i + p,
        untilMs - atMs,
      ),
    );
    const recoverFromMs = Math.min(untilMs, atMs + Math.max(fault.downMs, 60));
    return {
      fault,
      atMs,
      recoverFromMs,
      afterFromMs: Math.round(Math.max(recoverFromMs, Math.min(untilMs, atMs + recoveredMs(herds, shape)))),
      untilMs,
      suffix: i === 0 ? '' : `-${i + 1}`,
      herds,
      stayedUs: fault.share < 1 ? { before: 1400, during: 21_000, after: 1500 } : null,
      predicted: shape.isPredicted ? predictedOf(shape, fault, i) : null,
    };
  });
}

function herdOf(
  population: string,
  dropped: number,
  policy: keyof typeof policies,
  fault: FaultShape,
  shape: StormShape,
  seed: number,
  untilMs: number,
): PopulationHerd {
  const herd = simulateHerd({
    dropped,
    downMs: fault.downMs,
    acceptPerSecond: shape.acceptPerSecond / Object.keys(shape.populations).length,
    delayMs: policies[policy],
    attempts: shape.attempts,
    noticedMs: fault.noticedMs ?? ((rng) => 1 + rng() * 4),
    untilMs,
    seed: 7 + seed,
  });
  return { population, dropped, herd };
}

/** When 99 % are back and the run has heard of it, or the time it gives them. */
function recoveredMs(herds: readonly PopulationHerd[], { withinSeconds }: StormShape): number {
  const back = herds.flatMap(({ herd }) => herd.backMs).sort((a, b) => a - b);
  const dropped = herds.reduce((sum, own) => sum + own.dropped, 0);
  const nearly = back[Math.ceil(dropped * 0.99) - 1] ?? Number.POSITIVE_INFINITY;
  return Math.min(withinSeconds * 1000, nearly + 1100);
}

/** The model is another draw of the same policies, against a server that is a little slower. */
function predictedOf(shape: StormShape, fault: FaultShape, i: number): Prediction {
  const acceptPerSecond = Math.round(shape.acceptPerSecond * 0.9);
  const herds = Object.entries(shape.populations).map(([population, { connections, policy }], p) => {
    const dropped = Math.round(connections * fault.share);
    return herdOf(population, dropped, policy, fault, { ...shape, acceptPerSecond }, 5000 + 100 * i + p, 6e5);
  });
  const whole = predictionOf(together(herds), lostOf(herds), fault.downMs + 120, acceptPerSecond);
  return {
    ...whole,
    populations: Object.fromEntries(
      herds.map(({ population, dropped, herd }) => [population, populationPrediction(herd, dropped)]),
    ),
  };
}

export function lostOf(herds: readonly PopulationHerd[]): number {
  return herds.reduce((sum, { dropped }) => sum + dropped, 0);
}

function together(herds: readonly PopulationHerd[]): Herd {
  const all = herds.map(({ herd }) => herd);
  return {
    attemptsMs: all.flatMap(({ attemptsMs }) => attemptsMs),
    failures: all.flatMap(({ failures }) => failures),
    backMs: all.flatMap(({ backMs }) => backMs).sort((a, b) => a - b),
    noticedMs: all.flatMap(({ noticedMs }) => noticedMs),
    attemptsOfClient: all.flatMap(({ attemptsOfClient }) => attemptsOfClient),
    gaveUp: all.reduce((sum, { gaveUp }) => sum + gaveUp, 0),
  };
}

/** Of one population or, with null, of all. */
export function recordedAs(episode: Episode, population: string | null): Recovery {
  const herds = episode.herds.filter((own) => population === null || own.population === population);
  const { fault, atMs, suffix, predicted } = episode;
  return recoveryOf(together(herds), {
    fault: fault.kind,
    phase: `fault${suffix}`,
    atMs,
    dropped: lostOf(herds),
    collateral: collateralOf(episode),
    ...(fault.noticedByTarget === undefined ? {} : { noticedByTarget: fault.noticedByTarget }),
    predicted: population === null ? predicted : null,
  });
}

function collateralOf({ stayedUs }: Episode): Collateral | null {
  if (stayedUs === null) return null;
  const rng = random(3);
  const times = (medianUs: number) => latencyTimes(samples(medianUs, 4000, rng));
  return { before: times(stayedUs.before), during: times(stayedUs.during), after: times(stayedUs.after) };
}

export function samples(medianUs: number, count: number, rng: Random): number[] {
  return Array.from({ length: count }, () => latencyUs(medianUs, rng));
}
