import type { ComparedMetric, ComparisonRecord, Side } from '../../result/comparison.js';
import { type Cell, csvText } from './csv.js';

const COLUMNS = ['metric', 'unit', 'gated', 'verdict', 'side', 'run', 'path', 'startedAt', 'value'];

/** A row for each value that a run has of a metric; `run` counts those of its side from 1. */
export function comparisonCsv(record: ComparisonRecord): string {
  const rows = record.metrics.flatMap((metric) => [
    ...rowsOf(record, metric, 'baseline'),
    ...rowsOf(record, metric, 'candidate'),
  ]);
  return csvText(COLUMNS, rows);
}

function rowsOf({ runs }: ComparisonRecord, metric: ComparedMetric, side: Side): Cell[][] {
  const own = runs.filter((run) => run.side === side);
  const { name, unit, gated, verdict, values } = metric;
  return values[side].map((value, i) => [
    ...[name, unit, gated, verdict, side, i + 1],
    ...[own[i]?.path ?? null, own[i]?.startedAt ?? null, value],
  ]);
}
