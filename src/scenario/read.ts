import { ScenarioError } from '../errors.js';
import { place } from './build.js';
import { variantsOf } from './matrix.js';
import { type OpenScenario, openFile, openText, type ParseOptions, type ReadOptions } from './open.js';
import type { Scenario } from './scenario.js';

/**
 * Reads a scenario file, YAML or JSON. Throws a `UsageError` when the file cannot be read, and a
 * `ScenarioError` with every problem as `file:line:column path: what is wrong, how to write it`. A scenario whose
 * matrix makes several is refused: `expandMatrix` reads those.
 */
export function readScenario(options: ReadOptions): Scenario {
  return onlyVariant(openFile(options));
}

/** The same for text that is in memory already. */
export function parseScenario(options: ParseOptions): Scenario {
  return onlyVariant(openText(options));
}

function onlyVariant(open: OpenScenario): Scenario {
  const [variant, ...others] = variantsOf(open);
  if (variant !== undefined && others.length === 0) return variant.scenario;
  const message = `makes ${others.length + 1} scenarios where one is wanted: leave it out, or add --set matrix={}`;
  throw new ScenarioError([place({ path: ['matrix'], message, at: 'key' }, open, open.settings).text]);
}
