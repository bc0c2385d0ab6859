import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { type RunResult, SCHEMA_VERSION } from './types.js';

export const RESULT_FILE = 'result.json';
export const INTERVALS_FILE = 'intervals.ndjson';
export const TARGET_LOG_FILE = 'target.log';

/**
 * Makes the folder of a run. One that holds a run already is left alone unless `force` is given; throws
 * `UsageError` when it cannot be made or written to.
 */
export function createRunFolder(folder: string, force: boolean): void {
  try {
    makeFolder(resolve(folder));
    if (!force && holdsRun(folder)) {
      throw new UsageError(
        `${folder} holds a run already; name another with --out, or overwrite it with --force.`,
      );
    }
    // Known now rather than when there is something to lose.
    writeFileSync(join(folder, TARGET_LOG_FILE), '');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `The folder ${folder} cannot be written to (${reasonOf(error)}); name another with --out.`,
    );
  }
}

/** The run begins: from here on the folder holds it, and nothing of one that was there before. */
export function beginRecord(folder: string): void {
  rmSync(join(folder, RESULT_FILE), { force: true });
  writeFileSync(join(folder, INTERVALS_FILE), '');
}

/**
 * Not by `mkdir` with `recursive`, which never returns where the kernel says ENOENT although the parent is
 * there, as /proc does.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** A run that never began, since its target could not be reached, has left its log only. */
function holdsRun(folder: string): boolean {
  const intervals = statSync(join(folder, INTERVALS_FILE), { throwIfNoEntry: false });
  return existsSync(join(folder, RESULT_FILE)) || (intervals !== undefined && intervals.size > 0);
}

/** Writes a file whole or not at all: a reader never sees half of it. Throws `UsageError` when that fails. */
export function writeWhole(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new UsageError(`${path} cannot be written (${reasonOf(error)}).`);
  }
}

/** Reads a record; throws `UsageError` when it is none or of a later version. */
export function readResult(path: string): RunResult {
  let result: unknown;
  try {
    result = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(
      `${path} cannot be read as a record (${reasonOf(error)}); give the result.json of a run.`,
    );
  }
  if (!isResult(result)) {
    throw new UsageError(`${path} is not a record of wsherd, schema version ${SCHEMA_VERSION}.`);
  }
  return result;
}

function isResult(value: unknown): value is RunResult {
  return (
    typeof value === 'object' &&
    value !== null &&
    'schemaVersion' in value &&
    value.schemaVersion === SCHEMA_VERSION &&
    'run' in value &&
    'metrics' in value
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
