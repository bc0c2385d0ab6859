import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CommandModule, InferredOptionTypes } from 'yargs';
import { MATRIX_FILE, RESULT_FILE, readMatrix, readResult } from '../result/files.js';
import { deliver, deliverMatrix } from './deliver.js';
import { parseReporters, reporterOptions } from './options.js';

const options = {
  ...reporterOptions,
  out: { type: 'string', describe: 'folder for the reports (default: beside the record)' },
} as const;

type ReportArguments = InferredOptionTypes<typeof options> & { readonly result: string };

export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report <result>',
  describe: 'make the reports of a saved run anew',
  builder: (yargs) =>
    yargs
      .positional('result', {
        type: 'string',
        demandOption: true,
        describe: 'result.json or matrix.json, or the folder that holds it',
      })
      .options(options),
  handler: report,
};

function report(given: ReportArguments): void {
  const wanted = parseReporters(given.reporter);
  const path = recordAt(given.result);
  const folder = given.out ?? dirname(path);
  const delivery = { folder, wanted, json: given.json, open: given.open, quiet: false };
  if (basename(path) === MATRIX_FILE) deliverMatrix(readMatrix(path), delivery);
  else deliver(readResult(path), delivery);
}

function recordAt(given: string): string {
  if (statSync(given, { throwIfNoEntry: false })?.isDirectory() !== true) return given;
  const matrix = join(given, MATRIX_FILE);
  return existsSync(matrix) ? matrix : join(given, RESULT_FILE);
}
