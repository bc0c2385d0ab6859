import { join } from 'node:path';
import { renderCapacity } from '../report/capacity.js';
import { renderCapacityText } from '../report/capacityText.js';
import { renderComparisonText } from '../report/comparisonText.js';
import type { ReportFile } from '../report/formats/file.js';
import { annotationsOfComparison } from '../report/formats/githubComparison.js';
import { annotationsOfRun } from '../report/formats/githubRun.js';
import { renderSummary } from '../report/json.js';
import {
  comparisonReporters,
  MARKDOWN_FILE,
  PAGE_FILE,
  type ReporterName,
  runReporters,
} from '../report/list.js';
import { renderMatrix } from '../report/matrix.js';
import { renderMatrixText } from '../report/matrixText.js';
import { renderText } from '../report/text.js';
import type { CapacityRecord } from '../result/capacity.js';
import type { ComparisonRecord } from '../result/comparison.js';
import { CAPACITY_FILE, COMPARISON_FILE, MATRIX_FILE, RESULT_FILE, writeWhole } from '../result/files.js';
import type { MatrixRecord } from '../result/matrix.js';
import type { RunResult } from '../result/types.js';
import { openInBrowser } from './open.js';
import { isColored, print, printError } from './print.js';
import { addToStepSummary } from './stepSummary.js';

export interface Delivery {
  readonly folder: string;
  readonly wanted: readonly ReporterName[];
  /** The summary alone on stdout, as JSON. */
  readonly json: boolean;
  readonly open: boolean;
  /** Only the files. */
  readonly quiet: boolean;
}

/** Writes the reports that are files, prints the one that is text, says where they are, and annotates the job that it runs in. */
export function deliver(result: RunResult, { folder, wanted, json, open, quiet }: Delivery): void {
  const files = wanted.flatMap((name): readonly ReportFile[] => runReporters[name](result));
  writeFiles(folder, files);
  if (quiet) return;
  if (json) print(JSON.stringify(renderSummary(result), null, 2));
  else if (wanted.includes('text')) printText(result);
  tellJob(files);
  const hasPage = wanted.includes('html');
  sayWhere(join(folder, hasPage ? PAGE_FILE : RESULT_FILE), open && hasPage);
  if (wanted.includes('github') && !json) annotationsOfRun(result).forEach(print);
}

/** The same for a comparison, whose record is there already; its runs have reports of their own. */
export function deliverComparison(record: ComparisonRecord, delivery: Delivery): void {
  const { folder, wanted, json, open, quiet } = delivery;
  const files = wanted.flatMap((name): readonly ReportFile[] => comparisonReporters[name](record));
  writeFiles(folder, files);
  if (quiet) return;
  if (json) print(JSON.stringify(record, null, 2));
  else if (wanted.includes('text')) print(renderComparisonText(record, textOptions()));
  tellJob(files);
  const hasPage = wanted.includes('html');
  sayWhere(join(folder, hasPage ? PAGE_FILE : COMPARISON_FILE), open && hasPage);
  if (wanted.includes('github') && !json) annotationsOfComparison(record).forEach(print);
}

function writeFiles(folder: string, files: readonly ReportFile[]): void {
  for (const { name, content } of files) writeWhole(join(folder, name), content);
}

/** Where the job has a page for it, the Markdown is there too. */
function tellJob(files: readonly ReportFile[]): void {
  const summary = files.find(({ name }) => name === MARKDOWN_FILE);
  if (summary !== undefined) addToStepSummary(summary.content, process.env);
}

/** The same for the runs of a matrix, whose own reports are in their folders. */
export function deliverMatrix(matrix: MatrixRecord, { folder, wanted, json, open }: Delivery): void {
  const hasPage = wanted.includes('html');
  if (hasPage) writeWhole(join(folder, PAGE_FILE), renderMatrix(matrix));
  if (json) print(JSON.stringify(matrix, null, 2));
  else if (wanted.includes('text')) print(renderMatrixText(matrix, textOptions()));
  sayWhere(join(folder, hasPage ? PAGE_FILE : MATRIX_FILE), open && hasPage);
}

/** The same for a search; the tries have reports of their own in their folders. */
export function deliverCapacity(record: CapacityRecord, { folder, wanted, json, open }: Delivery): void {
  const hasPage = wanted.includes('html');
  if (hasPage) writeWhole(join(folder, PAGE_FILE), renderCapacity(record));
  if (json) print(JSON.stringify(record, null, 2));
  else if (wanted.includes('text')) print(renderCapacityText(record, textOptions()));
  sayWhere(join(folder, hasPage ? PAGE_FILE : CAPACITY_FILE), open && hasPage);
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
