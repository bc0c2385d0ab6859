/** Comma-separated values as RFC 4180 has them, for spreadsheets and for programs. */
import { escapeTerminal } from '../visible.js';

/** A text, a number, a truth, or nothing: an empty field. */
export type Cell = string | number | boolean | null;

/** The names of the columns, and rows of as many cells; lines end with CRLF. */
export function csvText(columns: readonly string[], rows: ReadonlyArray<readonly Cell[]>): string {
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'string' ? quoted(harmless(cell)) : String(cell);
}

/**
 * A spreadsheet takes what begins so for a formula, and formulas can run programs and send data away: the apostrophe makes
 * it text (OWASP, "CSV injection"). Numbers of ours are numbers, and stay so.
 */
function harmless(text: string): string {
  const line = escapeTerminal(text);
  return /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(line) ? `'${line}` : line;
}

function quoted(text: string): string {
  return /[",]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
