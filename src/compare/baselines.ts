import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../errors.js';
import { COMPARISON_SCHEMA_VERSION } from '../result/comparison.js';
import { createKeepingFolder, isRecord, notOfWsherd, readJson, writeWhole } from '../result/files.js';
import { isSameMachine } from '../result/machine.js';
import type { Machine } from '../result/types.js';
import { version } from '../version.js';
import { differences, keyOf, type MeasuredRun } from './measuredRun.js';

/**
 * Runs that are kept to be compared with: their values and histograms, no samples, so that a repository can hold them. What they
 * have in common, where they were measured and what was asked, is there once.
 */
interface KeptBaseline {
  readonly schemaVersion: typeof COMPARISON_SCHEMA_VERSION;
  readonly tool: { readonly name: 'wsherd'; readonly version: string };
  readonly name: string;
  readonly savedAt: string;
  readonly machine: Machine;
  readonly scenario: MeasuredRun['scenario'];
  readonly asked: unknown;
  readonly runs: ReadonlyArray<Omit<MeasuredRun, 'machine' | 'asked' | 'scenario'>>;
}

const NAME = /^[A-Za-z0-9][\w.-]{0,99}$/;

/** Throws `UsageError` for a name that is no file name everywhere. */
function baselineFile(folder: string, name: string): string {
  if (NAME.test(name)) return join(folder, `${name}.json`);
  throw new UsageError(
    `${name} is no name for a baseline: letters, digits, dots, dashes and underscores, such as main or v1.4.0.`,
  );
}

/**
 * Keeps runs of one scenario on one machine under a name; what was kept under it before is replaced. Throws `UsageError` when they
 * are not of one kind, or the folder cannot be written to.
 */
export function saveBaseline(
  folder: string,
  name: string,
  runs: readonly MeasuredRun[],
  savedAt: string,
): string {
  const path = baselineFile(folder, name);
  const first = runs[0];
  if (first === undefined) {
    throw new UsageError(
      'There is no valid run to keep as a baseline: name the results of runs that ended well.',
    );
  }
  refuseOthers(first, runs);
  const kept: KeptBaseline = {
    schemaVersion: COMPARISON_SCHEMA_VERSION,
    tool: { name: 'wsherd', version },
    name,
    savedAt,
    machine: first.machine,
    scenario: first.scenario,
    asked: first.asked,
    runs: runs.map(({ machine: _machine, asked: _asked, scenario: _scenario, ...own }) => own),
  };
  createKeepingFolder(dirname(path));
  writeWhole(path, `${JSON.stringify(kept)}\n`);
  return path;
}

function refuseOthers(first: MeasuredRun, runs: readonly MeasuredRun[]): void {
  for (const { path, asked, machine } of runs) {
    if (keyOf(asked) !== keyOf(first.asked)) {
      const paths = differences(first.asked, asked, 5);
      throw new UsageError(
        `${path} is of another scenario than ${first.path} (they differ in ${paths.join(', ')}): keep the runs of one scenario.`,
      );
    }
    if (!isSameMachine(machine, first.machine)) {
      throw new UsageError(
        `${path} was measured on another machine than ${first.path}: keep the runs of one machine.`,
      );
    }
  }
}

/** Throws `UsageError` when there is none of that name, or it cannot be read. */
export function readBaseline(folder: string, name: string): MeasuredRun[] {
  const path = baselineFile(folder, name);
  if (!existsSync(path)) {
    throw new UsageError(
      `There is no baseline ${name} in ${folder}: keep one with wsherd compare <results...> --save-baseline ${name}.`,
    );
  }
  const kept = readJson(path, 'keep the baseline anew with --save-baseline');
  if (!isKept(kept)) {
    throw notOfWsherd(path, 'a baseline', COMPARISON_SCHEMA_VERSION, 'Keep it anew with --save-baseline');
  }
  const { machine, scenario, asked, tool } = kept;
  const common = { machine, scenario, asked, version: tool.version };
  return kept.runs.map((run) => ({ ...common, ...run, path: `${path}: ${run.path}` }));
}

function isKept(value: unknown): value is KeptBaseline {
  return isRecord(value) && 'runs' in value && 'asked' in value && 'tool' in value;
}
