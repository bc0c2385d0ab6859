import type { ComparedMetric, ComparisonRecord } from '../../../result/comparison.js';
import {
  detectableWords,
  marginWords,
  SHORT_REASONS,
  signedChange,
  signedInterval,
} from '../../comparisonWords.js';
import { capitalized, closely, count, counted, probability } from '../../numbers.js';
import { type Content, html } from '../markup.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';
import { verdictCell } from './verdicts.js';

/** Every metric that both sides have, those that count for the verdict first; null when there is none. */
export function metricsSection(record: ComparisonRecord): Section | null {
  const { metrics } = record;
  if (metrics.length === 0) return null;
  const gated = metrics.filter((metric) => metric.gated);
  const others = metrics.filter((metric) => !metric.gated);
  const isCalibration = record.kind === 'calibrate';
  return {
    id: 'metrics',
    name: 'Metrics',
    title:
      others.length === 0
        ? `${capitalized(counted(gated.length, 'metric'))}, all of which count for the verdict`
        : `${counted(metrics.length, 'metric')}, of which ${count(gated.length)} count for the verdict`,
    pictures: [],
    reading:
      'Less is better in every one. A p-value says how often chance alone would set the runs of two equal sides so far apart; it is corrected for having asked of all metrics at once. The margin is the larger of what is tolerated and what these runs can tell.',
    numbers: [
      ...(gated.length === 0 ? [] : [metricTable('Count for the verdict', gated, isCalibration)]),
      ...(others.length === 0
        ? []
        : [
            metricTable(
              'Shown only: too noisy from run to run, unless a calibration says otherwise',
              others,
              isCalibration,
            ),
          ]),
    ],
  };
}

function metricTable(caption: string, metrics: readonly ComparedMetric[], isCalibration: boolean): Table {
  return {
    caption,
    columns: [
      ...columns('name', 'metric'),
      ...columns('number', 'baseline', 'candidate', 'change', '95 % interval', 'p', 'corrected p'),
      ...(isCalibration ? columns('number', 'detectable') : []),
      ...columns('name', 'margin', 'verdict', 'why'),
    ],
    rows: metrics.map((metric) => metricRow(metric, isCalibration)),
  };
}

function metricRow(metric: ComparedMetric, isCalibration: boolean): Content[] {
  const { name, unit, baseline, candidate, pValue, adjustedPValue, because } = metric;
  const value = (amount: number | null): string => (amount === null ? '–' : closely(amount, unit));
  const chance = (p: number | null): string => (p === null ? '–' : probability(p));
  return [
    name,
    value(baseline),
    value(candidate),
    html`<strong>${signedChange(metric)}</strong>`,
    signedInterval(metric) ?? '–',
    chance(pValue),
    chance(adjustedPValue),
    ...(isCalibration ? [html`<strong>${detectableWords(metric)}</strong>`] : []),
    html`${marginWords(metric)} <span class="well">${marginSource(metric)}</span>`,
    verdictCell(metric),
    because === null ? '' : SHORT_REASONS[because],
  ];
}

/** Where the larger of the two numbers comes from. */
function marginSource({ tolerance, detectable, detectableFrom }: ComparedMetric): string {
  if (detectable === null || detectable <= tolerance || detectableFrom === null) return 'tolerance';
  return detectableFrom === 'calibration' ? 'calibration' : 'baseline runs';
}
