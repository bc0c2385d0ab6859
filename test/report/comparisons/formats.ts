/** Comparisons for the formats beside page and text: few metrics, but of every kind and verdict. */
import type { ComparedMetric, ComparedRun, ComparisonRecord, Side } from '../../../src/result/comparison.js';
import { HOSTILE } from '../hostile.js';
import { latencyUs, metricOf, random } from '../samples.js';

const RUNS = 6;

/** `candidate` runs with values about `candidate`, `baseline` runs about `baseline`. */
function compared(given: Partial<ComparedMetric> & Pick<ComparedMetric, 'name' | 'unit'>): ComparedMetric {
  const baseline = given.baseline ?? 1000;
  const candidate = given.candidate ?? 1000;
  const about = (middle: number) => Array.from({ length: RUNS }, (_, i) => middle * (1 + (i - 2.5) / 100));
  return {
    gated: true,
    baseline,
    candidate,
    basis: 'ratio',
    ratio: candidate / baseline,
    difference: null,
    ci95: [(candidate / baseline) * 0.97, (candidate / baseline) * 1.03],
    pValue: 0.00217,
    adjustedPValue: 0.0087,
    tolerance: 0.05,
    detectable: null,
    detectableFrom: null,
    verdict: 'same',
    because: null,
    values: { baseline: about(baseline), candidate: about(candidate) },
    ...given,
  };
}

function runsOf(side: Side): ComparedRun[] {
  return Array.from({ length: RUNS }, (_, i) => ({
    side,
    path: `reports/ab/round-0${i + 1}-${side}/result.json`,
    startedAt: `2026-03-02T10:${15 + i}:00.000Z`,
    durationMs: 48_000,
    target: `node ${side}.js --port 4000`,
    round: i + 1,
  }));
}

const METRICS: readonly ComparedMetric[] = [
  compared({ name: 'heartbeat.response p50', unit: 'us', baseline: 1200, candidate: 2100, verdict: 'worse' }),
  compared({
    ...{ name: 'heartbeat.response p90', unit: 'us', baseline: 2400, candidate: 2600 },
    ...{ verdict: 'inconclusive', because: 'wide-interval', ci95: [0.98, 1.21] },
  }),
  compared({
    name: 'memory.perConnection',
    unit: 'bytes',
    baseline: 9800,
    candidate: 5837,
    verdict: 'better',
  }),
  compared({
    ...{ name: 'closes.abnormal', unit: 'share', baseline: 0, candidate: 0 },
    ...{ basis: 'difference', ratio: null, difference: 0, ci95: [0, 0] },
  }),
  compared({ name: 'heartbeat.response p99', unit: 'us', baseline: 4000, candidate: 4100, gated: false }),
];

/** One metric of every verdict, one that does not count, and a run that was left out. */
export function mixedComparison(given: Partial<ComparisonRecord> = {}): ComparisonRecord {
  const rng = random(7);
  const curve = (median: number) =>
    metricOf(Array.from({ length: 500 }, () => latencyUs(median, rng))).encoded;
  const side = (name: Side) => ({ targets: [`node ${name}.js`], name: null, machines: [], runs: RUNS });
  return {
    schemaVersion: 1,
    tool: { name: 'wsherd', version: '0.1.0' },
    kind: 'ab',
    scenario: { name: 'quickstart', file: 'scenarios/quickstart.yaml' },
    startedAt: '2026-03-02T10:15:00.000Z',
    durationMs: 680_000,
    command: 'wsherd ab scenarios/quickstart.yaml --baseline old --candidate new',
    baseline: side('baseline'),
    candidate: side('candidate'),
    verdict: 'worse',
    metrics: METRICS,
    runs: [...runsOf('baseline'), ...runsOf('candidate')],
    unused: [
      {
        ...{
          side: 'candidate',
          path: 'reports/ab/round-07-candidate/result.json',
          validity: 'generator-limited',
        },
        reason: 'The generator was the limit.',
      },
    ],
    curves: [{ name: 'heartbeat.response', baseline: curve(1200), candidate: curve(2100) }],
    method: {
      ...{ alarmRate: 0.01, level: 0.02, resamples: 10_000, seed: 42 },
      ...{ leastRuns: 6, family: 4, calibration: null },
    },
    rounds: { planned: 7, done: 7, endedBecause: 'all-done', overheadMs: 2100 },
    notes: ['The last round was not whole.'],
    ...given,
  };
}

/** Nothing that counts, and nothing measured. */
export function emptyComparison(): ComparisonRecord {
  return mixedComparison({
    ...{ verdict: 'inconclusive', metrics: [], runs: [], unused: [], curves: [], rounds: null, notes: [] },
    baseline: { targets: [], name: null, machines: [], runs: 0 },
    candidate: { targets: [], name: null, machines: [], runs: 0 },
  });
}

/** Whatever may come from outside is `text`. */
export function hostileComparison(text: string = HOSTILE): ComparisonRecord {
  const side = { targets: [text], name: text, machines: [], runs: RUNS };
  const whole = mixedComparison();
  return {
    ...whole,
    scenario: { name: text, file: text },
    command: text,
    baseline: side,
    candidate: side,
    metrics: whole.metrics.map((metric) => ({ ...metric, name: text })),
    runs: whole.runs.map((run) => ({ ...run, path: text, target: text })),
    unused: whole.unused.map((run) => ({ ...run, path: text, reason: text })),
    curves: whole.curves.map((curve) => ({ ...curve, name: text })),
    notes: [text],
  };
}

export const comparisons = {
  mixed: mixedComparison,
  empty: emptyComparison,
  hostile: hostileComparison,
} as const;
