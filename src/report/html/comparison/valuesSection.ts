import type { ComparedMetric, ComparisonRecord } from '../../../result/comparison.js';
import { gatedIn, isSilent } from '../../comparisonWords.js';
import { capitalized, closely, count, counted } from '../../numbers.js';
import { type Content, html, type Markup, unbroken } from '../markup.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';
import { dotStrip, knownValues } from './dotStrip.js';
import { sideName, verdictCell } from './verdicts.js';

/** Every run of both sides, metric by metric; null when no metric counts. */
export function valuesSection(record: ComparisonRecord): Section | null {
  const metrics = gatedIn(record).filter((metric) => !isSilent(metric));
  if (metrics.length === 0) return null;
  return {
    id: 'values',
    name: 'Every run',
    title: finding(record, metrics),
    pictures: [{ title: null, still: html`<div class="strips">${metrics.map(strip)}</div>` }],
    reading:
      'Each dot is a run, each line the median of its side. Runs of one server differ by as much as the dots of one colour do; a change is what sets the colours apart.',
    numbers: inGroups(metrics).map((group) => runTable(record, group)),
  };
}

function strip(metric: ComparedMetric): Markup {
  return html`<figure class="strip"><figcaption>${unbroken(`${metric.name}: ${apartWords(metric)}`)}${verdictCell(metric)}</figcaption>${dotStrip(metric)}</figure>`;
}

function finding(
  { baseline, candidate, method }: ComparisonRecord,
  metrics: readonly ComparedMetric[],
): string {
  if (Math.min(baseline.runs, candidate.runs) < method.leastRuns) {
    return `${capitalized(counted(baseline.runs, 'run'))} against ${count(candidate.runs)}: too few to tell a change from scatter`;
  }
  const apart = metrics.filter((metric) => isApart(metric) !== null);
  const [first] = apart;
  if (first === undefined) {
    return metrics.length === 1
      ? `The runs of both sides overlap: ${metrics[0]?.name ?? ''}`
      : `The runs of both sides overlap in all ${count(metrics.length)} metrics`;
  }
  if (apart.length === 1) return `${first.name}: ${apartWords(first)}`;
  return `In ${count(apart.length)} of ${counted(metrics.length, 'metric')} all runs of one side are beyond all of the other`;
}

/** Which way every run of the candidate is from every run of the baseline; null where they overlap. */
function isApart(metric: ComparedMetric): 'above' | 'below' | null {
  const [before, after] = [knownValues(metric, 'baseline'), knownValues(metric, 'candidate')];
  if (before.length === 0 || after.length === 0) return null;
  if (Math.min(...after) > Math.max(...before)) return 'above';
  return Math.max(...after) < Math.min(...before) ? 'below' : null;
}

/** Where the runs of the candidate are. */
function apartWords(metric: ComparedMetric): string {
  const after = knownValues(metric, 'candidate');
  const { baseline } = metric;
  if (baseline === null || after.length === 0) return 'measured on one side only';
  const apart = isApart(metric);
  if (apart !== null) return `all candidate runs are ${apart} all baseline runs`;
  const [above, below] = [
    after.filter((value) => value > baseline).length,
    after.filter((value) => value < baseline).length,
  ];
  const [more, way] = above >= below ? [above, 'above'] : [below, 'below'];
  return `${count(more)} of ${counted(after.length, 'candidate run')} ${more === 1 ? 'is' : 'are'} ${way} the baseline's median`;
}

/** A table with more columns than this is wider than a page. */
const MOST_COLUMNS = 7;

function inGroups(metrics: readonly ComparedMetric[]): Array<readonly ComparedMetric[]> {
  return Array.from({ length: Math.ceil(metrics.length / MOST_COLUMNS) }, (_, i) =>
    metrics.slice(i * MOST_COLUMNS, (i + 1) * MOST_COLUMNS),
  );
}

/** A row for each run that was used. */
function runTable({ runs }: ComparisonRecord, metrics: readonly ComparedMetric[]): Table {
  const seen = { baseline: 0, candidate: 0 };
  return {
    caption: null,
    columns: [...columns('name', 'side'), ...columns('number', 'run', ...metrics.map(({ name }) => name))],
    rows: runs.map(({ side, round }): Content[] => {
      const index = seen[side]++;
      return [
        sideName(side),
        round === null ? count(index + 1) : `round ${count(round)}`,
        ...metrics.map(({ values, unit }) => {
          const value = values[side][index] ?? null;
          return value === null ? '–' : closely(value, unit);
        }),
      ];
    }),
  };
}
