import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { isTooDeep, MAX_DEPTH, refuseDangers } from './dangers.js';
import type { Path, Problem } from './problem.js';

/** A scenario's text with the place of everything in it. JSON is read as the YAML that it is. */
export interface Source {
  /** Plain data, or undefined when the text is broken. */
  readonly data: unknown;
  /** What is wrong with the text as YAML, as `line:column what is wrong`. */
  readonly syntaxProblems: readonly string[];
  /** Where a value or its key stands, from 1; the nearest thing around it when it is not there. */
  locate(path: Path, at: Problem['at']): Position;
  /** Where the value stands in the text, as [start, end) offsets, or null when it is not there. */
  rangeOf(path: Path): readonly [number, number] | null;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Aliases are for brevity: more than this many copies of one text is an attack on memory. */
const MAX_ALIASES = 100;

/** Parses YAML 1.2 or JSON. Never throws: everything wrong is listed. */
export function parseSource(text: string): Source {
  if (isTooDeep(text))
    return brokenSource(`1:1 is nested more than ${MAX_DEPTH} levels deep: make it flatter`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const position = (offset: number): string => {
    const { line, column } = positionOf(offset);
    return `${line}:${column}`;
  };
  const syntaxProblems = [...document.errors, ...document.warnings].map(
    (error) => `${position(error.pos[0])} ${explainSyntax(error)}`,
  );
  refuseDangers(document, document.contents, [], (node, problem) => {
    syntaxProblems.push(`${position(node.range?.[0] ?? 0)} ${problem}`);
  });
  let data: unknown;
  if (syntaxProblems.length === 0) {
    try {
      data = document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch {
      syntaxProblems.push(`1:1 aliases repeat more than ${MAX_ALIASES} times: write the values out`);
    }
  }
  return {
    data,
    syntaxProblems,
    locate: (path, at) => positionOf(offsetOf(document, path, at)),
    rangeOf(path) {
      const { node, found } = walk(document, path);
      return found && node?.range ? [node.range[0], node.range[1]] : null;
    },
  };
}

function brokenSource(problem: string): Source {
  return {
    data: undefined,
    syntaxProblems: [problem],
    locate: () => ({ line: 1, column: 1 }),
    rangeOf: () => null,
  };
}

function offsetOf(document: Document, path: Path, at: Problem['at']): number {
  const { key, node, found } = walk(document, path);
  const preferred = found && at === 'value' ? (node ?? key) : (key ?? node);
  return preferred?.range?.[0] ?? 0;
}

/** Follows a path as far as it goes: the last node and the key that it stands behind. */
function walk(document: Document, path: Path): { key: Node | null; node: Node | null; found: boolean } {
  let key: Node | null = null;
  let node = behindAlias(document, document.contents);
  for (const segment of path) {
    let next: unknown;
    let nextKey: Node | null = null;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(segment),
      );
      if (pair === undefined) return { key, node, found: false };
      next = pair.value;
      nextKey = isScalar(pair.key) ? pair.key : null;
    } else if (isSeq(node) && typeof segment === 'number' && segment < node.items.length) {
      next = node.items[segment];
    } else {
      return { key, node, found: false };
    }
    node = behindAlias(document, next);
    key = nextKey ?? node;
  }
  return { key, node, found: true };
}

function behindAlias(document: Document, value: unknown): Node | null {
  if (isAlias(value)) return value.resolve(document) ?? null;
  return isMap(value) || isSeq(value) || isScalar(value) ? value : null;
}

/** The parser's own words, but for those that speak to programmers. */
function explainSyntax(error: { readonly code: string; readonly message: string }): string {
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return 'a second document begins here: one file is one scenario';
    case 'DUPLICATE_KEY':
      return 'this key stands in its map twice: keep one of them';
    case 'NON_STRING_KEY':
      return 'a key must be text';
    default:
      return error.message.split('\n', 1)[0] ?? '';
  }
}
