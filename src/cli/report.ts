import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CommandModule, InferredOptionTypes } from 'yargs';
import {
  CAPACITY_FILE,
  COMPARISON_FILE,
  MATRIX_FILE,
  RESULT_FILE,
  readCapacity,
  readComparison,
  readMatrix,
  readResult,
} from '../result/files.js';
import { deliver, deliverCapacity, deliverComparison, deliverMatrix } from './deliver.js';
import { parseReporters, reporterOptions } from './options.js';

const options = {
  ...reporterOptions,
  out: { type: 'string', describe: 'folder for the reports (default: beside the record)' },
} as const;

type ReportArguments = InferredOptionTypes<typeof options> & { readonly result: string };

export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report <result>',
  describe: 'make the reports of a saved run, matrix, search or comparison anew',
  builder: (yargs) =>
    yargs
      .positional('result', {
        type: 'string',
        demandOption: true,
        describe: 'result.json, matrix.json, capacity.json or comparison.json, or the folder that holds it',
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
  else if (basename(path) === CAPACITY_FILE) deliverCapacity(readCapacity(path), delivery);
  else if (basename(path) === COMPARISON_FILE) deliverComparison(readComparison(path), delivery);
  else deliver(readResult(path), delivery);
}

function recordAt(given: string): string {
  if (statSync(given, { throwIfNoEntry: false })?.isDirectory() !== true) return given;
  const ofSeveral = [MATRIX_FILE, CAPACITY_FILE, COMPARISON_FILE].map((name) => join(given, name));
  return ofSeveral.find((path) => existsSync(path)) ?? join(given, RESULT_FILE);
}
