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

/**
 * How many handshakes a second both ends manage, from the CPU time that each of them spent on a handshake of the
 * ramp: the target on one core, the generator on one for each worker, and both on those that they share.
 */
export function assumptionsOf(
  target: RunningTarget,
  { cpuPerConnectUs }: Pick<RunFacts['target'], 'cpuPerConnectUs'>,
  { accumulator, phases }: Pick<RunFacts, 'accumulator' | 'phases'>,
  { scenario, plan, machine }: Planned,
): ForecastAssumptions {
  const startUp = target.lifecycle === null ? {} : { startUpUs: target.lifecycle.startedInUs };
  const ramps = phases.filter(({ kind }) => kind === 'ramp').map(({ name }) => name);
  const opens = ramps.reduce(
    (sum, name) => sum + (accumulator.phases.get(name)?.all.counter('connections.opened') ?? 0),
    0,
  );
  const oursUs = ramps.reduce((sum, name) => sum + (accumulator.cpuUs.get(name) ?? Number.NaN), 0) / opens;
  if (opens < LEAST_OPENS || !(oursUs > 0)) return assumptionsFor(scenario, startUp);
  const theirsUs = cpuPerConnectUs ?? 0;
  const together = machine.cpus.count / (oursUs + (machine.coLocated ? theirsUs : 0));
  const perUs = Math.min(
    plan.shards.length / oursUs,
    together,
    theirsUs > 0 ? 1 / theirsUs : Number.POSITIVE_INFINITY,
  );
  const there = theirsUs > 0 ? `${Math.round(theirsUs)} us at the target and ` : '';
  return assumptionsFor(scenario, {
    ...startUp,
    acceptPerSecond: Math.round(perUs * 1e6),
    acceptSource: `from the CPU time of a handshake in the ramp: ${there}${Math.round(oursUs)} us here`,
    ...generatorRate(plan.shards.length),
  });
}
