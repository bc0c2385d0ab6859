import type { CommandModule, InferredOptionTypes, Options } from 'yargs';
import { findCapacity } from '../capacity/capacity.js';
import { ScenarioError, UsageError } from '../errors.js';
import { loadWords, tryWords } from '../report/capacityWords.js';
import { capacityExitCode } from '../result/exitCode.js';
import type { CapacitySpec } from '../scenario/capacitySpec.js';
import { varied } from '../scenario/capacitySpec.js';
import { checkDialects } from '../scenario/checkDialects.js';
import type { Scenario } from '../scenario/scenario.js';
import { deliver, deliverCapacity } from './deliver.js';
import { interruptible } from './interrupt.js';
import { adHocOptions, parseReporters, scenarioOrAddress } from './options.js';
import { printError } from './print.js';
import { createProgress } from './progress.js';
import { folderFor, mannerOf, runningOptions } from './runOptions.js';
import { variantsFrom } from './scenarioInput.js';

const options = {
  ...runningOptions,
  ...adHocOptions,
  vary: { type: 'string', describe: `what grows: ${varied.join(', ')}` },
  from: { type: 'string', describe: 'the first level to try: one that is sure to pass' },
  to: { type: 'string', describe: 'the last one' },
  precision: { type: 'string', describe: 'how wide the bracket may be, such as 1%' },
  tries: { type: 'string', describe: 'how often the two ends of the bracket are tried at the most' },
  needed: { type: 'string', describe: 'of these, how many must pass' },
  settle: { type: 'string', describe: 'a hold before the one that measures, such as 5s' },
  measure: { type: 'string', describe: 'length of the first hold, such as 15s' },
  'cool-down': { type: 'string', describe: 'rest between two tries, such as 5s' },
  'keep-target': {
    type: 'boolean',
    describe: 'one target for all tries, started again only where it did not recover',
  },
  for: {
    type: 'string',
    describe: 'loads to size for, such as 100000,500000 (default: what passed, twice and ten times that)',
  },
} as const satisfies Record<string, Options>;

type CapacityArguments = InferredOptionTypes<typeof options> & { readonly scenario: string };

export const capacityCommand: CommandModule<object, CapacityArguments> = {
  command: 'capacity <scenario>',
  describe: 'search how much the server holds, and say what gave out first',
  builder: (yargs) => yargs.positional('scenario', scenarioOrAddress).options(options),
  handler: capacity,
};

async function capacity(given: CapacityArguments): Promise<void> {
  const wanted = parseReporters(given.reporter);
  const { scenario, spec } = searchedFrom(given);
  await checkDialects([scenario]);
  const folder = folderFor(given, scenario.name);
  const manner = mannerOf(given);
  const sizeFor = parseLoads(given.for);
  const progress = createProgress({ quiet: manner.quiet || !process.stderr.isTTY });
  const interrupt = interruptible();
  try {
    const record = await findCapacity(scenario, spec, {
      ...manner,
      folder,
      interrupt: interrupt.signal,
      onLive: progress.show,
      sizeFor,
      onTry(load, one, result) {
        progress.end();
        if (!manner.quiet) printError(`${loadWords(load, spec.vary)}: ${tryWords(one)}`);
        if (result === null) return;
        const own = { folder: `${folder}/${one.folder}`, wanted, json: false, open: false, quiet: true };
        deliver(result, own);
      },
    });
    progress.end();
    deliverCapacity(record, { folder, wanted, json: given.json, open: given.open, quiet: false });
    process.exitCode = capacityExitCode(record);
  } finally {
    interrupt.release();
  }
}

/** Whole loads by comma; none when nothing was given. */
function parseLoads(given: string | undefined): number[] {
  return (given?.split(',') ?? []).map((text) => {
    const load = Number(text);
    if (Number.isSafeInteger(load) && load > 0) return load;
    throw new UsageError('--for takes whole loads by comma, such as 100000,500000.');
  });
}

/** Options that are keys of the scenario's `capacity`, which they override. */
const KEYS = {
  vary: 'vary',
  from: 'from',
  to: 'to',
  precision: 'precision',
  tries: 'tries',
  needed: 'needed',
  settle: 'settle',
  measure: 'measure',
  'cool-down': 'coolDown',
} as const;

/** What is searched, and how: by the scenario, and by the command line, which wins. */
function searchedFrom(given: CapacityArguments): {
  readonly scenario: Scenario;
  readonly spec: CapacitySpec;
} {
  const settings = Object.entries(KEYS).flatMap(([option, key]) => {
    const value = given[option as keyof typeof KEYS];
    return value === undefined ? [] : [`capacity.${key}=${value}`];
  });
  const kept = given['keep-target'];
  const target = kept === undefined ? [] : [`capacity.target=${kept ? 'kept' : 'fresh'}`];
  const variants = inOptions(() => variantsFrom({ ...given, set: [...given.set, ...settings, ...target] }));
  const first = variants[0]!;
  if (first.label !== '') {
    throw new UsageError(
      'A search is about one scenario, and this one has a matrix: take it out with --set matrix={}, and write the value to search with, such as --set path=value.',
    );
  }
  const { capacity: spec } = first.scenario;
  if (spec !== null) return { scenario: first.scenario, spec };
  throw new UsageError(
    'Say what to search: --vary connections --from 100 --to 10000, or write capacity: { vary: connections, from: 100, to: 10000 } in the scenario.',
  );
}

/** Problems of settings that were made of options speak of these. */
function inOptions<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const names = new Map<string, string>(Object.entries(KEYS).map(([option, key]) => [key, option]));
    throw new ScenarioError(
      error.problems.map((problem) =>
        problem.replace(/^(?:--set|\S+:1:1) capacity\.(\w+): /, (whole, key: string) => {
          if (key === 'target') return '--keep-target: ';
          const option = names.get(key);
          return option === undefined ? whole : `--${option}: `;
        }),
      ),
    );
  }
}
