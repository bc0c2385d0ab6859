/** A comparison for a terminal: the sentence, a line for each metric that counts, and what else a reader should know. */
import type { ComparedMetric, ComparisonRecord, ComparisonVerdict } from '../result/comparison.js';
import { ENDED, roundsDone, runsWords, sideWords } from './comparedSides.js';
import {
  comparisonAnswer,
  detectableWords,
  gatedIn,
  isSilent,
  REASONS,
  signedChange,
  signedInterval,
  silentWords,
} from './comparisonWords.js';
import { block, few, type Line, plain, renderBlocks, type TextOptions, type Tone } from './lines.js';
import { closely, counted, elapsed } from './numbers.js';

/** No line is longer than the terminal is wide; every string from outside is escaped. */
export function renderComparisonText(record: ComparisonRecord, options: TextOptions): string {
  return renderBlocks(
    [
      head(record),
      gatedTable(record, options.columns),
      open(record),
      tails(record),
      block('Notes', record.notes, 6, (note) => [plain(note)]),
      block('Runs that were left out', record.unused, 4, ({ side, path, reason }) => [
        plain(`${path} (${side}): ${reason}`, 'doubt'),
      ]),
    ],
    options,
  );
}

const VERDICT_TONE: Readonly<Record<ComparisonVerdict, Tone>> = {
  worse: 'bad',
  better: 'good',
  same: 'good',
  inconclusive: 'doubt',
};

function head(record: ComparisonRecord): Line[] {
  const { outcome, sentence } = comparisonAnswer(record);
  return [plain(sentence, VERDICT_TONE[outcome], 0), plain(about(record), 'quiet', 0)];
}

function about(record: ComparisonRecord): string {
  const { scenario, baseline, candidate, kind, startedAt, durationMs, rounds } = record;
  const sides =
    kind === 'calibrate'
      ? `${sideWords(baseline)} against itself`
      : `${sideWords(baseline)} -> ${sideWords(candidate)}`;
  const when = `${startedAt.slice(0, 16).replace('T', ' ')} UTC`;
  const took =
    rounds === null
      ? []
      : [
          elapsed(durationMs),
          `${roundsWords(rounds)}, ${elapsed(rounds.overheadMs)} of each beside the runs`,
        ];
  return `${scenario.name}: ${[sides, runsWords(record), ...took, when].join(', ')}`;
}

function roundsWords(rounds: NonNullable<ComparisonRecord['rounds']>): string {
  const { done, planned, endedBecause } = rounds;
  if (endedBecause === 'all-done' && done === planned) return counted(done, 'round');
  return `${roundsDone(rounds)} (${ENDED[endedBecause]})`;
}

/** One column of a table; where the terminal is too narrow, the dearest ones go first. */
interface Column {
  readonly title: string;
  readonly cell: (metric: ComparedMetric) => string;
  /** 0 stays whatever the width. */
  readonly dear: number;
}

const MOST_LETTERS = 32;
const NAME: Column = {
  title: 'metric',
  cell: ({ name }) => (name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 3)}...` : name),
  dear: 0,
};
const BASELINE: Column = {
  title: 'baseline',
  cell: ({ baseline, unit }) => value(baseline, unit),
  dear: 2,
};
const CANDIDATE: Column = {
  title: 'candidate',
  cell: ({ candidate, unit }) => value(candidate, unit),
  dear: 1,
};
const CHANGE: Column = { title: 'change', cell: signedChange, dear: 0 };
const INTERVAL: Column = {
  title: '95 % interval',
  cell: (metric) => signedInterval(metric) ?? '-',
  dear: 3,
};
const VERDICT: Column = { title: 'verdict', cell: ({ verdict }) => verdict, dear: 0 };

const COMPARED = [NAME, BASELINE, CANDIDATE, CHANGE, INTERVAL, VERDICT] as const;
const CALIBRATED = [
  NAME,
  { ...BASELINE, title: 'one side' },
  { ...CANDIDATE, title: 'other side' },
  CHANGE,
  { title: 'detectable', cell: detectableWords, dear: 0 },
  VERDICT,
] as const;

const ROW_TONE: Readonly<Record<ComparisonVerdict, Tone>> = { ...VERDICT_TONE, same: 'plain' };
const MOST_ROWS = 40;

function gatedTable(record: ComparisonRecord, columns: number): Line[] {
  const all = gatedIn(record);
  const gated = all.filter((metric) => !isSilent(metric));
  const silent = silentWords(all);
  const quiet = silent === null ? [] : [plain(silent, 'quiet', 0)];
  if (gated.length === 0) return quiet;
  const rows = tableRows(record.kind === 'calibrate' ? CALIBRATED : COMPARED, gated, columns);
  return [
    plain(rows.titles, 'quiet', 0),
    ...few(
      gated.map((metric, i) => ({ metric, text: rows.lines[i] ?? '' })),
      MOST_ROWS,
      ({ metric, text }) => [plain(text, ROW_TONE[metric.verdict], 0)],
    ),
    ...quiet,
  ];
}

/** Percentiles in the far tail that no verdict is made of. */
function tails(record: ComparisonRecord): Line[] {
  const shown = record.metrics.filter(({ gated, name }) => !gated && name.endsWith(' p99'));
  return block('Shown only, no part of the verdict', shown, 6, (metric) => [tailLine(metric)]);
}

function tailLine(metric: ComparedMetric): Line {
  const { name, baseline, candidate, unit } = metric;
  const interval = signedInterval(metric);
  const range = interval === null ? '' : ` (${interval})`;
  return plain(
    `${name}: ${value(baseline, unit)} -> ${value(candidate, unit)}, ${signedChange(metric)}${range}`,
    'quiet',
  );
}

/** Names that share a reason share a line. */
function open(record: ComparisonRecord): Line[] {
  const gated = gatedIn(record);
  const undecided = gated.filter(({ verdict }) => verdict === 'inconclusive');
  const reasons = [...new Set(undecided.flatMap(({ because }) => because ?? []))];
  // Where that is all there is to say, the sentence says so already.
  if (undecided.length === gated.length && reasons.every((reason) => reason === 'too-few-runs')) return [];
  const lines = reasons.map((reason) => {
    const names = undecided.filter(({ because }) => because === reason).map(({ name }) => name);
    return `${names.join(', ')}: ${REASONS[reason]}`;
  });
  return block('Not decided', lines, 4, (line) => [plain(line, 'doubt')]);
}

function value(amount: number | null, unit: ComparedMetric['unit']): string {
  return amount === null ? '-' : closely(amount, unit);
}

function tableRows(
  all: readonly Column[],
  metrics: readonly ComparedMetric[],
  columns: number,
): { readonly titles: string; readonly lines: readonly string[] } {
  const measured = all.map((column) => {
    const cells = metrics.map(column.cell);
    return { ...column, cells, width: Math.max(column.title.length, ...cells.map(({ length }) => length)) };
  });
  const kept = fitting(measured, columns);
  const line = (textOf: (column: (typeof kept)[number]) => string): string =>
    kept
      .map((column, i) => aligned(textOf(column), column.width, i === 0 || i === kept.length - 1))
      .join('  ')
      .trimEnd();
  return {
    titles: line(({ title }) => title),
    lines: metrics.map((_, i) => line(({ cells }) => cells[i] ?? '')),
  };
}

/** As many columns as have room. */
function fitting<T extends Column & { readonly width: number }>(
  columns: readonly T[],
  room: number,
): readonly T[] {
  const width = columns.reduce((sum, column) => sum + column.width + 2, -2);
  const dearest = Math.max(...columns.map(({ dear }) => dear));
  if (width <= room || dearest === 0) return columns;
  return fitting(
    columns.filter(({ dear }) => dear < dearest),
    room,
  );
}

/** Words left, numbers right. */
function aligned(cell: string, width: number, isWords: boolean): string {
  return isWords ? cell.padEnd(width) : cell.padStart(width);
}
