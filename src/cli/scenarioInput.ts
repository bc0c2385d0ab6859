import { UsageError } from '../errors.js';
import { adHocScenario } from '../scenario/adHoc.js';
import { expandMatrix, type Variant } from '../scenario/matrix.js';
import type { AdHocArguments, ScenarioArguments } from './options.js';

type Input = ScenarioArguments & Partial<AdHocArguments> & { readonly scenario: string };

const DEFAULT_CONNECTIONS = 100;
const DEFAULT_HOLD = '30s';

/**
 * Every scenario that the command line names: a file, or as many as its matrix makes of it, or a URL with `-c` and
 * `-d`. A single one has no label.
 */
export function variantsFrom(input: Input): readonly Variant[] {
  const { scenario, set } = input;
  if (/^wss?:\/\//i.test(scenario)) {
    const adHoc = adHocScenario({
      url: scenario,
      connections: input.connections ?? DEFAULT_CONNECTIONS,
      hold: input.duration ?? DEFAULT_HOLD,
      ...(input.every === undefined ? {} : { heartbeatEvery: input.every }),
      set,
      env: process.env,
    });
    return [{ label: '', folder: '', settings: {}, scenario: adHoc }];
  }
  if (/^https?:\/\//i.test(scenario)) {
    throw new UsageError(`${scenario} is no WebSocket address: write ${scenario.replace(/^http/i, 'ws')}`);
  }
  refuseAdHocOptions(input);
  return expandMatrix({ file: scenario, set, env: process.env });
}

function refuseAdHocOptions(input: Input): void {
  const misplaced = (['connections', 'duration', 'every'] as const).filter(
    (name) => input[name] !== undefined,
  );
  if (misplaced.length === 0) return;
  throw new UsageError(
    `--${misplaced.join(', --')} ${misplaced.length > 1 ? 'go' : 'goes'} with run ws://host/path; ` +
      'in a scenario file change values with --set, such as --set populations.clients.connections=50.',
  );
}
