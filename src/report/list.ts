import type { ComparisonRecord } from '../result/comparison.js';
import type { RunResult } from '../result/types.js';
import { renderComparison } from './comparison.js';
import { bencherOfComparison, bencherOfRun } from './formats/bencher.js';
import { benchmarkOfComparison, benchmarkOfRun } from './formats/benchmark.js';
import { comparisonCsv } from './formats/csvComparison.js';
import { intervalsCsv } from './formats/csvRun.js';
import { jsonFile, type ReportFile } from './formats/file.js';
import { hgrmOfComparison, hgrmOfRun } from './formats/hgrm.js';
import { junitOfComparison } from './formats/junitComparison.js';
import { junitOfRun } from './formats/junitRun.js';
import { markdownOfComparison } from './formats/markdownComparison.js';
import { markdownOfRun } from './formats/markdownRun.js';
import { renderHtml } from './html.js';
import { renderSummary } from './json.js';

/** Every format that `--reporter` knows. */
export const reporterNames = [
  'html',
  'text',
  'json',
  'junit',
  'markdown',
  'csv',
  'hgrm',
  'github',
  'benchmark',
  'bencher',
] as const;

export type ReporterName = (typeof reporterNames)[number];

/** The files that a format has of a record, in the record's folder. */
type Reporter<Kind> = (record: Kind) => readonly ReportFile[];

export const PAGE_FILE = 'report.html';
export const MARKDOWN_FILE = 'summary.md';
const JUNIT_FILE = 'junit.xml';

/** What stands on the terminal and in the log of a job, or in the record itself, has no file. */
const noFile = (): readonly ReportFile[] => [];

export const runReporters = {
  html: (result) => [{ name: PAGE_FILE, content: renderHtml(result) }],
  text: noFile,
  json: (result) => [jsonFile('summary.json', renderSummary(result))],
  junit: (result) => [{ name: JUNIT_FILE, content: junitOfRun(result) }],
  markdown: (result) => [{ name: MARKDOWN_FILE, content: markdownOfRun(result) }],
  csv: (result) => [{ name: 'intervals.csv', content: intervalsCsv(result) }],
  hgrm: hgrmOfRun,
  github: noFile,
  benchmark: benchmarkOfRun,
  bencher: bencherOfRun,
} as const satisfies Record<ReporterName, Reporter<RunResult>>;

export const comparisonReporters = {
  html: (record) => [{ name: PAGE_FILE, content: renderComparison(record) }],
  text: noFile,
  json: noFile,
  junit: (record) => [{ name: JUNIT_FILE, content: junitOfComparison(record) }],
  markdown: (record) => [{ name: MARKDOWN_FILE, content: markdownOfComparison(record) }],
  csv: (record) => [{ name: 'comparison.csv', content: comparisonCsv(record) }],
  hgrm: hgrmOfComparison,
  github: noFile,
  benchmark: benchmarkOfComparison,
  bencher: bencherOfComparison,
} as const satisfies Record<ReporterName, Reporter<ComparisonRecord>>;
