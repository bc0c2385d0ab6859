import type { CommandModule, InferredOptionTypes, Options } from 'yargs';
import { runRounds } from '../compare/rounds.js';
import { comparisonAnswer } from '../report/comparisonWords.js';
import { comparisonExitCode } from '../result/exitCode.js';
import { checkDialects } from '../scenario/checkDialects.js';
import {
  calibrationFor,
  comparingOptions,
  parseRounds,
  parseTolerance,
  roundsOptions,
} from './comparingOptions.js';
import { deliver, deliverComparison } from './deliver.js';
import { interruptible } from './interrupt.js';
import { adHocOptions, parseReporters } from './options.js';
import { printError } from './print.js';
import { createProgress } from './progress.js';
import { folderFor, mannerOf, runningOptions } from './runOptions.js';
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
  const wanted = parseReporters(given.reporter);
  const rounds = parseRounds(given);
  const tolerance = parseTolerance(given.tolerance);
  const sides = scenariosOf(given, { baseline: given.baseline, candidate: given.candidate });
  await checkDialects(Object.values(sides));
  const { name, seed } = sides.baseline;
  const calibration = calibrationFor(given, name);
  const folder = folderFor(given, `${name}-ab`);
  const manner = mannerOf(given);
  const progress = createProgress({ quiet: manner.quiet || !process.stderr.isTTY });
  const interrupt = interruptible();
  try {
    const record = await runRounds(sides, {
      ...manner,
      ...rounds,
      ...{ kind: 'ab', folder, tolerance, calibration, seed },
      interrupt: interrupt.signal,
      onLive: progress.show,
      onRun(side, round, own, result) {
        progress.end();
        if (!manner.quiet)
          printError(`round ${round} of ${rounds.rounds}, ${side}: ${result.run.validity.status}`);
        deliver(result, { folder: own, wanted, json: false, open: false, quiet: true });
      },
      onLook(look) {
        if (!manner.quiet) printError(`So far: ${comparisonAnswer(look).sentence}`);
      },
    });
    progress.end();
    deliverComparison(record, { folder, wanted, json: given.json, open: given.open, quiet: false });
    process.exitCode = comparisonExitCode(record, given.strict);
  } finally {
    interrupt.release();
  }
}
