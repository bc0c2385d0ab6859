import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodeOf } from '../result/exitCode.js';
import type { RunResult } from '../result/types.js';
import { type RunOptions, runScenario, saveRecord, UnsavedRunError } from '../run/run.js';
import type { Scenario } from '../scenario/scenario.js';
import { assumptionsFor, generatorRate } from '../storm/assumptions.js';
import { forecastStorms } from '../storm/forecast.js';
import { stormWarnings } from '../storm/warnings.js';
import { printText } from './deliver.js';
import { printError } from './print.js';
import { createProgress } from './progress.js';

/** How to carry out any scenario of one command line. */
export interface Manner extends Omit<RunOptions, 'folder' | 'onLive'> {
  readonly quiet: boolean;
  readonly allowSaturated: boolean;
}

/** A run that is over. */
export interface CarriedOut {
  readonly result: RunResult;
  /** Where its record is: elsewhere, when the folder asked for took nothing more. */
  readonly folder: string;
  readonly exitCode: number;
}

/** Runs one scenario and shows how it goes; throws what `runScenario` throws. */
export async function carryOut(scenario: Scenario, folder: string, manner: Manner): Promise<CarriedOut> {
  if (!manner.quiet) {
    const assumptions = assumptionsFor(scenario, generatorRate(manner.processes ?? manner.workers ?? 1));
    const foreseen = stormWarnings(scenario, forecastStorms(scenario, assumptions));
    for (const warning of foreseen) printError(`Warning: ${warning}`);
  }
  const progress = createProgress(manner);
  try {
    const result = await runScenario(scenario, { ...manner, folder, onLive: progress.show });
    return finished(result, folder);
  } catch (error) {
    if (!(error instanceof UnsavedRunError)) throw error;
    return finished(error.result, saveElsewhere(error));
  } finally {
    progress.end();
  }

  function finished(result: RunResult, where: string): CarriedOut {
    const exitCode = exitCodeOf(result, manner.allowSaturated || scenario.allowSaturated);
    return { result, folder: where, exitCode };
  }
}

/** The run is over, but its folder takes nothing more: keeps the record where temporary files go. */
function saveElsewhere(unsaved: UnsavedRunError): string {
  let folder = '';
  try {
    folder = mkdtempSync(join(tmpdir(), 'wsherd-'));
    saveRecord(folder, unsaved.result);
    printError(`${unsaved.message} The record is in ${folder} instead.`);
    return folder;
  } catch {
    if (folder !== '') rmSync(folder, { recursive: true });
    printText(unsaved.result);
    throw unsaved;
  }
}
