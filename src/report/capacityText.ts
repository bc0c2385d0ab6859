/** A search for capacity for a terminal: the sentence, a line for each level, what gave out, and what more would need. */
import type { CapacityFigures, CapacityLevel, CapacityRecord, Limit } from '../result/capacity.js';
import { capacityVerdict, forecastSentences, limitWords, triesWords, varyWords } from './capacityWords.js';
import { block, type Line, plain, renderBlocks, type TextOptions, type Tone } from './lines.js';
import {
  bytes,
  capitalized,
  count,
  counted,
  duration,
  elapsed,
  factor,
  percent,
  share,
  stopwatch,
} from './numbers.js';

/** Ends with a line break; every string from outside is escaped. */
export function renderCapacityText(record: CapacityRecord, options: TextOptions): string {
  const forecasts = forecastSentences(record);
  const notes = [...record.notes, ...(record.sizing?.notes ?? [])];
  return renderBlocks(
    [
      head(record),
      levels(record),
      evidence(record),
      block('What more would need', forecasts, 4, (words) => [plain(words)]),
      block('Notes', notes, 6, (note) => [plain(note)]),
    ],
    options,
  );
}

const OUTCOME_TONE: Readonly<Record<ReturnType<typeof capacityVerdict>['outcome'], Tone>> = {
  found: 'strong',
  failed: 'bad',
  doubt: 'doubt',
};

function head(record: CapacityRecord): Line[] {
  const { outcome, sentence } = capacityVerdict(record);
  const tries = record.levels.reduce((sum, level) => sum + level.tries.length, 0);
  const when = record.startedAt.slice(0, 16).replace('T', ' ');
  return [
    plain(sentence, OUTCOME_TONE[outcome], 0),
    ...bracketLines(record),
    plain(
      `${record.scenario.name}, ${counted(tries, 'try', 'tries')} at ${counted(record.levels.length, 'level')} in ${elapsed(record.durationMs)}, ${when} UTC`,
      'quiet',
      0,
    ),
  ];
}

/** How sure the two ends are. */
function bracketLines({ levels, lastPass, firstFail, search }: CapacityRecord): Line[] {
  const ends = levels.filter(({ load }) => load === lastPass || load === firstFail);
  if (ends.length === 0) return [];
  const words = ends.map((level) => `at ${count(level.load)} ${triesWords(level)}`).join(', ');
  const width =
    lastPass === null || firstFail === null
      ? ''
      : `; the bracket is ${count(firstFail - lastPass)} wide (${share((firstFail - lastPass) / lastPass)})`;
  return [plain(`${capitalized(words)}${width}; ${count(search.needed)} had to.`, 'plain', 0)];
}

const MOST_LEVELS = 40;
const VERDICT_TONE = { pass: 'plain', fail: 'bad', invalid: 'doubt' } as const satisfies Record<
  CapacityLevel['verdict'],
  Tone
>;
const VERDICT_WORDS = { pass: 'passed', fail: 'failed', invalid: 'not valid' } as const;

function levels({ levels: all, vary }: CapacityRecord): Line[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, MOST_LEVELS);
  const titles = [varyWords(vary), 'reached', 'p99', 'cores', 'hottest', 'memory', 'passed', 'verdict'];
  const cells = shown.map(levelCells);
  const widths = titles.map((title, i) =>
    cells.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), title.length),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const left = all.length - shown.length;
  return [
    plain(line(titles), 'quiet', 0),
    ...cells.map((row, i) => plain(line(row), VERDICT_TONE[shown[i]?.verdict ?? 'pass'], 0)),
    ...(left > 0 ? [plain(`and ${count(left)} more in the record`, 'quiet', 0)] : []),
  ];
}

/** Of its last try that came to a run. */
function levelCells({ load, verdict, tries }: CapacityLevel): string[] {
  const figures = tries.findLast(({ result }) => result !== null)?.result ?? null;
  const passed = tries.filter((one) => one.passed).length;
  return [
    count(load),
    ...figureCells(figures),
    `${count(passed)} of ${count(tries.length)}`,
    VERDICT_WORDS[verdict],
  ];
}

function figureCells(figures: CapacityFigures | null): string[] {
  if (figures === null) return ['-', '-', '-', '-', '-'];
  const { achieved, latencies, target } = figures;
  const p99Us = Object.entries(latencies).find(([name]) => name !== 'handshake.total')?.[1].p99Us;
  const handshakeUs = latencies['handshake.total']?.p99Us;
  const shownUs = p99Us ?? handshakeUs ?? null;
  return [
    known(achieved, (reached) => count(Math.round(reached))),
    known(shownUs, duration),
    known(target.cores, factor),
    known(target.hottestThreadPercent, percent),
    known(target.rssBytes, bytes),
  ];
}

function known(value: number | null, words: (value: number) => string): string {
  return value === null ? '-' : words(value);
}

function evidence({ limitedBy, firstFail }: CapacityRecord): Line[] {
  if (limitedBy === null) return [];
  const title = firstFail === null ? 'What gave out first' : `What gave out first, at ${count(firstFail)}`;
  return block(title, limitedBy.evidence, 8, (limit) => [plain(evidenceWords(limit))]);
}

function evidenceWords(limit: Limit): string {
  const when = limit.atMs === null ? '     ' : stopwatch(limit.atMs);
  return `${when}  ${limit.code.padEnd(18)}  ${limitWords(limit)}`;
}
