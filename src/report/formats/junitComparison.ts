import type { ComparedMetric, ComparisonRecord, RoundsSpent, UnusedRun } from '../../result/comparison.js';
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
      ...(record.rounds === null ? [] : [roundsCase(record.rounds, record.method.leastRuns)]),
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

const CUT_SHORT: Readonly<Partial<Record<RoundsSpent['endedBecause'], string>>> = {
  interrupted: 'The comparison was interrupted',
  'target-failed': 'A target ended, or could not be started',
};

/** Time that was up after enough rounds is how it was meant. */
function roundsCase({ planned, done, endedBecause }: RoundsSpent, least: number): TestCase {
  const isTooShort = endedBecause === 'time-up' && done < least;
  const what = isTooShort ? 'The time was up' : CUT_SHORT[endedBecause];
  if (what === undefined) return passed('rounds');
  const message = `${what}: ${done} of ${planned} rounds were done.`;
  return {
    name: 'rounds',
    durationMs: 0,
    trouble: { kind: 'error', type: endedBecause, message, detail: '' },
  };
}
