import type { Prediction } from '../result/recovery.js';
import type { PhaseSpec, PopulationSpec, Scenario } from '../scenario/scenario.js';
import { formatDuration } from '../scenario/units.js';
import { effectOf } from './effect.js';

type FaultPhase = Extract<PhaseSpec, { kind: 'fault' }>;
type RecoverPhase = Extract<PhaseSpec, { kind: 'recover' }>;

/**
 * What will go otherwise than the writer of a scenario may think, a sentence each. `predictions` are those of
 * `forecastStorms` for the same scenario.
 */
export function stormWarnings(
  { timeline, populations }: Pick<Scenario, 'timeline' | 'populations'>,
  predictions: ReadonlyArray<Prediction | null>,
): string[] {
  let faults = 0;
  return timeline.flatMap((phase, i) => {
    if (phase.kind !== 'fault') return [];
    const prediction = predictions[faults++] ?? null;
    if (!losesConnections(phase)) return [];
    const recover = recoverAfter(timeline, i);
    return [
      ...(recover === null ? [noRecover(phase)] : []),
      ...populations.flatMap((population) => populationWarnings(phase, population, prediction)),
      ...(recover === null || prediction === null ? [] : tooLate(recover, prediction)),
    ];
  });
}

/** Clients find out about a blackhole by their heartbeats, in a time that the model says nothing about. */
function losesConnections({ fault }: FaultPhase): boolean {
  return fault.kind === 'blackhole' || effectOf(fault, 0) !== null;
}

/** The recover phase that belongs to the fault at `index`; the next fault has its own. */
function recoverAfter(timeline: readonly PhaseSpec[], index: number): RecoverPhase | null {
  const next = timeline.slice(index + 1).find(({ kind }) => kind === 'recover' || kind === 'fault');
  return next?.kind === 'recover' ? next : null;
}

function noRecover({ name }: FaultPhase): string {
  return `No recover phase follows ${name}: nothing waits for connections to come back, or judges whether they did.`;
}

function populationWarnings(
  { name: phase }: FaultPhase,
  { name, reconnect, connections }: PopulationSpec,
  prediction: Prediction | null,
): string[] {
  const dropped = prediction?.populations[name]?.dropped ?? connections;
  if (dropped === 0) return [];
  if (reconnect === null) {
    return [`${name} has no reconnect: what it loses in ${phase} does not come back.`];
  }
  const gaveUp = prediction?.populations[name]?.gaveUp ?? 0;
  if (gaveUp === 0) return [];
  const lost = `${name} (${reconnect.name}) gives up ${gaveUp} of ${dropped} connections after ${phase}`;
  return [
    reconnect.attempts === null
      ? `${lost}: its policy does not retry that close code.`
      : `${lost}: ${reconnect.attempts} attempts in a row do not last until the target lets everybody in.`,
  ];
}

function tooLate({ name, untilShare, withinUs }: RecoverPhase, prediction: Prediction): string[] {
  const { openBins, binMs, dropped, assumptions } = prediction;
  const wanted = `${Math.round(untilShare * 1000) / 10} % open again`;
  const bin = openBins.findIndex((open) => open >= untilShare * dropped);
  if (bin < 0) return [`${name} waits for ${wanted}, which by the model is never reached.`];
  // The bin's start: not to call late what comes in the bin in which the time ends.
  if (bin * binMs * 1000 <= withinUs) return [];
  const after = formatDuration(Math.round((bin + 1) * binMs) * 1000);
  return [
    `${name} waits ${formatDuration(withinUs)} for ${wanted}; by the model that takes ${after}, ` +
      `at ${assumptions.acceptPerSecond} handshakes a second.`,
  ];
}
