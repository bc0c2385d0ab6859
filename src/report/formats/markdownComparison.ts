import type { ComparedMetric, ComparedSide, ComparisonRecord } from '../../result/comparison.js';
import { changeWords, comparisonAnswer, intervalWords, REASONS } from '../comparisonWords.js';
import { counted, inUnit } from '../numbers.js';
import { code, markdownBlocks, markdownList, markdownTable, prose } from './markdown.js';

/** The summary of a comparison for a page that renders Markdown, such as that of a GitHub job. */
export function markdownOfComparison(record: ComparisonRecord): string {
  const { scenario, baseline, candidate, metrics } = record;
  const rows = metrics.map((metric) => rowOf(metric));
  return markdownBlocks([
    `**${prose(comparisonAnswer(record).sentence)}**`,
    `${code(scenario.name)}: ${sideWords(baseline)} as the baseline, ${sideWords(candidate)} as the candidate`,
    rows.length === 0 ? '' : markdownTable(['metric', 'baseline', 'candidate', 'change', 'verdict'], rows),
    markdownList(reasons(record), MOST_REASONS),
  ]);
}

const MOST_REASONS = 20;

function sideWords({ runs, name, targets }: ComparedSide): string {
  const of = [...(name === null ? [] : [name]), ...targets].map(code).join(', ');
  return of === '' ? counted(runs, 'run') : `${counted(runs, 'run')} of ${of}`;
}

function rowOf(metric: ComparedMetric): string[] {
  const { name, unit, baseline, candidate, gated, verdict } = metric;
  const words = (value: number | null): string => (value === null ? '-' : inUnit(value, unit));
  const change = changeWords(metric);
  const interval = intervalWords(metric);
  const both = interval === null || interval === change ? change : `${change} (${interval})`;
  const shown = verdict === 'worse' ? '**worse**' : verdict;
  return [prose(name), words(baseline), words(candidate), both, gated ? shown : 'does not count'];
}

/** Why what could not be decided was not, why runs were left out, and what else a reader should know. */
function reasons({ metrics, unused, notes }: ComparisonRecord): string[] {
  const open = metrics.flatMap(({ name, gated, because }) =>
    gated && because !== null ? [`${name}: ${REASONS[because]}.`] : [],
  );
  return [
    ...open,
    ...unused.map(({ side, path, reason }) => `Not used: ${side} run ${path}. ${reason}`),
    ...notes,
  ];
}
