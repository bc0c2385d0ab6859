import type { RunResult } from '../../../result/types.js';
import { count, elapsed, share } from '../../numbers.js';
import { causeName, causeWords } from '../../words.js';
import { linearAxis } from '../axis.js';
import type { Line, TimeChart, Tone } from '../chart.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';
import { held } from './attemptsSection.js';
import type { Storm } from './storm.js';

/** From the most frequent cause of the run on; the last is shared by all the rest. */
const CAUSE_TONES = ['cause1', 'cause2', 'cause3', 'cause4'] as const satisfies readonly Tone[];

interface Cause {
  /** `tcp:refused`. */
  readonly key: string;
  readonly total: number;
  readonly values: readonly number[];
}

/** Why attempts failed, over time. */
export function causesSection(result: RunResult, storm: Storm): Section | null {
  const causes = causesOf(storm);
  const main = causes[0];
  if (main === undefined) return null;
  const failed = causes.reduce((sum, { total }) => sum + total, 0);
  const attempts = storm.bins.attempts.reduce((sum, n) => sum + n, 0);
  return {
    id: `causes${storm.suffix}`,
    name: `Causes${storm.suffix.replace('-', ' ')}`,
    title: `${finding(failed, attempts)}, ${causes.length === 1 ? 'all' : 'most'} because ${causeWords(main.key)}`,
    pictures: [causesChart(storm, layers(result, causes), failed)],
    reading: null,
    numbers: [causeTable(causes, failed)],
  };
}

function finding(failed: number, attempts: number): string {
  if (failed === 1) return 'One attempt failed';
  return attempts < failed
    ? `${count(failed)} attempts failed`
    : `${count(failed)} of ${count(attempts)} attempts failed (${share(failed / attempts)})`;
}

function causesOf({ bins }: Storm): Cause[] {
  return Object.entries(bins.failures)
    .map(([key, values]) => ({ key, values, total: values.reduce((sum, n) => sum + n, 0) }))
    .sort((a, b) => b.total - a.total);
}

/** The same cause has the same colour after every fault: its rank is that in the whole run. */
function layers({ attempts }: RunResult, causes: readonly Cause[]): Line[] {
  const ranked = Object.entries(attempts.failures)
    .map(([key, values]) => ({ key, total: values.reduce((sum, n) => sum + n, 0) }))
    .sort((a, b) => b.total - a.total)
    .map(({ key }) => key);
  const named = CAUSE_TONES.length - 1;
  const rest = causes.filter(({ key }) => ranked.indexOf(key) >= named);
  const one = rest.length === 1 ? rest[0] : undefined;
  const others: Line[] =
    rest.length === 0
      ? []
      : [
          {
            name: one === undefined ? `${count(rest.length)} other causes` : causeName(one.key),
            tone: 'cause4',
            style: 'area',
            values: held(sumOf(rest)),
          },
        ];
  const layersOfOwn = ranked.slice(0, named).flatMap((key, rank): Line[] => {
    const cause = causes.find((known) => known.key === key);
    const tone = CAUSE_TONES[rank];
    if (cause === undefined || tone === undefined) return [];
    return [{ name: causeName(key), tone, style: 'area', values: held(cause.values) }];
  });
  // The first of the lines is the topmost of the stack: what is most frequent lies at its foot.
  return [...layersOfOwn, ...others].reverse();
}

function sumOf(causes: readonly Cause[]): number[] {
  const length = causes[0]?.values.length ?? 0;
  return Array.from({ length }, (_, i) => causes.reduce((sum, { values }) => sum + (values[i] ?? 0), 0));
}

function causesChart(
  { bins, fault, suffix, frame }: Storm,
  lines: readonly Line[],
  failed: number,
): TimeChart {
  const tops = bins.attempts.map((_, i) => lines.reduce((sum, { values }) => sum + (values[i] ?? 0), 0));
  return {
    id: `causes-curve${suffix}`,
    frame,
    title: `Failed attempts per ${elapsed(bins.binMs)}, by time since the ${fault}`,
    alt: `Failed attempts over time by cause: ${count(failed)} in all.`,
    height: 120,
    axis: linearAxis(Math.max(1, ...tops), 'count', 3),
    atMs: bins.edgesMs,
    form: 'stack',
    lines,
    notes: [],
    heat: null,
    names: false,
  };
}

function causeTable(causes: readonly Cause[], failed: number): Table {
  return {
    caption: null,
    columns: [
      ...columns('name', 'cause'),
      ...columns('number', 'attempts', 'share'),
      ...columns('words', 'in words'),
    ],
    rows: causes.map(({ key, total }) => [
      causeName(key),
      count(total),
      share(total / failed),
      causeWords(key),
    ]),
  };
}
