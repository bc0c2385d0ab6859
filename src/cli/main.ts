#!/usr/bin/env node
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { ExitCode, UsageError, UserError } from '../errors.js';
import { escapeInvisible, withoutCommands } from '../report/visible.js';
import { version } from '../version.js';
import { addCommands } from './commands.js';
import { printError } from './print.js';
import { refuseRepeats } from './repeats.js';

// Who reads our output may stop before its end, as `head` does: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

/** The command line: every command is a file of its own, and sets the exit code. */
try {
  const words = hideBin(process.argv);
  const cli = yargs(words);
  await addCommands(cli, words[0]);
  await cli
    .scriptName('wsherd')
    .usage('wsherd <command>\n\nLoad testing and capacity planning for WebSocket servers.')
    .demandCommand(1, 'Say what to do: wsherd run <scenario>, or see wsherd --help.')
    .completion('completion', 'print a script for the completion of commands in a shell')
    .recommendCommands()
    .strict()
    // `--set a=1 scenario.yaml` is one setting and one file.
    .parserConfiguration({ 'greedy-arrays': false })
    .check(refuseRepeats)
    .version(version)
    .alias('help', 'h')
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(`${message}\nwsherd --help lists the commands and options.`);
    })
    .parseAsync();
} catch (error) {
  const isUserError = error instanceof UserError;
  // Messages quote file names, the scenario and what a target printed.
  const said = isUserError ? error.message : String(error instanceof Error ? error.stack : error);
  printError(escapeInvisible(said).split('\n').map(withoutCommands).join('\n'));
  process.exitCode = isUserError ? error.exitCode : ExitCode.internal;
}
