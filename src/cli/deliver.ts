import { join } from 'node:path';
import { renderCapacity } from '../report/capacity.js';
import { renderCapacityText } from '../report/capacityText.js';
import { renderSummary } from '../report/json.js';
import { type ReporterName, reporters } from '../report/list.js';
import { renderMatrix } from '../report/matrix.js';
import { renderMatrixText } from '../report/matrixText.js';
import { renderText } from '../report/text.js';
import type { CapacityRecord } from '../result/capacity.js';
import { CAPACITY_FILE, MATRIX_FILE, RESULT_FILE, writeWhole } from '../result/files.js';
import type { MatrixRecord } from '../result/matrix.js';
import type { RunResult } from '../result/types.js';
import { openInBrowser } from './open.js';
import { isColored, print, printError } from './print.js';

export interface Delivery {
  readonly folder: string;
  readonly wanted: readonly ReporterName[];
  /** The summary alone on stdout, as JSON. */
  readonly json: boolean;
  readonly open: boolean;
  /** Only the files. */
  readonly quiet: boolean;
}

/** Writes the reports that are files, prints the one that is text, and says where they are. */
export function deliver(result: RunResult, { folder, wanted, json, open, quiet }: Delivery): void {
  for (const name of wanted) {
    if (name !== 'text') writeWhole(join(folder, reporters[name].file), reporters[name].render(result));
  }
  if (quiet) return;
  if (json) print(JSON.stringify(renderSummary(result), null, 2));
  else if (wanted.includes('text')) printText(result);
  const hasPage = wanted.includes('html');
  sayWhere(join(folder, hasPage ? reporters.html.file : RESULT_FILE), open && hasPage);
}

/** The same for the runs of a matrix, whose own reports are in their folders. */
export function deliverMatrix(matrix: MatrixRecord, { folder, wanted, json, open }: Delivery): void {
  const hasPage = wanted.includes('html');
  if (hasPage) writeWhole(join(folder, reporters.html.file), renderMatrix(matrix));
  if (json) print(JSON.stringify(matrix, null, 2));
  else if (wanted.includes('text')) print(renderMatrixText(matrix, textOptions()));
  sayWhere(join(folder, hasPage ? reporters.html.file : MATRIX_FILE), open && hasPage);
}

/** The same for a search; the tries have reports of their own in their folders. */
export function deliverCapacity(record: CapacityRecord, { folder, wanted, json, open }: Delivery): void {
  const hasPage = wanted.includes('html');
  if (hasPage) writeWhole(join(folder, reporters.html.file), renderCapacity(record));
  if (json) print(JSON.stringify(record, null, 2));
  else if (wanted.includes('text')) print(renderCapacityText(record, textOptions()));
  sayWhere(join(folder, hasPage ? reporters.html.file : CAPACITY_FILE), open && hasPage);
}

function sayWhere(path: string, open: boolean): void {
  if (open) openInBrowser(path);
  printError(`Report: ${path}`);
}

export function printText(result: RunResult): void {
  print(renderText(result, textOptions()));
}

function textOptions() {
  return { color: isColored(process.stdout), columns: process.stdout.columns ?? 100 };
}
