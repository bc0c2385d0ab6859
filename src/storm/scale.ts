import type { Scenario } from '../scenario/scenario.js';

/** The same scenario with so many connections in all, each population its share of them; none is lost by rounding. */
export function scaleScenario(scenario: Scenario, connections: number): Scenario {
  const { populations } = scenario;
  const planned = populations.reduce((sum, population) => sum + population.connections, 0);
  const exact = populations.map((population) => (population.connections * connections) / planned);
  const sizes = exact.map(Math.floor);
  const missing = connections - sizes.reduce((sum, size) => sum + size, 0);
  // Largest remainder: who lost most by rounding down gets one more; among equals the first.
  const byRemainder = exact.map((size, i) => ({ i, lost: size - sizes[i]! }));
  byRemainder.sort((a, b) => b.lost - a.lost);
  for (const { i } of byRemainder.slice(0, missing)) sizes[i]!++;
  return {
    ...scenario,
    populations: populations.map((population, i) => ({ ...population, connections: sizes[i]! })),
  };
}
