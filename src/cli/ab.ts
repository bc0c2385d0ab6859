import type { CommandModule, InferredOptionTypes, Options } from 'yargs';
import { comparisonExitCode } from '../result/exitCode.js';
import { calibrationFor, comparingOptions, parseTolerance, roundsOptions } from './comparingOptions.js';
import { adHocOptions } from './options.js';
import { runInTurn } from './runInTurn.js';
import { folderFor, runningOptions } from './runOptions.js';
import { scenariosOf } from './twoCommands.js';

const options = {
  ...runningOptions,
  ...adHocOptions,
  ...comparingOptions,
  ...roundsOptions,
  baseline: {
    type: 'string',
    demandOption: true,
    describe: "shell command that starts the server as it was, with ${port}: 'node old.js --port ${port}'",
  },
  candidate: {
    type: 'string',
    demandOption: true,
    describe: 'shell command that starts the server as it is now, with ${port}',
  },
} as const satisfies Record<string, Options>;

type AbArguments = InferredOptionTypes<typeof options> & { readonly scenario: string };

export const abCommand: CommandModule<object, AbArguments> = {
  command: 'ab <scenario>',
  describe: 'run two versions of a server in turn, and say whether the second is worse',
  builder: (yargs) =>
    yargs
      .positional('scenario', { type: 'string', demandOption: true, describe: 'a scenario file' })
      .options(options),
  handler: ab,
};

async function ab(given: AbArguments): Promise<void> {
  const sides = scenariosOf(given, { baseline: given.baseline, candidate: given.candidate });
  const { name } = sides.baseline;
  const record = await runInTurn(sides, given, {
    kind: 'ab',
    folder: folderFor(given, `${name}-ab`),
    tolerance: parseTolerance(given.tolerance),
    calibration: calibrationFor(given, name),
  });
  process.exitCode = comparisonExitCode(record, given.strict);
}
