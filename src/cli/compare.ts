import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CommandModule, InferredOptionTypes, Options } from 'yargs';
import { nowUs, wallClockLabel } from '../clock.js';
import { readBaseline, saveBaseline } from '../compare/baselines.js';
import { ALARM_RATE, compareRuns, type GivenSide } from '../compare/compare.js';
import { isUseless, measureRun } from '../compare/measuredRun.js';
import { LEAST_RUNS } from '../compare/question.js';
import { UsageError } from '../errors.js';
import { comparisonExitCode } from '../result/exitCode.js';
import {
  COMPARISON_FILE,
  createComparisonFolder,
  RESULT_FILE,
  readComparison,
  readResult,
  writeWhole,
} from '../result/files.js';
import { calibrationFor, comparingOptions, parseTolerance } from './comparingOptions.js';
import { deliverComparison } from './deliver.js';
import { parseReporters, reporterOptions } from './options.js';
import { printError } from './print.js';
import { commandLine, folderFor, outputOptions } from './runOptions.js';

const options = {
  ...reporterOptions,
  ...comparingOptions,
  ...outputOptions,
  candidate: {
    type: 'string',
    array: true,
    default: [] as string[],
    describe: 'results of the server as it is now: result.json, or folders of them',
  },
  against: { type: 'string', describe: 'name of the kept baseline to compare with' },
  'save-baseline': {
    type: 'string',
    describe:
      'keep the results under this name, to compare with later; with --candidate, those of the candidate',
  },
  'allow-other-machines': {
    type: 'boolean',
    default: false,
    describe: 'compare results of different machines all the same (it is said)',
  },
  quiet: { type: 'boolean', default: false, describe: 'only the files' },
  seed: { type: 'number', default: 1, describe: 'of the resampling that intervals come from' },
} as const satisfies Record<string, Options>;

type CompareArguments = InferredOptionTypes<typeof options> & { readonly results: string[] | undefined };

export const compareCommand: CommandModule<object, CompareArguments> = {
  command: 'compare [results..]',
  describe: 'say whether the runs of a candidate are worse than those of a baseline',
  builder: (yargs) =>
    yargs
      .positional('results', {
        type: 'string',
        array: true,
        describe: 'results of the baseline: result.json, or folders of them',
      })
      // `--candidate a b c` is three results.
      .parserConfiguration({ 'greedy-arrays': true })
      .options(options),
  handler: compare,
};

function compare(given: CompareArguments): void {
  const results = given.results ?? [];
  const { candidate, 'save-baseline': name } = given;
  refuseTwice([...results, ...candidate].flatMap(recordsAt));
  if (candidate.length > 0) compareSides(given, results);
  else if (name !== undefined) keep(given.baselines, name, sideFrom(results));
  else throw new UsageError('Say what to compare: wsherd compare <baseline...> --candidate <result...>.');
}

function compareSides(given: CompareArguments, results: readonly string[]): void {
  const { against, candidate, 'save-baseline': name } = given;
  if (against !== undefined && results.length > 0) {
    throw new UsageError(
      'The baseline is either --against a kept one, or the results that are given: not both.',
    );
  }
  const startedAt = wallClockLabel();
  const startUs = nowUs();
  const wanted = parseReporters(given.reporter);
  const baseline = against === undefined ? sideFrom(results) : keptSide(given.baselines, against);
  const other = sideFrom(candidate);
  refuseTooFew('baseline', baseline);
  refuseTooFew('candidate', other);
  const scenarioName = baseline.runs[0]?.scenario.name ?? other.runs[0]?.scenario.name ?? '';
  const record = compareRuns(baseline, other, {
    ...{ kind: 'compare', startedAt, level: 2 * ALARM_RATE, rounds: null, notes: [] },
    seed: parseSeed(given.seed),
    durationMs: Math.round((nowUs() - startUs) / 1000),
    command: commandLine(),
    tolerance: parseTolerance(given.tolerance),
    calibration: calibrationFor(given, scenarioName),
    allowOtherMachines: given['allow-other-machines'],
  });
  const folder = folderFor(given, 'compare');
  createComparisonFolder(folder, given.force);
  writeWhole(join(folder, COMPARISON_FILE), `${JSON.stringify(record)}\n`);
  // After it was compared, since it may take the place of what it was compared with.
  if (name !== undefined) keep(given.baselines, name, other);
  deliverComparison(record, { folder, wanted, json: given.json, open: given.open, quiet: given.quiet });
  process.exitCode = comparisonExitCode(record, given.strict);
}

function keep(folder: string, name: string, side: GivenSide): void {
  for (const { path, reason } of side.useless) printError(`Not kept: ${path}. ${reason}`);
  const path = saveBaseline(folder, name, side.runs, wallClockLabel());
  const count = side.runs.length;
  const short = count < LEAST_RUNS ? `; to be compared with it needs at least ${LEAST_RUNS}` : '';
  printError(`Baseline ${name}: ${count} ${count === 1 ? 'run' : 'runs'} in ${path}${short}`);
}

function parseSeed(seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new UsageError('--seed takes a whole number from 0 on.');
}

/** One run is one value: given twice it would be two. */
function refuseTwice(paths: readonly string[]): void {
  const known = new Set<string>();
  for (const path of paths) {
    const full = resolve(path);
    if (known.has(full)) throw new UsageError(`${path} is given twice: name each run once, on one side.`);
    known.add(full);
  }
}

function keptSide(folder: string, name: string): GivenSide {
  return { name, runs: readBaseline(folder, name), useless: [] };
}

function sideFrom(given: readonly string[]): GivenSide {
  const all = given.flatMap(recordsAt).map((path) => measureRun(readResult(path), path));
  return {
    name: null,
    runs: all.flatMap((run) => (isUseless(run) ? [] : [run])),
    useless: all.filter(isUseless),
  };
}

/** The record itself, that in a folder, or those in its folders. */
function recordsAt(given: string): string[] {
  if (statSync(given, { throwIfNoEntry: false })?.isDirectory() !== true) return [given];
  const own = join(given, RESULT_FILE);
  if (existsSync(own)) return [own];
  refuseBothSides(given);
  const inside = readdirSync(given)
    .sort()
    .map((name) => join(given, name, RESULT_FILE))
    .filter((path) => existsSync(path));
  if (inside.length > 0) return inside;
  throw new UsageError(`${given} holds no ${RESULT_FILE}, nor do the folders in it.`);
}

/** What `ab` leaves behind has runs of both versions in one folder. */
function refuseBothSides(folder: string): void {
  const path = join(folder, COMPARISON_FILE);
  if (!existsSync(path) || readComparison(path).kind !== 'ab') return;
  throw new UsageError(
    `${folder} holds runs of both sides: name those of one, such as ${folder}/round-*-baseline.`,
  );
}

/** Invalid ones count here: they were there, and that they say nothing is said in the comparison. */
function refuseTooFew(side: 'baseline' | 'candidate', { name, runs, useless }: GivenSide): void {
  const count = runs.length + useless.length;
  if (count >= LEAST_RUNS) return;
  const remedy =
    count === 0
      ? 'Name results of it first, or a kept one with --against.'
      : name === null
        ? `Run the scenario ${LEAST_RUNS - count} more times against it.`
        : 'Keep one of more runs with --save-baseline.';
  throw new UsageError(
    `The ${side} has ${count} ${count === 1 ? 'run' : 'runs'}: it needs at least ${LEAST_RUNS} a side for an interval at 95 %. ${remedy}`,
  );
}
