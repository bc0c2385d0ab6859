import { join } from 'node:path';
import type { CommandModule, InferredOptionTypes, Options } from 'yargs';
import { calibrationOf } from '../compare/calibration.js';
import { keyOfScenario } from '../compare/measuredRun.js';
import { runRounds } from '../compare/rounds.js';
import { ExitCode } from '../errors.js';
import { comparisonExitCode } from '../result/exitCode.js';
import { CALIBRATION_FILE, writeWhole } from '../result/files.js';
import { checkDialects } from '../scenario/checkDialects.js';
import { parseRounds, parseTolerance, roundsOptions } from './comparingOptions.js';
import { deliver, deliverComparison } from './deliver.js';
import { interruptible } from './interrupt.js';
import { adHocOptions, parseReporters } from './options.js';
import { printError } from './print.js';
import { createProgress } from './progress.js';
import { folderFor, mannerOf, runningOptions } from './runOptions.js';
import { singleScenario } from './twoCommands.js';

const options = { ...runningOptions, ...adHocOptions, ...roundsOptions } as const satisfies Record<
  string,
  Options
>;

type CalibrateArguments = InferredOptionTypes<typeof options> & { readonly scenario: string };

export const calibrateCommand: CommandModule<object, CalibrateArguments> = {
  command: 'calibrate <scenario>',
  describe: 'run the same thing in turn with itself, and say how small a change can be told from none here',
  builder: (yargs) =>
    yargs
      .positional('scenario', {
        type: 'string',
        demandOption: true,
        describe: 'a scenario file, or ws://host/path',
      })
      .options(options),
  handler: calibrate,
};

async function calibrate(given: CalibrateArguments): Promise<void> {
  const wanted = parseReporters(given.reporter);
  const rounds = parseRounds(given);
  const scenario = singleScenario(given);
  await checkDialects([scenario]);
  const folder = folderFor(given, `${scenario.name}-calibration`);
  const manner = mannerOf(given);
  const progress = createProgress({ quiet: manner.quiet || !process.stderr.isTTY });
  const interrupt = interruptible();
  try {
    const record = await runRounds(
      { baseline: scenario, candidate: scenario },
      {
        ...manner,
        ...rounds,
        ...{ kind: 'calibrate', folder, calibration: null, seed: scenario.seed },
        tolerance: parseTolerance('3%'),
        interrupt: interrupt.signal,
        onLive: progress.show,
        onRun(side, round, own, result) {
          progress.end();
          if (!manner.quiet)
            printError(`round ${round} of ${rounds.rounds}, ${side}: ${result.run.validity.status}`);
          deliver(result, { folder: own, wanted, json: false, open: false, quiet: true });
        },
        onLook() {},
      },
    );
    progress.end();
    const calibration = calibrationOf(record, keyOfScenario(scenario));
    if (calibration !== null) writeWhole(join(folder, CALIBRATION_FILE), `${JSON.stringify(calibration)}\n`);
    deliverComparison(record, { folder, wanted, json: given.json, open: given.open, quiet: false });
    // That identical sides differ is what was asked about, and no regression.
    const code = comparisonExitCode(record, false);
    process.exitCode = code === ExitCode.regression ? ExitCode.ok : code;
  } finally {
    interrupt.release();
  }
}
