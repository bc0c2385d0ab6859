import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';

/** Far deeper than any scenario; the parser recurses, and a text of brackets alone would exhaust its stack. */
export const MAX_DEPTH = 200;

/** A bound from above: open brackets at any place, and the width of what can open blocks at the start of a line. */
export function isTooDeep(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > MAX_DEPTH) return true;
  }
  return new RegExp(`^[ \\t?:-]{${MAX_DEPTH + 1}}`, 'm').test(text);
}

/**
 * What YAML allows and a scenario does not: `__proto__` as a key would reach the prototype of a careless copy,
 * and an alias inside of its own anchor has no end.
 */
export function refuseDangers(
  document: Document,
  node: unknown,
  around: readonly unknown[],
  refuse: (node: Node, problem: string) => void,
): void {
  const inside = [...around, node];
  if (isAlias(node)) {
    const anchor = node.resolve(document);
    if (anchor === undefined) refuse(node, `no anchor &${node.source} stands before this alias`);
    else if (around.includes(anchor))
      refuse(node, `the alias *${node.source} stands inside of what it repeats`);
  } else if (isSeq(node)) {
    for (const item of node.items) refuseDangers(document, item, inside, refuse);
  } else if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (isScalar(key) && key.value === '__proto__')
        refuse(key, '__proto__ cannot be a key: choose another name');
      refuseDangers(document, value, inside, refuse);
    }
  }
}
