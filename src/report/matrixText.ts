/** The runs of a matrix for a terminal: the sentence, a line for each variant, and where to read more. */
import type { MatrixRecord, MatrixVariant } from '../result/matrix.js';
import type { MatrixBroadcast } from '../result/matrixBroadcast.js';
import { type Line, plain, renderBlocks, type TextOptions, type Tone } from './lines.js';
import { broadcastersIn, p99Of } from './matrixFanOut.js';
import { type Contender, contendersIn, mainStorm, matrixVerdict, runVerdict } from './matrixWords.js';
import { count, duration, factor, percent, rate, share } from './numbers.js';

/** Ends with a line break; every string from outside is escaped. */
export function renderMatrixText(matrix: MatrixRecord, options: TextOptions): string {
  return renderBlocks([head(matrix), rows(matrix)], options);
}

const OUTCOME_TONE: Readonly<Record<ReturnType<typeof matrixVerdict>['outcome'], Tone>> = {
  measured: 'strong',
  failed: 'bad',
  'not-valid': 'doubt',
};

function head(matrix: MatrixRecord): Line[] {
  const { outcome, sentence } = matrixVerdict(matrix);
  const { scenario, variants, startedAt } = matrix;
  const when = startedAt.slice(0, 16).replace('T', ' ');
  return [
    plain(sentence, OUTCOME_TONE[outcome], 0),
    plain(`${scenario.name}, ${count(variants.length)} runs, ${when} UTC`, 'quiet', 0),
  ];
}

const MOST_VARIANTS = 24;
const MOST_LETTERS = 22;

function rows(matrix: MatrixRecord): Line[] {
  const index = mainStorm(matrix);
  const { names, cellsOf } = index === null ? deliveryFigures(matrix) : stormFigures(matrix, index);
  const shown = matrix.variants.slice(0, MOST_VARIANTS);
  const cells = shown.map((variant) => [
    shortened(variant.label),
    ...(cellsOf(variant) ?? names.map(() => '-')),
    runVerdict(variant).words,
  ]);
  const titles = ['variant', ...names, 'its run'];
  const widths = titles.map((title, column) =>
    [title, ...cells.map((row) => row[column] ?? '')].reduce((most, { length }) => Math.max(most, length), 0),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => aligned(cell, widths[i] ?? 0, i, row.length))
      .join('  ')
      .trimEnd();
  const left = matrix.variants.length - shown.length;
  return [
    plain(line(titles), 'quiet', 0),
    ...cells.map((row, i) => plain(line(row), toneOf(shown[i]), 0)),
    ...(left > 0 ? [plain(`and ${count(left)} more in the report`, 'quiet', 0)] : []),
  ];
}

interface Figures {
  readonly names: readonly string[];
  /** One for each name; null where the variant has none of them. */
  readonly cellsOf: (variant: MatrixVariant) => string[] | null;
}

function stormFigures(matrix: MatrixRecord, index: number): Figures {
  const contenders = contendersIn(matrix, index);
  return {
    names: ['50 %', '99 %', '100 %', 'attempts each', 'worst second', 'gave up'],
    cellsOf: (variant) => {
      const found = contenders.find((one) => one.variant === variant);
      return found === undefined ? null : recoveryCells(found.recovery);
    },
  };
}

function recoveryCells(recovery: Contender['recovery']): string[] {
  const { t50Ms, t99Ms, t100Ms, amplification, peakAttemptsPerSecond, gaveUp } = recovery;
  const time = (ms: number | null) => (ms === null ? '-' : duration(ms * 1000));
  return [
    time(t50Ms),
    time(t99Ms),
    time(t100Ms),
    amplification === null ? '-' : factor(amplification),
    count(peakAttemptsPerSecond),
    count(gaveUp),
  ];
}

/** None where nobody published. */
function deliveryFigures({ variants }: MatrixRecord): Figures {
  const all = broadcastersIn(variants);
  if (all.length === 0) return { names: [], cellsOf: () => [] };
  return {
    names: ['members', 'deliveries', 'out each', 'median p99', 'last p99', 'lost', 'cpu'],
    cellsOf: (variant) => {
      const found = all.find((one) => one.variant === variant);
      return found === undefined ? null : deliveryCells(found.broadcast);
    },
  };
}

function deliveryCells(broadcast: MatrixBroadcast): string[] {
  const { members, deliveredPerSecond, amplification, median, lost, expected } = broadcast;
  const slow = (us: number | null) => (us === null ? '-' : duration(us));
  const cpu = broadcast.targetCpuPercent;
  return [
    count(members),
    rate(deliveredPerSecond),
    amplification === null ? '-' : factor(amplification),
    slow(p99Of(median)),
    slow(p99Of(broadcast.last)),
    lost === 0 ? '0' : share(lost / Math.max(1, expected)),
    cpu === null ? '-' : percent(cpu),
  ];
}

/** Words left, numbers right. */
function aligned(cell: string, width: number, column: number, columns: number): string {
  return column === 0 || column === columns - 1 ? cell.padEnd(width) : cell.padStart(width);
}

function shortened(label: string): string {
  return label.length > MOST_LETTERS ? `${label.slice(0, MOST_LETTERS - 3)}...` : label;
}

function toneOf(variant: MatrixVariant | undefined): Tone {
  const tone = variant === undefined ? 'well' : runVerdict(variant).tone;
  return tone === 'well' ? 'plain' : tone;
}
