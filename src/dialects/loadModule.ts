import { UsageError } from '../errors.js';
import type { CreateDialect } from './dialect.js';
import { type AnyDefinition, ModuleDialect } from './moduleDialect.js';

/** What a population has to say, and the function by which a module of the user's own says it. */
const WORDS = {
  join: 'join(room)',
  publish: 'publish(room, payload, id)',
  heartbeat: 'heartbeat(sequence)',
  acknowledge: 'acknowledge(message)',
  echo: 'echo(sequence, sizeBytes)',
} as const;
/** `bytes`: whatever it is, it may not be text. */
export type DialectWord = keyof typeof WORDS | 'bytes';

const FUNCTIONS = ['open', 'leave', 'receive', 'close', ...Object.keys(WORDS)];
const FLAGS = ['binary', 'waitsForReady', 'waitsForJoined'];

/**
 * Loads a dialect of the user's own. Throws a `UsageError` when the module cannot be loaded, exports no dialect, or has
 * not all the words that are asked for.
 *
 * @param file What messages call it.
 * @param url Where it is, as a `file:` URL.
 */
export async function loadModule(
  file: string,
  url: string,
  words: Iterable<DialectWord>,
): Promise<CreateDialect> {
  const problems: string[] = [];
  const definition = definitionIn(await importModule(file, url), problems);
  if (definition !== null) {
    for (const word of words) {
      if (word === 'bytes') {
        if (definition.binary !== true)
          problems.push('is made of text, and the scenario publishes bytes: add binary: true');
      } else if (definition[word] === undefined) {
        problems.push(`lacks ${WORDS[word]}, which the scenario needs: add it`);
      }
    }
  }
  if (definition === null || problems.length > 0) {
    throw new UsageError(problems.map((problem) => `The dialect ${file} ${problem}.`).join('\n'));
  }
  return (connections, listener) => new ModuleDialect(definition, connections, listener);
}

async function importModule(file: string, url: string): Promise<unknown> {
  try {
    const loaded: unknown = await import(url);
    return loaded;
  } catch (error) {
    throw new UsageError(`The dialect ${file} cannot be loaded: ${explain(error, file, url)}`);
  }
}

function explain(error: unknown, file: string, url: string): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && 'url' in error && error.url === url) {
    return 'there is no such file.';
  }
  return error instanceof SyntaxError ? `${error.message}; node --check ${file} shows where.` : error.message;
}

/** The default export or the one called `dialect`, when it can be used. */
function definitionIn(loaded: unknown, problems: string[]): AnyDefinition | null {
  const exported = exportOf(loaded, 'default') ?? exportOf(loaded, 'dialect');
  if (typeof exported !== 'object' || exported === null) {
    problems.push('exports no dialect: write export default defineDialect({ ... })');
    return null;
  }
  for (const name of FUNCTIONS) {
    const value: unknown = Reflect.get(exported, name);
    if (value !== undefined && typeof value !== 'function')
      problems.push(`has ${name}, which must be a function`);
  }
  for (const name of FLAGS) {
    const value: unknown = Reflect.get(exported, name);
    if (value !== undefined && typeof value !== 'boolean')
      problems.push(`has ${name}, which must be true or false`);
  }
  if (Reflect.get(exported, 'receive') === undefined)
    problems.push('lacks receive(message, emit), which says what the messages of the server mean: add it');
  return problems.length > 0 ? null : (exported as AnyDefinition);
}

function exportOf(loaded: unknown, name: string): unknown {
  return typeof loaded === 'object' && loaded !== null ? Reflect.get(loaded, name) : undefined;
}
