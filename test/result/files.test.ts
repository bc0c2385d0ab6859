import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ExitCode, UsageError } from '../../src/errors.js';
import { Accumulator } from '../../src/result/accumulator.js';
import { buildResult } from '../../src/result/build.js';
import {
  beginRecord,
  createMatrixFolder,
  createRunFolder,
  INTERVALS_FILE,
  MATRIX_FILE,
  RESULT_FILE,
  readResult,
  writeWhole,
} from '../../src/result/files.js';
import { emptyFacts, START_US } from './runs.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wsherd-files-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toHaveProperty('exitCode', ExitCode.usage);
    return String(error);
  }
  throw new Error('nothing was thrown');
}

test('a file is written whole, over the one before it, and nothing else is left', () => {
  const path = join(folder, 'a.json');
  writeWhole(path, 'first, and longer');
  writeWhole(path, 'second');
  expect(readFileSync(path, 'utf8')).toBe('second');
  expect(readdirSync(folder)).toEqual(['a.json']);
});

test('a file that cannot be written leaves nothing behind', () => {
  mkdirSync(join(folder, 'taken', 'by', 'a', 'folder'), { recursive: true });
  expect(messageOf(() => writeWhole(join(folder, 'taken'), 'text'))).toContain(join(folder, 'taken'));
  expect(readdirSync(folder)).toEqual(['taken']);
});

test('the folder of a run is made with its parents', () => {
  const path = join(folder, 'reports', 'lobby');
  createRunFolder(path, false);
  beginRecord(path);
  expect(readdirSync(path)).toContain(INTERVALS_FILE);
});

test.each([RESULT_FILE, INTERVALS_FILE])(
  'a folder with %s of another run is left alone, unless forced',
  (name) => {
    writeFileSync(join(folder, name), '{}\n');
    const message = messageOf(() => createRunFolder(folder, false));
    expect(message).toContain(folder);
    expect(message).toContain('--out');
    expect(message).toContain('--force');
    expect(readFileSync(join(folder, name), 'utf8')).toBe('{}\n');
    createRunFolder(folder, true);
    expect(readFileSync(join(folder, name), 'utf8')).toBe('{}\n');
  },
);

test('a run that is overwritten is gone as soon as the new one begins, and not before', () => {
  writeFileSync(join(folder, RESULT_FILE), '{}');
  writeFileSync(join(folder, INTERVALS_FILE), '{}\n');
  createRunFolder(folder, true);
  expect(readdirSync(folder)).toContain(RESULT_FILE);
  beginRecord(folder);
  expect(readdirSync(folder)).not.toContain(RESULT_FILE);
  expect(readFileSync(join(folder, INTERVALS_FILE), 'utf8')).toBe('');
});

test('a run that never began does not stand in the way of the next', () => {
  createRunFolder(folder, false);
  createRunFolder(folder, false);
});

test('a folder of other files is taken as it is', () => {
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  createRunFolder(folder, false);
  expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
});

test('a folder that cannot be made or written to is named, with the reason and the remedy', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  for (const path of [file, join(file, 'below')]) {
    const message = messageOf(() => createRunFolder(path, false));
    expect(message).toContain(path);
    expect(message).toMatch(/EEXIST|ENOTDIR/);
    expect(message).toContain('--out');
  }
});

test('a record that was written reads the same', () => {
  const path = join(folder, RESULT_FILE);
  const result = buildResult(emptyFacts(new Accumulator(START_US, 1)));
  writeWhole(path, JSON.stringify(result));
  expect(readResult(path)).toEqual(JSON.parse(JSON.stringify(result)));
  expect(readResult(path)).toEqual(result);
});

test.each([
  ['is not there', null, 'ENOENT'],
  ['is not JSON', '{"schemaVersion": 1', 'SyntaxError'],
  ['is something else', '{"name": "x"}', 'not a record'],
  ['is a list', '[]', 'not a record'],
  ['is null', 'null', 'not a record'],
  ['is of a later version', '{"schemaVersion": 2, "run": {}, "metrics": {}}', 'schema version 1'],
])('a record that %s is refused with its path and why', (_what, content, why) => {
  const path = join(folder, 'given.json');
  if (content !== null) writeFileSync(path, content);
  const message = messageOf(() => readResult(path));
  expect(message).toContain(path);
  expect(message).toContain(why);
});

test('a record from before there were instances, a proxy and messages in flight can still be read', () => {
  const result = buildResult(emptyFacts(new Accumulator(START_US, 1)));
  const { instances: _, proxy: __, ...target } = result.target;
  const books = [{ what: 'connections opened', server: 1, ours: 1, balanced: true }];
  const path = join(folder, RESULT_FILE);
  writeWhole(path, JSON.stringify({ ...result, target: { ...target, books } }));
  expect(readResult(path).target).toMatchObject({
    instances: [],
    proxy: null,
    books: [{ server: 1, inFlight: 0 }],
  });
});

test('a record from before there was broadcasting can still be read', () => {
  const { broadcast: _, ...result } = buildResult(emptyFacts(new Accumulator(START_US, 1)));
  const path = join(folder, RESULT_FILE);
  writeWhole(path, JSON.stringify(result));
  expect(readResult(path).broadcast).toBeNull();
});

test('a folder that holds the runs of a matrix is not overwritten by a run', () => {
  createMatrixFolder(folder, false);
  expect(() => createMatrixFolder(folder, false), 'nothing has been run in it yet').not.toThrow();
  writeWhole(join(folder, MATRIX_FILE), '{}');
  expect(messageOf(() => createRunFolder(folder, false))).toContain('holds a run already');
  expect(messageOf(() => createMatrixFolder(folder, false))).toContain('holds a run already');
  createMatrixFolder(folder, true);
});
