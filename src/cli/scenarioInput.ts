import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { adHocScenario } from '../scenario/adHoc.js';
import { MODULE } from '../scenario/dialectSchema.js';
import { expandMatrix, type Variant } from '../scenario/matrix.js';
import { explainUnknown, isDialectName } from '../scenario/resolveDialect.js';
import type { AllowedCode } from '../scenario/surroundings.js';
import type { AdHocArguments, ScenarioArguments } from './options.js';

type Input = ScenarioArguments & Partial<AdHocArguments> & { readonly scenario: string };

const DEFAULT_CONNECTIONS = 100;
const DEFAULT_HOLD = '30s';

/**
 * Every scenario that the command line names: a file, or as many as its matrix makes of it, or a URL with `-c` and
 * `-d`. A single one has no label.
 */
export function variantsFrom(input: Input): readonly Variant[] {
  const { scenario } = input;
  const spoken = withDialect(input);
  if (/^wss?:\/\//i.test(scenario)) {
    const adHoc = adHocScenario({
      url: scenario,
      connections: input.connections ?? DEFAULT_CONNECTIONS,
      hold: input.duration ?? DEFAULT_HOLD,
      ...(input.every === undefined ? {} : { heartbeatEvery: input.every }),
      ...spoken,
      env: process.env,
    });
    return [{ label: '', folder: '', settings: {}, scenario: adHoc }];
  }
  if (/^https?:\/\//i.test(scenario)) {
    throw new UsageError(`${scenario} is no WebSocket address: write ${scenario.replace(/^http/i, 'ws')}`);
  }
  refuseAdHocOptions(input);
  return expandMatrix({ file: scenario, ...spoken, env: process.env });
}

/** The settings with the dialect of the command line among them; a module that is named there is allowed to run. */
function withDialect({ set, dialect, 'allow-code': allowCode }: Input): {
  readonly set: readonly string[];
  readonly allowedCode: AllowedCode;
} {
  const allowed = allowCode ? 'all' : [];
  if (dialect === undefined) return { set, allowedCode: allowed };
  if (isDialectName(dialect)) return { set: [...set, `dialect=${dialect}`], allowedCode: allowed };
  if (!MODULE.test(dialect)) throw new UsageError(`--dialect: ${explainUnknown(dialect)}`);
  // Resolved here: in a scenario the same path would count from the scenario's folder.
  const file = resolve(dialect);
  return { set: [...set, `dialect=${JSON.stringify(file)}`], allowedCode: allowCode ? 'all' : [file] };
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
