import type { ComparedMetric, ComparisonRecord, UnusedRun } from '../../result/comparison.js';
import { cutShort } from '../comparedSides.js';
import { changeSentence, comparisonAnswer, marginWords, REASONS } from '../comparisonWords.js';
import { inUnit } from '../numbers.js';
import { junitXml, passed, type TestCase } from './junit.js';

/** A test for each metric that counts, for each run that nothing was made of, and for the rounds where any were run. */
export function junitOfComparison(record: ComparisonRecord): string {
  const { scenario, tool, baseline, candidate } = record;
  const gated = record.metrics.filter((metric) => metric.gated);
  return junitXml({
    name: scenario.name,
    startedAt: record.startedAt,
    durationMs: record.durationMs,
    properties: {
      tool: `${tool.name} ${tool.version}`,
      command: record.command,
      baseline: baseline.targets.join(', '),
      candidate: candidate.targets.join(', '),
      verdict: record.verdict,
    },
    cases: [
      ...(gated.length === 0 ? [nothingCase(record)] : gated.map(metricCase)),
      ...record.unused.map(unusedCase),
      ...roundsCase(record),
    ],
    output: comparisonAnswer(record).sentence,
  });
}

/** A suite without a test would count as passed. */
function nothingCase(record: ComparisonRecord): TestCase {
  const message = comparisonAnswer(record).sentence;
  return {
    name: 'metrics',
    durationMs: 0,
    trouble: { kind: 'skipped', type: 'inconclusive', message, detail: '' },
  };
}

function metricCase(metric: ComparedMetric): TestCase {
  const { name, verdict, because } = metric;
  if (verdict === 'better' || verdict === 'same') return passed(name);
  const why = because === null ? '' : `: ${REASONS[because]}`;
  const message = verdict === 'worse' ? changeSentence(metric) : `${changeSentence(metric)}${why}`;
  const kind = verdict === 'worse' ? 'failure' : 'skipped';
  return { name, durationMs: 0, trouble: { kind, type: verdict, message, detail: evidence(metric) } };
}

/** What the verdict rests on, a line each. */
function evidence(metric: ComparedMetric): string {
  const { values, unit, pValue, adjustedPValue } = metric;
  const listed = (all: ReadonlyArray<number | null>): string =>
    all.map((value) => (value === null ? '-' : inUnit(value, unit))).join(', ');
  const corrected = adjustedPValue === null ? '' : `, corrected ${adjustedPValue.toPrecision(2)}`;
  return [
    `baseline: ${listed(values.baseline)}`,
    `candidate: ${listed(values.candidate)}`,
    `matters from: ${marginWords(metric)}`,
    ...(pValue === null ? [] : [`p-value: ${pValue.toPrecision(2)}${corrected}`]),
  ].join('\n');
}

function unusedCase({ side, path, validity, reason }: UnusedRun): TestCase {
  const type = validity ?? 'unused';
  return {
    name: `${side} run ${path}`,
    durationMs: 0,
    trouble: { kind: 'error', type, message: reason, detail: '' },
  };
}

function roundsCase(record: ComparisonRecord): TestCase[] {
  if (record.rounds === null) return [];
  const message = cutShort(record);
  if (message === null) return [passed('rounds')];
  const type = record.rounds.endedBecause;
  return [{ name: 'rounds', durationMs: 0, trouble: { kind: 'error', type, message, detail: '' } }];
}
