import { parse } from 'yaml';
import { formatPath, type Path } from './problem.js';

/** A value that takes the place of what the file says: one `--set path=value`, or one of a matrix. */
export interface Setting {
  readonly path: Path;
  readonly value: unknown;
  /** Where in the file it is written; null for the command line. */
  readonly writtenAt: Path | null;
  /** What problems with it add to their text. */
  readonly note: string;
}

/** Reads `a.b.1.c=value`, the value being YAML. Throws an Error that says what is wrong. */
export function parseSetting(text: string): Setting {
  const equals = text.indexOf('=');
  if (equals < 1)
    throw new Error('is not of the form path=value, such as populations.clients.connections=100');
  const path = parseSettingPath(text.slice(0, equals));
  try {
    const value: unknown = parse(text.slice(equals + 1), { prettyErrors: false, maxAliasCount: 0 }) ?? null;
    return { path, value, writtenAt: null, note: '' };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new Error(`has a value that is not YAML: ${reason}`);
  }
}

/** Reads `a.b.1.c`. Numbers between dots are list indices. Throws an Error that says what is wrong. */
export function parseSettingPath(text: string): Path {
  const path = text
    .trim()
    .split('.')
    .map((segment) => (/^\d{1,6}$/.test(segment) ? Number(segment) : segment));
  if (path.some((segment) => segment === '' || segment === '__proto__')) {
    throw new Error('has an empty part or __proto__ in its path');
  }
  return path;
}

/** A copy of `data` with the setting applied; maps on the way are made, lists are not. Throws an Error that says why not. */
export function applySetting(data: unknown, { path, value }: Pick<Setting, 'path' | 'value'>): unknown {
  return setAt(data, path, 0, value);
}

function setAt(data: unknown, path: Path, depth: number, value: unknown): unknown {
  const segment = path[depth];
  if (segment === undefined) return value;
  const inside = formatPath(path.slice(0, depth));
  if (Array.isArray(data)) {
    if (typeof segment !== 'number') throw new Error(`${inside} is a list: its items are numbers from 0`);
    if (segment > data.length)
      throw new Error(`${inside} has ${data.length} items: the next one is ${data.length}`);
    const copy: unknown[] = [...data];
    copy[segment] = setAt(data[segment], path, depth + 1, value);
    return copy;
  }
  if (data === undefined || data === null) {
    if (typeof segment === 'number') throw new Error(`the scenario has no list ${inside}`);
    return { [segment]: setAt(undefined, path, depth + 1, value) };
  }
  if (typeof data !== 'object') throw new Error(`${inside} is not a map or a list: set ${inside} as a whole`);
  const before = Object.hasOwn(data, segment) ? Reflect.get(data, segment) : undefined;
  return { ...data, [segment]: setAt(before, path, depth + 1, value) };
}
