import { type DialectSpec, type DialectWord, loadDialect } from '../dialects/list.js';
import type { PatternSpec } from '../patterns/list.js';
import type { Scenario } from './scenario.js';

/**
 * Loads every module of the user's own that the scenarios speak, so that one that cannot be used is known before
 * anything is started. Throws a `UsageError` with everything that is wrong with them.
 */
export async function checkDialects(scenarios: readonly Scenario[]): Promise<void> {
  const modules = new Map<string, { readonly spec: DialectSpec; readonly words: Set<DialectWord> }>();
  for (const { dialect, patterns } of scenarios.flatMap(({ populations }) => populations)) {
    if (dialect.kind !== 'module') continue;
    const known = modules.get(dialect.url) ?? { spec: dialect, words: new Set() };
    modules.set(dialect.url, known);
    for (const word of patterns.flatMap(wordsOf)) known.words.add(word);
  }
  for (const { spec, words } of modules.values()) await loadDialect(spec, words);
}

/** What a population has to say for a pattern. */
function wordsOf(pattern: PatternSpec): readonly DialectWord[] {
  switch (pattern.kind) {
    case 'heartbeat':
      return pattern.options.by === 'message' ? ['heartbeat'] : [];
    case 'echo':
      return ['echo'];
    case 'join': {
      const { rooms, acknowledges } = pattern.options;
      return [
        ...(rooms === null ? [] : ['join' as const]),
        ...(acknowledges ? ['acknowledge' as const] : []),
      ];
    }
    case 'publish':
      return pattern.options.payload.binary ? ['publish', 'bytes'] : ['publish'];
    case 'read':
      return [];
  }
}
