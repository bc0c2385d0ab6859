import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { InferredOptionTypes, Options } from 'yargs';
import { LEAST_RUNS } from '../compare/question.js';
import { UsageError } from '../errors.js';
import type { CalibrationRecord } from '../result/comparison.js';
import { readCalibration } from '../result/files.js';
import { parseDurationOption } from './options.js';

/** Options of every command that judges a comparison. */
export const comparingOptions = {
  tolerance: {
    type: 'string',
    default: '3%',
    describe: 'a change of a metric up to this is nothing that matters',
  },
  strict: { type: 'boolean', default: false, describe: 'exit 98 also when it could not be decided' },
  calibration: {
    type: 'string',
    describe: 'calibration.json of wsherd calibrate, or its folder (default: that kept under --baselines)',
  },
  baselines: {
    type: 'string',
    default: 'baselines',
    describe: 'folder of kept baselines and calibrations',
  },
} as const satisfies Record<string, Options>;

/** Options of every command that runs two sides in turn. */
export const roundsOptions = {
  rounds: {
    type: 'number',
    default: 10,
    describe: 'rounds of one valid run of each side; those with another are made up for, up to as many again',
  },
  within: { type: 'string', describe: 'no round begins that would end later than this, such as 10m' },
} as const satisfies Record<string, Options>;

type ComparingArguments = InferredOptionTypes<typeof comparingOptions>;
export type RoundsArguments = InferredOptionTypes<typeof roundsOptions>;

/** `3%` as 0.03; throws `UsageError`. */
export function parseTolerance(given: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?) ?%$/.exec(given)?.[1] ?? Number.NaN);
  if (percent >= 0 && percent < 1000) return percent / 100;
  throw new UsageError(`--tolerance: ${given} is no share: write it in per cent, such as 3%.`);
}

export function parseRounds(given: RoundsArguments): {
  readonly rounds: number;
  readonly withinUs: number | null;
} {
  const { rounds, within } = given;
  if (!Number.isInteger(rounds) || rounds < LEAST_RUNS || rounds > 99) {
    throw new UsageError(
      `--rounds takes a whole number from ${LEAST_RUNS} to 99: it needs at least ${LEAST_RUNS} runs a side for an interval at 95 %.`,
    );
  }
  return { rounds, withinUs: within === undefined ? null : parseDurationOption('within', within) };
}

/** What was asked for, or what is kept for the scenario, or null. */
export function calibrationFor(
  { calibration, baselines }: Pick<ComparingArguments, 'calibration' | 'baselines'>,
  scenarioName: string,
): CalibrationRecord | null {
  if (calibration !== undefined) return readCalibration(calibration);
  const kept = join(baselines, `${scenarioName}.calibration.json`);
  return existsSync(kept) ? readCalibration(kept) : null;
}
