import type { PopulationPrediction, Prediction, StormAssumptions } from '../result/recovery.js';
import type { PopulationSpec, Scenario } from '../scenario/scenario.js';
import { formatDuration } from '../scenario/units.js';
import { BIN_US, peakPerSecond, runningSums } from './bins.js';
import { type Effect, effectOf, takesConnection } from './effect.js';
import { BOUNDS, type Outcome, simulateStorm } from './simulate.js';
import type { Herd } from './storm.js';
import type { Tally } from './tally.js';

/** What a forecast takes for given beside the scenario. */
export interface ForecastAssumptions extends Omit<StormAssumptions, 'outageMs'> {
  /** From the start of the target's process until it accepts connections; null: it never does. */
  readonly startUpUs: number | null;
  /** How long it takes a client to learn that its attempt was refused; above 0. */
  readonly refusalUs: number;
}

/**
 * One for each fault of the timeline, in its order; null where the model says nothing about that kind. Each is
 * forecast by itself: as if every connection had been open when it began, and had not reconnected before.
 */
export function forecastStorms(
  scenario: Scenario,
  assumptions: ForecastAssumptions,
): ReadonlyArray<Prediction | null> {
  return scenario.timeline.flatMap((phase) => {
    if (phase.kind !== 'fault') return [];
    const effect = effectOf(phase.fault, assumptions.startUpUs);
    return [effect === null ? null : forecast(scenario, effect, assumptions)];
  });
}

function forecast(scenario: Scenario, effect: Effect, assumptions: ForecastAssumptions): Prediction {
  const { startUpUs: _, refusalUs, ...stated } = assumptions;
  const { acceptPerSecond, acceptQueue, attemptsPerSecond, refusedPerSecond } = stated;
  const outcome = simulateStorm({
    seed: scenario.seed,
    herds: scenario.populations.map((population) => herdOf(population, effect.share)),
    closeCode: effect.closeCode,
    outage: effect.outage,
    acceptPerSecond,
    acceptQueue,
    generator:
      attemptsPerSecond === null
        ? null
        : { attemptsPerSecond, refusedPerSecond: refusedPerSecond ?? attemptsPerSecond },
    refusalUs,
  });
  const { all, herds, attempts, opens } = outcome;
  const { untilUs } = effect.outage;
  return {
    ...prediction(all),
    peakAttemptsPerSecond: peakPerSecond(attempts),
    binMs: BIN_US / 1000,
    attemptBins: attempts,
    openBins: runningSums(opens, attempts.length),
    populations: Object.fromEntries(
      scenario.populations.map(({ name }) => [name, prediction(herds.get(name)!)]),
    ),
    assumptions: { ...stated, outageMs: untilUs === null ? null : untilUs / 1000 },
    stopped: stoppedBecause(outcome),
  };
}

function herdOf({ name, connections, connect, reconnect }: PopulationSpec, share: number): Herd {
  const taken = Int32Array.from({ length: connections }, (_, i) => i);
  return {
    name,
    connections: share === 1 ? taken : taken.filter((connection) => takesConnection(connection, share)),
    policy: reconnect,
    timeoutUs: reconnect?.connectTimeoutUs ?? connect.handshakeTimeoutUs,
  };
}

function prediction({ dropped, attempts, gaveUp, stillOut, times }: Tally): PopulationPrediction {
  return { dropped, ...times, attempts, gaveUp, stillOut };
}

function stoppedBecause({ cutOff, all }: Outcome): string | null {
  if (cutOff === null) return null;
  const bound =
    cutOff === 'events'
      ? `after ${BOUNDS.events / 1_000_000} million events`
      : `at ${formatDuration(BOUNDS.simulatedUs)} of simulated time`;
  return `the model was stopped ${bound}, when ${all.stillOut} of ${all.dropped} were still out`;
}
