import type { PatternSpec } from '../patterns/list.js';
import type { CapacitySpec, Vary } from '../scenario/capacitySpec.js';
import { isPaced, publishRate, roomsOf } from '../scenario/publishers.js';
import type { PhaseSpec, PopulationSpec, Scenario } from '../scenario/scenario.js';
import { scaleScenario } from '../storm/scale.js';

/** Name of the hold that `settle` puts before what is measured. */
export const SETTLE = 'settle';

type Windows = Pick<CapacitySpec, 'settleUs' | 'measureUs'>;

/**
 * The scenario as it is run at a load. `connections` and `rooms` change how many there are and keep how fast they
 * come; `connect-rate` changes how fast they come, `publish-rate` how often they publish, and both keep who is there.
 */
export function scenarioAt(scenario: Scenario, vary: Vary, load: number, windows: Windows): Scenario {
  const level = scenarioOf(scenario, vary, load);
  const connections = connectionsIn(level);
  const timeline = withWindows(level.timeline, windows).map((phase) =>
    // A ramp cannot have more steps than connections.
    phase.kind === 'ramp' ? { ...phase, steps: Math.max(1, Math.min(phase.steps, connections)) } : phase,
  );
  return { ...level, timeline };
}

function scenarioOf(scenario: Scenario, vary: Vary, load: number): Scenario {
  switch (vary) {
    case 'connections': {
      const times = load / connectionsIn(scenario);
      return mapPopulations(scaleScenario(scenario, load), (population) => withTime(population, times));
    }
    case 'connect-rate': {
      const all = connectionsIn(scenario);
      return mapPopulations(scenario, (population) =>
        withRate(population, (load * population.connections) / all),
      );
    }
    case 'publish-rate': {
      const times = load / publishRate(scenario.populations);
      return mapPopulations(scenario, (population) => publishingFaster(population, scenario, times));
    }
    case 'rooms': {
      const times = load / (roomsOf(scenario.populations)[0]?.rooms ?? 1);
      return mapPopulations(scenario, (population) => withTime(inRooms(population, load, times), times));
    }
  }
}

function connectionsIn({ populations }: Scenario): number {
  return populations.reduce((sum, { connections }) => sum + connections, 0);
}

function mapPopulations(
  scenario: Scenario,
  change: (population: PopulationSpec) => PopulationSpec,
): Scenario {
  return { ...scenario, populations: scenario.populations.map(change) };
}

/** As many a second as before, for so many times the connections: only a time has to be stretched. */
function withTime(population: PopulationSpec, times: number): PopulationSpec {
  const { arrive } = population;
  if (arrive.kind !== 'over') return population;
  return { ...population, arrive: { kind: 'over', overUs: Math.max(1, Math.round(arrive.overUs * times)) } };
}

function withRate(population: PopulationSpec, perSecond: number): PopulationSpec {
  const { arrive } = population;
  const spacing = arrive.kind === 'rate' ? arrive.spacing : 'uniform';
  return { ...population, arrive: { kind: 'rate', perSecond, spacing } };
}

function inRooms(population: PopulationSpec, rooms: number, times: number): PopulationSpec {
  return {
    ...population,
    connections: Math.max(1, Math.round(population.connections * times)),
    patterns: population.patterns.map((pattern) =>
      pattern.kind === 'join' && pattern.options.rooms !== null
        ? { kind: 'join', options: { ...pattern.options, rooms } }
        : pattern,
    ),
  };
}

function publishingFaster(population: PopulationSpec, scenario: Scenario, times: number): PopulationSpec {
  const sooner = (everyUs: number): number => Math.max(1, Math.round(everyUs / times));
  const patterns = population.patterns.map((pattern): PatternSpec => {
    if (!isPaced(pattern, scenario.populations)) return pattern;
    if (pattern.kind === 'publish') {
      return { ...pattern, options: { ...pattern.options, everyUs: sooner(pattern.options.everyUs) } };
    }
    if (pattern.kind !== 'echo' || pattern.options.pace.kind !== 'every') return pattern;
    const pace = { ...pattern.options.pace, everyUs: sooner(pattern.options.pace.everyUs) };
    return { ...pattern, options: { ...pattern.options, pace } };
  });
  return { ...population, patterns };
}

/** `settle` is a hold of its own before the first hold, `measure` the length of that one. */
function withWindows(timeline: readonly PhaseSpec[], { settleUs, measureUs }: Windows): readonly PhaseSpec[] {
  const rest = settleUs === null ? timeline : timeline.filter(({ name }) => name !== SETTLE);
  const first = rest.findIndex(({ kind, name }) => kind === 'hold' && name !== SETTLE);
  return rest.flatMap((phase, i): PhaseSpec[] => {
    if (i !== first || phase.kind !== 'hold') return [phase];
    const measured = measureUs === null ? phase : { ...phase, forUs: measureUs };
    return settleUs === null || settleUs === 0
      ? [measured]
      : [{ kind: 'hold', name: SETTLE, forUs: settleUs }, measured];
  });
}
