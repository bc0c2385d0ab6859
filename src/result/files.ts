import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { CAPACITY_SCHEMA_VERSION, type CapacityRecord } from './capacity.js';
import {
  type CalibrationRecord,
  COMPARISON_SCHEMA_VERSION,
  type ComparisonRecord,
  type Side,
} from './comparison.js';
import type { MatrixRecord } from './matrix.js';
import { type RunResult, SCHEMA_VERSION } from './types.js';

export const RESULT_FILE = 'result.json';
export const MATRIX_FILE = 'matrix.json';
export const CAPACITY_FILE = 'capacity.json';
export const COMPARISON_FILE = 'comparison.json';
export const CALIBRATION_FILE = 'calibration.json';
export const INTERVALS_FILE = 'intervals.ndjson';
export const TARGET_LOG_FILE = 'target.log';

/**
 * Makes the folder of a run. One that holds a run already is left alone unless `force` is given; throws
 * `UsageError` when it cannot be made or written to.
 */
export function createRunFolder(folder: string, force: boolean): void {
  createFolder(folder, force, TARGET_LOG_FILE);
}

/** @param firstFile Written empty: that it cannot be is known now rather than when there is something to lose. */
function createFolder(folder: string, force: boolean, firstFile: string): void {
  try {
    makeFolder(resolve(folder));
    if (!force && holdsRun(folder)) {
      throw new UsageError(
        `${folder} holds a run already; name another with --out, or overwrite it with --force.`,
      );
    }
    writeFileSync(join(folder, firstFile), '');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `The folder ${folder} cannot be written to (${reasonOf(error)}); name another with --out.`,
    );
  }
}

/** Makes a folder that many files are kept in; throws `UsageError` when it cannot be made. */
export function createKeepingFolder(folder: string): void {
  try {
    makeFolder(resolve(folder));
  } catch (error) {
    throw new UsageError(`The folder ${folder} cannot be made (${reasonOf(error)}); name another.`);
  }
}

/** Makes the folder that holds the runs of a matrix; throws as `createRunFolder` does. */
export function createMatrixFolder(folder: string, force: boolean): void {
  createFolder(folder, force, MATRIX_FILE);
}

/**
 * Makes the folder that holds the tries of a search, and takes out those of one that was there before; throws as
 * `createRunFolder` does.
 */
export function createCapacityFolder(folder: string, force: boolean): void {
  createFolder(folder, force, CAPACITY_FILE);
  for (const name of readdirSync(folder)) {
    if (TRY_FOLDER.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** `try-01-connections-1000`: sorted as they ran. */
export function tryFolder(order: number, vary: string, load: number): string {
  return `try-${String(order).padStart(2, '0')}-${vary}-${load}`;
}
const TRY_FOLDER = /^(try-\d{2,}-[a-z-]+-\d+|probe-\d{2,})$/;

/** Makes the folder that holds the runs of a comparison, without those of one that was there before; throws as `createRunFolder` does. */
export function createComparisonFolder(folder: string, force: boolean): void {
  createFolder(folder, force, COMPARISON_FILE);
  for (const name of readdirSync(folder)) {
    if (ROUND_FOLDER.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** `round-01-baseline`: sorted as the rounds ran. */
export function roundFolder(round: number, side: Side): string {
  return `round-${String(round).padStart(2, '0')}-${side}`;
}
const ROUND_FOLDER = /^round-\d{2,}-(baseline|candidate)$/;

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
  const isFilled = (file: string): boolean => {
    const found = statSync(join(folder, file), { throwIfNoEntry: false });
    return found !== undefined && found.size > 0;
  };
  return (
    existsSync(join(folder, RESULT_FILE)) ||
    isFilled(INTERVALS_FILE) ||
    isFilled(MATRIX_FILE) ||
    isFilled(CAPACITY_FILE) ||
    isFilled(COMPARISON_FILE)
  );
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
  const result = readJson(path);
  if (isResult(result)) return completed(result);
  throw notOfWsherd(path, 'a record', SCHEMA_VERSION);
}

/** Reads the record of a matrix; throws `UsageError` when it is none or of a later version. */
export function readMatrix(path: string): MatrixRecord {
  const matrix = readJson(path);
  if (isMatrix(matrix)) return matrix;
  throw notOfWsherd(path, 'the record of a matrix', SCHEMA_VERSION);
}

/** Reads the record of a search; throws `UsageError` when it is none or of a later version. */
export function readCapacity(path: string): CapacityRecord {
  const capacity = readJson(path);
  if (isCapacity(capacity)) return capacity;
  throw notOfWsherd(path, 'the record of a search for capacity', CAPACITY_SCHEMA_VERSION);
}

/** Reads the record of a comparison; throws `UsageError` when it is none or of a later version. */
export function readComparison(path: string): ComparisonRecord {
  const comparison = readJson(path);
  if (isComparison(comparison)) return comparison;
  throw notOfWsherd(path, 'the record of a comparison', COMPARISON_SCHEMA_VERSION);
}

/** Reads a calibration, or that in a folder; throws `UsageError` when it is none or of a later version. */
export function readCalibration(given: string): CalibrationRecord {
  const isFolder = statSync(given, { throwIfNoEntry: false })?.isDirectory() === true;
  const path = isFolder ? join(given, CALIBRATION_FILE) : given;
  const calibration = readJson(path, 'give the calibration.json of wsherd calibrate, or its folder');
  if (isCalibration(calibration)) return calibration;
  throw notOfWsherd(path, 'a calibration', COMPARISON_SCHEMA_VERSION);
}

/** What is to be said of a file that is something else, or of a later version of wsherd. */
export function notOfWsherd(
  path: string,
  what: string,
  schemaVersion: number,
  remedy = 'Give another, or update wsherd if a later one made it',
): UsageError {
  return new UsageError(`${path} is not ${what} of wsherd, schema version ${schemaVersion}. ${remedy}.`);
}

/** Throws `UsageError` with the remedy when there is no such file, or no JSON in it. */
export function readJson(path: string, remedy = 'give the result.json of a run'): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path} cannot be read as a record (${reasonOf(error)}); ${remedy}.`);
  }
}

function isResult(value: unknown): value is RunResult {
  return isRecord(value) && 'run' in value && 'metrics' in value;
}

/** The schema only grows: a record that is older than these parts of it has none of what they tell. */
function completed(result: RunResult): RunResult {
  const { target } = result;
  return {
    ...{ broadcast: null },
    ...result,
    target: {
      ...{ instances: [], proxy: null },
      ...target,
      books: target.books.map((entry) => ({ ...{ inFlight: 0 }, ...entry })),
    },
  };
}

function isMatrix(value: unknown): value is MatrixRecord {
  return isRecord(value) && 'variants' in value;
}

function isCapacity(value: unknown): value is CapacityRecord {
  return isRecord(value) && 'vary' in value && 'levels' in value;
}

function isComparison(value: unknown): value is ComparisonRecord {
  return isRecord(value) && 'verdict' in value && 'candidate' in value;
}

function isCalibration(value: unknown): value is CalibrationRecord {
  return isRecord(value) && 'metrics' in value && 'scenarioKey' in value;
}

/** All records are of the same schema version. */
export function isRecord(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    'schemaVersion' in value &&
    value.schemaVersion === SCHEMA_VERSION
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
