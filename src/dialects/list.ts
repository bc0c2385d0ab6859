import type { CreateDialect } from './dialect.js';
import { createEchoDialect } from './echo.js';
import { createHeartbeatDialect } from './heartbeat.js';
import { createJsonDialect } from './json.js';
import { jsonProtocols } from './jsonProtocols.js';
import type { JsonTemplates } from './jsonTemplates.js';
import { type DialectWord, loadModule } from './loadModule.js';

/** Every dialect that has a name; to add one, write its file, or its row of `jsonProtocols`, and its line here. */
export const dialects = {
  echo: createEchoDialect,
  heartbeat: createHeartbeatDialect,
  json: createJsonDialect(jsonProtocols.json),
  'chat-b': createJsonDialect(jsonProtocols['chat-b']),
  'chat-c': createJsonDialect(jsonProtocols['chat-c']),
  reliable: createJsonDialect(jsonProtocols.reliable),
} satisfies Record<string, CreateDialect>;

export type { DialectWord };

export type DialectName = keyof typeof dialects;

/** Which dialect a population speaks. Plain data: it goes to the workers as a message. */
export type DialectSpec =
  | { readonly kind: 'named'; readonly name: DialectName }
  | { readonly kind: 'json'; readonly templates: JsonTemplates }
  /** A module of the user's own: its absolute path, and the same as a `file:` URL. */
  | { readonly kind: 'module'; readonly file: string; readonly url: string };

/**
 * Loads what a worker needs to speak a dialect. Throws a `UsageError` when a module cannot be loaded, is no dialect, or
 * lacks one of `words`; dialects with names were checked when the scenario was read.
 */
export async function loadDialect(
  spec: DialectSpec,
  words: Iterable<DialectWord> = [],
): Promise<CreateDialect> {
  switch (spec.kind) {
    case 'named':
      return dialects[spec.name];
    case 'json':
      return createJsonDialect(spec.templates);
    case 'module':
      return await loadModule(spec.file, spec.url, words);
  }
}
