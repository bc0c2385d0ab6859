#!/usr/bin/env node
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { ExitCode, UsageError, UserError } from '../errors.js';
import { version } from '../version.js';
import { checkCommand } from './check.js';
import { doctorCommand } from './doctor.js';
import { printError } from './print.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { serveCommand } from './serve.js';

/** The command line: every command is a file of its own, and sets the exit code. */
try {
  await yargs(hideBin(process.argv))
    .scriptName('wsherd')
    .usage('wsherd <command>\n\nLoad testing and capacity planning for WebSocket servers.')
    .command(runCommand)
    .command(checkCommand)
    .command(reportCommand)
    .command(serveCommand)
    .command(doctorCommand)
    .demandCommand(1, 'Say what to do: wsherd run <scenario>, or see wsherd --help.')
    .completion('completion', 'print a script for the completion of commands in a shell')
    .recommendCommands()
    .strict()
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
  printError(isUserError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = isUserError ? error.exitCode : ExitCode.internal;
}
