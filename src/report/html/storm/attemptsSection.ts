import { count, duration, elapsed, factor, share } from '../../numbers.js';
import { linearAxis } from '../axis.js';
import type { Line, TimeChart } from '../chart.js';
import type { Section } from '../section.js';
import { columns } from '../table.js';
import { modelAttempts } from './model.js';
import type { Storm } from './storm.js';

/** What the reconnects do to the server: how many attempts, and how many at once. */
export function attemptsSection(storm: Storm): Section | null {
  const { recovery, bins, suffix } = storm;
  if (recovery.attempts === 0) return null;
  return {
    id: `attempts${suffix}`,
    name: `Attempts${suffix.replace('-', ' ')}`,
    title: finding(storm),
    pictures: [attemptsChart(storm)],
    reading: [
      'Attempts are what the herd asks of the server, opens what it gets; the gap between them are attempts that failed or had to wait.',
      ...(recovery.predicted === null ? [] : ['The dashed line is the model of the same policy.']),
    ].join(' '),
    numbers: [
      {
        caption: `The busiest ${elapsed(bins.binMs)} each, by time since the fault`,
        columns: columns('number', 'from', 'attempts', 'opens', 'failures'),
        rows: busiest(storm),
      },
    ],
  };
}

function finding({
  recovery: { attempts, amplification, peakAttemptsPerSecond, herdFactor, dropped },
}: Storm): string {
  const each =
    amplification === null || dropped === 1 ? '' : `, ${factor(amplification)} for each lost connection`;
  const herd = herdFactor === null || dropped === 1 ? '' : `: ${herdSize(herdFactor)}`;
  return `It took ${count(attempts)} ${attempts === 1 ? 'attempt' : 'attempts'}${each}; the worst second saw ${count(peakAttemptsPerSecond)}${herd}`;
}

/** How much of the herd came in the worst second, in words. */
export function herdSize(herdFactor: number): string {
  if (herdFactor >= 1.5) return `the whole herd ${factor(herdFactor)} times over`;
  if (herdFactor >= 0.9) return 'as many as the whole herd';
  return `${share(herdFactor)} of the herd`;
}

function attemptsChart({ recovery, bins, fault, suffix, frame }: Storm): TimeChart {
  const { predicted } = recovery;
  const model = predicted === null ? [] : modelAttempts(predicted, bins.edgesMs);
  const peak = Math.max(1, ...bins.attempts, ...bins.opens, ...model.map((value) => value ?? 0));
  const lines: Line[] = [
    { name: 'opens', tone: 'server', style: 'area', values: held(bins.opens) },
    { name: 'attempts', tone: 'ink', style: 'solid', values: held(bins.attempts) },
    ...(predicted === null
      ? []
      : [{ name: 'model', tone: 'context', style: 'dashed', values: held(model) } as const]),
  ];
  return {
    id: `attempts-curve${suffix}`,
    frame,
    title: `Attempts and opens per ${elapsed(bins.binMs)}, by time since the ${fault}`,
    alt: `Attempts over time: ${count(Math.max(0, ...bins.attempts))} in the busiest ${elapsed(bins.binMs)}.`,
    height: 160,
    axis: linearAxis(peak, 'count'),
    atMs: bins.edgesMs,
    form: 'steps',
    lines,
    notes: [],
    heat: null,
    names: false,
  };
}

/** A step lasts until the next entry, so the last one is said twice. */
export function held(values: ReadonlyArray<number | null>): Array<number | null> {
  return [...values, values.at(-1) ?? null];
}

const MOST_ROWS = 20;

/** The busiest bins, in the order of time. */
function busiest({ bins }: Storm): string[][] {
  const failures = bins.attempts.map((_, i) =>
    Object.values(bins.failures).reduce((sum, values) => sum + (values[i] ?? 0), 0),
  );
  return bins.attempts
    .map((attempts, i) => ({ attempts, i }))
    .filter(({ attempts, i }) => attempts + (bins.opens[i] ?? 0) + (failures[i] ?? 0) > 0)
    .sort((a, b) => b.attempts - a.attempts)
    .slice(0, MOST_ROWS)
    .sort((a, b) => a.i - b.i)
    .map(({ attempts, i }) => [
      duration((bins.edgesMs[i] ?? 0) * 1000),
      count(attempts),
      count(bins.opens[i] ?? 0),
      count(failures[i] ?? 0),
    ]);
}
