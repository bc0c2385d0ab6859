/** Lines for a terminal, cut to its width, with every string from outside escaped. */
import { createColors } from 'picocolors';
import type { HistogramMetric } from '../result/types.js';
import { count, duration } from './numbers.js';
import { escapeTerminal, withoutCommands } from './visible.js';

export interface TextOptions {
  readonly color: boolean;
  /** Width of the terminal. */
  readonly columns: number;
}

export type Tone = 'plain' | 'strong' | 'quiet' | 'good' | 'doubt' | 'bad';

/** One line before it is cut to the terminal's width and coloured. */
export interface Line {
  readonly tone: Tone;
  readonly indent: number;
  readonly text: string;
}

/** Blocks with an empty line between them. */
export function renderBlocks(
  blocks: ReadonlyArray<readonly Line[]>,
  { color, columns }: TextOptions,
): string {
  const paint = painter(color);
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.flatMap((line) => wrap(line, Math.max(columns, 40)).map(paint)).join('\n'))
    .join('\n\n');
}

function painter(color: boolean): (line: Line) => string {
  const colors = createColors(color);
  const tones: Record<Tone, (text: string) => string> = {
    plain: (text) => text,
    strong: colors.bold,
    quiet: colors.dim,
    good: colors.green,
    doubt: colors.yellow,
    bad: colors.red,
  };
  return ({ tone, indent, text }) => ' '.repeat(indent) + tones[tone](text);
}

/** More of one line than this is for the report. */
const MOST_ROWS = 3;

function wrap(line: Line, columns: number): Line[] {
  const width = columns - line.indent;
  const rows: string[] = [];
  let rest = withoutCommands(escapeTerminal(line.text));
  while (rest.length > width && rows.length < MOST_ROWS - 1) {
    const blank = rest.lastIndexOf(' ', width);
    const cut = blank > width / 2 ? blank : width;
    rows.push(rest.slice(0, cut));
    rest = `  ${withoutCommands(rest.slice(cut).trimStart())}`;
  }
  const last = rest.length > width ? `${rest.slice(0, width - 3)}...` : rest;
  return [...rows, last].map((text) => ({ ...line, text }));
}

export function plain(text: string, tone: Tone = 'plain', indent = 2): Line {
  return { tone, indent, text };
}

const LABEL_WIDTH = 13;

/** A number with its name before it. */
export function row(label: string, text: string): Line {
  return plain(label.padEnd(LABEL_WIDTH) + text);
}

/** `p50 1.4 ms     p99 3.1 ms     max 9.0 ms`, so that those of several rows stand under each other. */
export function latencyFigures({ p50, p99, max }: HistogramMetric): string {
  const figures = [
    ['p50', p50],
    ['p99', p99],
    ['max', max],
  ] as const;
  return figures
    .map(([label, us]) => `${label} ${us === null ? '-' : duration(us)}`.padEnd(13))
    .join('  ')
    .trimEnd();
}

/** A title over at most so many of the items; nothing without one. */
export function block<T>(
  title: string,
  items: readonly T[],
  most: number,
  lines: (item: T) => Line[],
): Line[] {
  return items.length === 0 ? [] : [plain(title, 'strong', 0), ...few(items, most, lines)];
}

/** What goes beyond is counted. */
export function few<T>(items: readonly T[], most: number, lines: (item: T) => Line[]): Line[] {
  const shown = items.slice(0, most).flatMap(lines);
  const left = items.length - most;
  return left > 0 ? [...shown, plain(`and ${count(left)} more in the report`, 'quiet')] : shown;
}
