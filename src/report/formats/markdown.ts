/**
 * GitHub flavoured Markdown of text from outside. Escaping it character by character is not enough: GitHub looks for mentions,
 * issues, commits and addresses in what is left. So words that could be more than words stand in code, where nothing is looked for.
 */
import { escapeTerminal } from '../visible.js';

/** As it is, in code. A backtick would end it, and a bar the cell of its table, escaped or not: both are shown by their number. */
export function code(text: string): string {
  const shown = escapeTerminal(text).replaceAll('`', '\\x60').replaceAll('|', '\\x7c');
  // Nothing between two backticks is no code.
  return `\`${shown === '' ? ' ' : shown}\``;
}

/** Letters, digits and marks that mean nothing in the middle of a line; a colon only at the end of a word, or in a time. */
const HARMLESS = /^([\p{L}\p{N}.,;()%+'"?\u00b1/-]*:?|\d\d?:\d\d[.,;:]?)$/u;
/** What becomes a link all the same: addresses, issues, commits, and what two slashes may begin. */
const LINKED = /www\.|\bgh-\d|\/\/|(?<!\w)[0-9a-f]{7,}(?!\w)/iu;

/** What at the beginning of a block makes it a list or a line. */
const MARKER = /^([-+]+|\d+[.)])$/;

/** A sentence that may quote what came from outside. */
export function prose(sentence: string): string {
  const parts: string[] = [];
  let quoted: string[] = [];
  const endQuote = (): void => {
    if (quoted.length > 0) parts.push(code(quoted.join(' ')));
    quoted = [];
  };
  for (const [i, word] of escapeTerminal(sentence).trim().split(' ').entries()) {
    if (HARMLESS.test(word) && !LINKED.test(word) && !(i === 0 && MARKER.test(word))) {
      endQuote();
      parts.push(word);
    } else {
      quoted.push(word);
    }
  }
  endQuote();
  return parts.join(' ');
}

/** Cells are Markdown already; their columns are headed by words of ours. */
export function markdownTable(columns: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A list of at most so many sentences; what goes beyond is counted. */
export function markdownList(sentences: readonly string[], most: number): string {
  const left = sentences.length - most;
  const shown = sentences.slice(0, most).map((sentence) => `- ${prose(sentence)}`);
  return [...shown, ...(left > 0 ? [`- and ${left} more in the report`] : [])].join('\n');
}

/** Blocks with an empty line between them; those that are empty are left out. */
export function markdownBlocks(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
