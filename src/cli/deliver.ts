import { join } from 'node:path';
import { renderSummary } from '../report/json.js';
import { type ReporterName, reporters } from '../report/list.js';
import { renderText } from '../report/text.js';
import { RESULT_FILE, writeWhole } from '../result/files.js';
import type { RunResult } from '../result/types.js';
import { openInBrowser } from './open.js';
import { isColored, print, printError } from './print.js';

export interface Delivery {
  readonly folder: string;
  readonly wanted: readonly ReporterName[];
  /** The summary alone on stdout, as JSON. */
  readonly json: boolean;
  readonly open: boolean;
}

/** Writes the reports that are files, prints the one that is text, and says where they are. */
export function deliver(result: RunResult, { folder, wanted, json, open }: Delivery): void {
  for (const name of wanted) {
    if (name !== 'text') writeWhole(join(folder, reporters[name].file), reporters[name].render(result));
  }
  if (json) print(JSON.stringify(renderSummary(result), null, 2));
  else if (wanted.includes('text')) printText(result);
  const hasPage = wanted.includes('html');
  const path = join(folder, hasPage ? reporters.html.file : RESULT_FILE);
  if (open && hasPage) openInBrowser(path);
  printError(`Report: ${path}`);
}

export function printText(result: RunResult): void {
  print(renderText(result, { color: isColored(process.stdout), columns: process.stdout.columns ?? 100 }));
}
