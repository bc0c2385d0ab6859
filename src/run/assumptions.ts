import { BIN_US } from '../metrics/snapshot.js';
import type { Plan } from '../plan/plan.js';
import type { RunFacts } from '../result/build.js';
import type { Machine } from '../result/types.js';
import type { Scenario } from '../scenario/scenario.js';
import { assumptionsFor, generatorRate } from '../storm/assumptions.js';
import type { ForecastAssumptions } from '../storm/forecast.js';
import type { RunningTarget } from '../target/target.js';

/** What was to be run, and where. */
interface Planned {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly machine: Machine;
}

/** Fewer handshakes than this, and CPU time, which is counted in ticks of 10 ms, says nothing about each. */
const LEAST_OPENS = 500;

/** Bins over which opens are counted to see how fast they came: in a single one they may have been saved up. */
const FASTEST_BINS = 4;

interface Rate {
  readonly acceptPerSecond: number;
  readonly acceptSource: string;
}

/**
 * What the model is given about both ends of a run: how long the target took to start, and how many handshakes a
 * second they manage. Two ways to see that, each of them rather too low: the better one counts.
 */
export function assumptionsOf(
  target: RunningTarget,
  { cpuPerConnectUs }: Pick<RunFacts['target'], 'cpuPerConnectUs'>,
  written: Pick<RunFacts, 'accumulator' | 'phases'>,
  planned: Planned,
): ForecastAssumptions {
  const known = {
    ...(target.lifecycle === null ? {} : { startUpUs: target.lifecycle.startedInUs }),
    ...generatorRate(planned.plan.shards.length),
  };
  const byCpu = rateByCpu(cpuPerConnectUs ?? 0, written, planned);
  if (byCpu === null) return assumptionsFor(planned.scenario, known);
  const seen = fastestRate(written.accumulator.endings.attemptBins().opens);
  return assumptionsFor(planned.scenario, {
    ...known,
    ...(seen.acceptPerSecond > byCpu.acceptPerSecond ? seen : byCpu),
  });
}

/**
 * From the CPU time that each end spent on a handshake of the ramp: the target on one core, the generator on one for each
 * worker, and both on those that they share. Too low where handshakes come one by one: in a herd they cost less.
 */
function rateByCpu(
  theirsUs: number,
  { accumulator, phases }: Pick<RunFacts, 'accumulator' | 'phases'>,
  { plan, machine }: Planned,
): Rate | null {
  const ramps = phases.filter(({ kind }) => kind === 'ramp').map(({ name }) => name);
  const opens = ramps.reduce(
    (sum, name) => sum + (accumulator.phases.get(name)?.all.counter('connections.opened') ?? 0),
    0,
  );
  const oursUs = ramps.reduce((sum, name) => sum + (accumulator.cpuUs.get(name) ?? Number.NaN), 0) / opens;
  if (opens < LEAST_OPENS || !(oursUs > 0)) return null;
  const perUs = Math.min(
    plan.shards.length / oursUs,
    machine.cpus.count / (oursUs + (machine.coLocated ? theirsUs : 0)),
    theirsUs > 0 ? 1 / theirsUs : Number.POSITIVE_INFINITY,
  );
  const there = theirsUs > 0 ? `${Math.round(theirsUs)} us at the target and ` : '';
  return {
    acceptPerSecond: Math.round(perUs * 1e6),
    acceptSource: `from the CPU time of a handshake in the ramp: ${there}${Math.round(oursUs)} us here`,
  };
}

/** As fast as they were seen to be. Too low where nobody was in a hurry. */
function fastestRate(opens: readonly number[]): Rate {
  let window = 0;
  let most = 0;
  opens.forEach((count, bin) => {
    window += count - (opens[bin - FASTEST_BINS] ?? 0);
    most = Math.max(most, window);
  });
  const seconds = (FASTEST_BINS * BIN_US) / 1e6;
  return {
    acceptPerSecond: Math.round(most / seconds),
    acceptSource: `as many as opened in the fastest ${seconds * 1000} ms of this run`,
  };
}
