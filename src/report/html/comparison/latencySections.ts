import { decodeHistogram, percentile } from '../../../metrics/histogram.js';
import type { ComparedCurve, ComparisonRecord, Side } from '../../../result/comparison.js';
import { closely, count } from '../../numbers.js';
import { type DrawnCurve, percentileCurves } from '../percentileCurve.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';
import { type Distribution, distributions } from './distributions.js';
import { SIDE_TONES, sideName } from './verdicts.js';

const SIDES = ['baseline', 'candidate'] as const satisfies readonly Side[];

/** Of each latency all runs of a side together: its percentiles over each other, its distributions against each other. */
export function latencySections({ curves }: ComparisonRecord): Section[] {
  return curves.map((curve, i) => latencySection(curve, i + 1));
}

function latencySection(compared: ComparedCurve, number: number): Section {
  const sides = SIDES.map((side) => distributionOf(compared, side));
  const curves = percentileCurves(sides.map((own) => curveOf(own, compared[own.side])));
  const shapes = distributions(sides);
  return {
    id: `latency-${number}`,
    name: compared.name,
    title: finding(compared, sides),
    pictures: [
      ...(curves === null
        ? []
        : [{ title: 'How long the slowest took, all runs of a side together', still: curves }]),
      ...(shapes === null
        ? []
        : [
            {
              title: 'How many took how long, the baseline above the line and the candidate below it',
              still: shapes,
            },
          ]),
    ],
    reading:
      'On the curve, each step to the right is ten times rarer. All samples of a side are in one pot here, to be looked at; the verdict is made of the runs.',
    numbers: [percentileTable(sides)],
  };
}

function distributionOf(compared: ComparedCurve, side: Side): Distribution {
  return { side, samples: decodeHistogram(compared[side]) };
}

function curveOf({ side, samples }: Distribution, encoded: string): DrawnCurve {
  return {
    label: side,
    tone: SIDE_TONES[side],
    metric: {
      encoded,
      count: samples.totalCount,
      p50: percentile(samples, 0.5),
      p99: percentile(samples, 0.99),
      max: samples.totalCount === 0 ? null : samples.maxValue,
    },
  };
}

/** `heartbeat.response: half took 3.1 ms (baseline 2.9 ms), one in 100 more than 41 ms (12 ms)`: the candidate's. */
function finding({ name }: ComparedCurve, sides: readonly Distribution[]): string {
  const words = (share: number): { baseline: string; candidate: string } | null => {
    const [baseline = null, candidate = null] = sides.map(({ samples }) => percentile(samples, share));
    return baseline === null || candidate === null
      ? null
      : { baseline: closely(baseline, 'us'), candidate: closely(candidate, 'us') };
  };
  const [half, tail] = [words(0.5), words(0.99)];
  if (half === null) return `${name}: too few samples for a median`;
  const middle = `half took ${half.candidate} (baseline ${half.baseline})`;
  return tail === null
    ? `${name}: ${middle}`
    : `${name}: ${middle}, one in 100 more than ${tail.candidate} (${tail.baseline})`;
}

function percentileTable(sides: readonly Distribution[]): Table {
  const shares = [0.5, 0.9, 0.99, 0.999];
  const figure = (us: number | null) => (us === null ? '–' : closely(us, 'us'));
  return {
    caption: null,
    columns: [
      ...columns('name', 'side'),
      ...columns('number', 'samples', 'min', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'max'),
    ],
    rows: sides.map(({ side, samples }) => {
      const isEmpty = samples.totalCount === 0;
      return [
        sideName(side),
        count(samples.totalCount),
        figure(isEmpty ? null : samples.minNonZeroValue),
        figure(isEmpty ? null : samples.mean),
        ...shares.map((share) => figure(percentile(samples, share))),
        figure(isEmpty ? null : samples.maxValue),
      ];
    }),
  };
}
