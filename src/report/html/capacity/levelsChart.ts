/** The way that a search went: each try a sign at its load, the first at the top. */
import type { CapacityRecord } from '../../../result/capacity.js';
import { loadNumber, loadUnit } from '../../loads.js';
import { count, counted } from '../../numbers.js';
import { type AgainstNote, noteMarks, xTicks } from '../againstChart.js';
import { type Axis, axisLabel, linearAxis, logAxis, position, rangeAxis } from '../axis.js';
import { html, type Markup } from '../markup.js';
import { signAt, signKey } from '../sign.js';
import { linePath, marks, plot, WIDTH } from '../svg.js';
import { SIGN_WORDS, type Tried, triesOf } from './tries.js';

/** Room for the names of the ends of the bracket. */
const TOP = 40;
/** Of the rows in all, and of one of them. */
const ROWS_PX = 190;
const [LEAST_ROW_PX, MOST_ROW_PX] = [9, 20];

/** Of at least one try. */
export function levelsChart(record: CapacityRecord): Markup {
  const tries = triesOf(record).sort((a, b) => a.own.order - b.own.order);
  const row = Math.min(MOST_ROW_PX, Math.max(LEAST_ROW_PX, ROWS_PX / tries.length));
  const height = TOP + row * tries.length;
  const x = nearAxis(record, tries);
  const yOf = (index: number) => TOP + row * (index + 0.5);
  const way = tries.map(({ load }, i) => ({ x: WIDTH * position(x, load), y: yOf(i) }));
  return plot(height, altOf(record, tries), [
    x.ticks.map((tick) => upright(position(x, tick), height)),
    marks(height, html`<path class="trail" d="${linePath(way)}"/>`),
    noteMarks(bracket(record), x, height),
    tries.map(({ load, sign }, i) => signAt(sign, 'server', position(x, load), yOf(i))),
    labelledRows(tries.length, row).map(
      (i) => html`<text class="tick" x="-8" y="${yOf(i) + 4}" text-anchor="end">${rowName(i)}</text>`,
    ),
    xTicks(x, height, (tick, axis) =>
      axis.ticks.length > 2 ? axisLabel(tick, axis) : loadNumber(tick, record.vary),
    ),
  ]);
}

/** The signs that are in the picture. */
export function levelsKey(record: CapacityRecord): Markup {
  const tries = triesOf(record);
  const shown = SIGNS.filter((sign) => tries.some((one) => one.sign === sign));
  return signKey(
    shown.map((sign) => ({ sign, words: SIGN_WORDS[sign] })),
    'server',
  );
}

const SIGNS = ['passed', 'failed', 'doubtful'] as const;

function upright(at: number, height: number): Markup {
  const x = `${Math.round(at * 1000) / 10}%`;
  return html`<line class="grid" x1="${x}" x2="${x}" y1="${TOP - 8}" y2="${height}"/>`;
}

function rowName(index: number): string {
  return index === 0 ? 'try 1' : count(index + 1);
}

/** As many as leave each its room: all, or every second, fifth, tenth, ... and the last. */
function labelledRows(rows: number, rowPx: number): number[] {
  const step = [1, 2, 5, 10, 20, 50].find((every) => every * rowPx >= 15) ?? 100;
  return Array.from({ length: rows }, (_, i) => i).filter(
    (i) => i === 0 || ((i + 1) % step === 0 && i * rowPx >= 15),
  );
}

/** Up to this factor between the loads they stand on a linear scale. */
const WIDE = 8;

/** About the loads that were tried, so that the last steps of a search are still apart. */
function nearAxis({ vary }: CapacityRecord, tries: readonly Tried[]): Axis {
  const loads = tries.map(({ load }) => load).filter((load) => load > 0);
  const most = loads.reduce((high, load) => Math.max(high, load), 1);
  const least = loads.reduce((low, load) => Math.min(low, load), most);
  if (least === most) return linearAxis(most, loadUnit(vary), 5);
  return most > least * WIDE
    ? logAxis(least * 0.8, most * 1.25, loadUnit(vary))
    : exactly(rangeAxis(least, most, loadUnit(vary)));
}

/** Ends alone where labels are too short to tell the ticks between them apart. */
function exactly(axis: Axis): Axis {
  const labels = axis.ticks.map((tick) => axisLabel(tick, axis));
  return new Set(labels).size === labels.length ? axis : { ...axis, ticks: [axis.min, axis.max] };
}

function bracket({ lastPass, firstFail, outcome, vary }: CapacityRecord): AgainstNote[] {
  const beyond = outcome === 'generator' ? 'not valid' : 'failed';
  return [
    ...(lastPass === null ? [] : [{ x: lastPass, name: `${loadNumber(lastPass, vary)} passed` }]),
    ...(firstFail === null ? [] : [{ x: firstFail, name: `${loadNumber(firstFail, vary)} ${beyond}` }]),
  ];
}

const MOST_TOLD = 40;

function altOf({ vary }: CapacityRecord, tries: readonly Tried[]): string {
  const told = tries
    .slice(0, MOST_TOLD)
    .map(({ load, sign }) => `${loadNumber(load, vary)} ${SIGN_WORDS[sign]}`);
  return `${counted(tries.length, 'try', 'tries')} in their order: ${told.join(', ')}.`;
}
