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
  /** The absolute path of a file beside the scenario. */
  fileOf(path: string): string;
  /** Whether code in that file, by absolute path, may be run. */
  mayLoad(file: string): boolean;
  /** The text of a file beside the scenario. Throws an Error that names the file and says why it cannot be read. */
  readText(path: string, maxBytes: number): string;
  /** The same for a file that need not be text. */
  readBytes(path: string, maxBytes: number): Uint8Array;
}

/** Shorter values are not kept as secrets: hiding every `1` would leave nothing to read. */
const LEAST_SECRET_LENGTH = 4;

/** Modules that a scenario may name: every one, or these by absolute path. */
export type AllowedCode = 'all' | readonly string[];

/** Surroundings in a folder, reading each text once. */
export function createSurroundings(
  folder: string,
  env: Surroundings['env'],
  allowedCode: AllowedCode,
  report: Report,
): Surroundings {
  const texts = new Map<string, string>();
  return {
    env,
    report,
    secrets: new Set(),
    fileOf: (path) => resolve(folder, path),
    mayLoad: (file) => allowedCode === 'all' || allowedCode.includes(file),
    readText(path, maxBytes) {
      const file = resolve(folder, path);
      const text = texts.get(file) ?? readTextFile(file, maxBytes);
      texts.set(file, text);
      return text;
    },
    readBytes: (path, maxBytes) => readFile(resolve(folder, path), maxBytes),
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
  const text = decodeUtf8(readFile(file, maxBytes));
  if (text === null) throw new Error(`${file} is not UTF-8 text: save it as UTF-8`);
  return text;
}

/** The text, or null when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function readFile(file: string, maxBytes: number): Uint8Array {
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) throw new Error(`${file} is a folder: name a file in it`);
    if (stat.size > maxBytes) throw new Error(`${file} has ${stat.size} bytes: at most ${maxBytes} are read`);
    return readFileSync(file);
  } catch (error) {
    throw new Error(explainFileError(error, file));
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
