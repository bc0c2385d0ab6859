import { UsageError } from '../errors.js';
import { adHocScenario } from '../scenario/adHoc.js';
import { readScenario } from '../scenario/read.js';
import type { Scenario } from '../scenario/scenario.js';
import type { AdHocArguments, ScenarioArguments } from './options.js';

type Input = ScenarioArguments & Partial<AdHocArguments> & { readonly scenario: string };

const DEFAULT_CONNECTIONS = 100;
const DEFAULT_HOLD = '30s';

/** The scenario that the command line names: a file, or a URL with `-c` and `-d`. */
export function scenarioFrom(input: Input): Scenario {
  const { scenario, set } = input;
  if (/^wss?:\/\//i.test(scenario)) {
    return adHocScenario({
      url: scenario,
      connections: input.connections ?? DEFAULT_CONNECTIONS,
      hold: input.duration ?? DEFAULT_HOLD,
      ...(input.every === undefined ? {} : { heartbeatEvery: input.every }),
      set,
      env: process.env,
    });
  }
  if (/^https?:\/\//i.test(scenario)) {
    throw new UsageError(`${scenario} is no WebSocket address: write ${scenario.replace(/^http/i, 'ws')}`);
  }
  const misplaced = (['connections', 'duration', 'every'] as const).filter(
    (name) => input[name] !== undefined,
  );
  if (misplaced.length > 0) {
    throw new UsageError(
      `--${misplaced.join(', --')} ${misplaced.length > 1 ? 'go' : 'goes'} with run ws://host/path; ` +
        'in a scenario file change values with --set, such as --set populations.clients.connections=50.',
    );
  }
  return readScenario({ file: scenario, set, env: process.env });
}
