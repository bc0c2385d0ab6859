/** The runs of a matrix for a terminal: the sentence, a line for each variant, and where to read more. */
import type { MatrixRecord, MatrixVariant } from '../result/matrix.js';
import { type Line, plain, renderBlocks, type TextOptions, type Tone } from './lines.js';
import { type Contender, contendersIn, mainStorm, matrixVerdict, runVerdict } from './matrixWords.js';
import { count, duration, factor } from './numbers.js';

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
  const contenders = index === null ? [] : contendersIn(matrix, index);
  const shown = matrix.variants.slice(0, MOST_VARIANTS);
  const cells = shown.map((variant) => [
    shortened(variant.label),
    ...(index === null ? [] : figures(contenders.find((one) => one.variant === variant))),
    runVerdict(variant).words,
  ]);
  const titles = ['variant', ...(index === null ? [] : FIGURES), 'its run'];
  const widths = titles.map((title, column) =>
    [title, ...cells.map((row) => row[column] ?? '')].reduce((most, { length }) => Math.max(most, length), 0),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, i) => aligned(cell, widths[i] ?? 0, i, row.length)).join('  ');
  const left = matrix.variants.length - shown.length;
  return [
    plain(line(titles), 'quiet', 0),
    ...cells.map((row, i) => plain(line(row), toneOf(shown[i]), 0)),
    ...(left > 0 ? [plain(`and ${count(left)} more in the report`, 'quiet', 0)] : []),
  ];
}

const FIGURES = ['50 %', '99 %', '100 %', 'attempts each', 'worst second', 'gave up'];

function figures(contender: Contender | undefined): string[] {
  if (contender === undefined) return FIGURES.map(() => '-');
  const { t50Ms, t99Ms, t100Ms, amplification, peakAttemptsPerSecond, gaveUp } = contender.recovery;
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
