import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommandModule, InferredOptionTypes } from 'yargs';
import { RESULT_FILE, readResult } from '../result/files.js';
import { deliver } from './deliver.js';
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
        describe: 'result.json, or the folder of a run',
      })
      .options(options),
  handler: report,
};

function report(given: ReportArguments): void {
  const wanted = parseReporters(given.reporter);
  const isFolder = statSync(given.result, { throwIfNoEntry: false })?.isDirectory() === true;
  const path = isFolder ? join(given.result, RESULT_FILE) : given.result;
  const folder = given.out ?? dirname(path);
  deliver(readResult(path), { folder, wanted, json: given.json, open: given.open });
}
