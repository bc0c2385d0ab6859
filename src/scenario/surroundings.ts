import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Path, Report } from './problem.js';
import { fillTemplate, readTemplate, type Substitution } from './template.js';

/** What a scenario depends on beside its own text, and where its problems and secrets go. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly report: Report;
  /** Values that no output may show. */
  readonly secrets: Set<string>;
  /** The text of a file beside the scenario. Throws an Error that names the file and says why it cannot be read. */
  readText(path: string, maxBytes: number): string;
}

/** Shorter values are not kept as secrets: hiding every `1` would leave nothing to read. */
const LEAST_SECRET_LENGTH = 4;

/** Surroundings in a folder, reading each file once. */
export function createSurroundings(folder: string, env: Surroundings['env'], report: Report): Surroundings {
  const texts = new Map<string, string>();
  return {
    env,
    report,
    secrets: new Set(),
    readText(path, maxBytes) {
      const file = resolve(folder, path);
      const text = texts.get(file) ?? readTextFile(file, maxBytes);
      texts.set(file, text);
      return text;
    },
  };
}

/** Remembers a value that no output may show. */
export function keepSecret(surroundings: Surroundings, value: string): void {
  if (value.length >= LEAST_SECRET_LENGTH) surroundings.secrets.add(value);
}

/** Text with the environment filled in, its values kept as secrets, or null when that failed. `${port}` stays as it is. */
export function fillEnv(
  text: string,
  path: Path,
  allowed: readonly Substitution[],
  around: Surroundings,
): string | null {
  const read = readTemplate(text, { allowed, env: around.env, columns: null });
  for (const value of read.fromEnv) keepSecret(around, value);
  for (const problem of read.problems) around.report(path, problem);
  return read.problems.length > 0 ? null : fillTemplate(read.template, 0, null);
}

/** A whole UTF-8 file. Throws an Error that names the file and says why it cannot be read, and the remedy. */
export function readTextFile(file: string, maxBytes: number): string {
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) throw new Error(`${file} is a folder: name a file in it`);
    if (stat.size > maxBytes) throw new Error(`${file} has ${stat.size} bytes: at most ${maxBytes} are read`);
    const bytes = readFileSync(file);
    return decodeUtf8(bytes, file);
  } catch (error) {
    throw new Error(explainFileError(error, file));
  }
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`${file} is not UTF-8 text: save it as UTF-8`);
  }
}

function explainFileError(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  switch ('code' in error ? error.code : undefined) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `${file} does not exist: check its name and folder`;
    case 'EACCES':
    case 'EPERM':
      return `${file} may not be read: give this user the right to read it`;
    case undefined:
      return error.message;
    default:
      return `${file} cannot be read: ${error.message}`;
  }
}
