/**
 * The JSON of github-action-benchmark's custom tools, a file for each of them: `customSmallerIsBetter` and `customBiggerIsBetter`
 * (github.com/benchmark-action/github-action-benchmark, README and examples/custom).
 */
import type { ComparisonRecord } from '../../result/comparison.js';
import type { RunResult } from '../../result/types.js';
import { type Figure, figuresOfComparison, figuresOfRun, plainName } from './figures.js';
import { jsonFile, type ReportFile } from './file.js';

interface BenchmarkEntry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
  readonly extra: string;
}

export function benchmarkOfRun(result: RunResult): ReportFile[] {
  const { scenario, target, run } = result;
  const figures = figuresOfRun(result);
  const extra = `${plainName(target.name)}, ${run.startedAt}, ${run.validity.status}`;
  const entries = (better: Figure['better']) => entriesOf(figures, better, scenario.name, extra);
  return [
    jsonFile('benchmark-smaller-is-better.json', entries('smaller')),
    jsonFile('benchmark-bigger-is-better.json', entries('bigger')),
  ];
}

/** One file: of what versions are compared by, less is always better. */
export function benchmarkOfComparison(record: ComparisonRecord): ReportFile[] {
  const { scenario, candidate, startedAt } = record;
  const extra = `median of ${candidate.runs} runs, ${startedAt}, ${record.verdict}`;
  const entries = entriesOf(figuresOfComparison(record), 'smaller', scenario.name, extra);
  return [jsonFile('benchmark-smaller-is-better.json', entries)];
}

const UNITS: Readonly<Record<Figure['unit'], string>> = {
  us: 'µs',
  bytes: 'bytes',
  share: 'share of 1',
  count: 'count',
  perSecond: 'per second',
};

function entriesOf(
  figures: readonly Figure[],
  better: Figure['better'],
  scenario: string,
  extra: string,
): BenchmarkEntry[] {
  return figures
    .filter((figure) => figure.better === better)
    .map(({ name, unit, value, range }) => ({
      name: `${plainName(scenario)} ${plainName(name)}`,
      unit: UNITS[unit],
      value,
      ...(range === null ? {} : { range: `${range[0]} to ${range[1]}` }),
      extra,
    }));
}
