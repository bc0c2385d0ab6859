import type { CommandModule, InferredOptionTypes, Options } from 'yargs';
import { ExitCode } from '../errors.js';
import { comparisonExitCode } from '../result/exitCode.js';
import { comparingOptions, parseTolerance, roundsOptions } from './comparingOptions.js';
import { adHocOptions, scenarioOrAddress } from './options.js';
import { runInTurn } from './runInTurn.js';
import { folderFor, runningOptions } from './runOptions.js';
import { singleScenario } from './twoCommands.js';

const options = { ...runningOptions, ...adHocOptions, ...roundsOptions } as const satisfies Record<
  string,
  Options
>;

type CalibrateArguments = InferredOptionTypes<typeof options> & { readonly scenario: string };

export const calibrateCommand: CommandModule<object, CalibrateArguments> = {
  command: 'calibrate <scenario>',
  describe: 'run the same thing in turn with itself, and say how small a change can be told from none here',
  builder: (yargs) => yargs.positional('scenario', scenarioOrAddress).options(options),
  handler: calibrate,
};

async function calibrate(given: CalibrateArguments): Promise<void> {
  const scenario = singleScenario(given);
  const record = await runInTurn({ baseline: scenario, candidate: scenario }, given, {
    kind: 'calibrate',
    folder: folderFor(given, `${scenario.name}-calibration`),
    tolerance: parseTolerance(comparingOptions.tolerance.default),
    calibration: null,
  });
  // That identical sides differ is what was asked about, and no regression.
  const code = comparisonExitCode(record, false);
  process.exitCode = code === ExitCode.regression ? ExitCode.ok : code;
}
