import { appendFileSync } from 'node:fs';
import { printError } from './print.js';

interface StepVariables {
  readonly GITHUB_ACTIONS?: string | undefined;
  /** The file whose Markdown GitHub shows on the page of the job. */
  readonly GITHUB_STEP_SUMMARY?: string | undefined;
}

/** Adds to what other steps and runs have said there. That it cannot be written changes nothing about the run. */
export function addToStepSummary(
  markdown: string,
  { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY: path }: StepVariables,
): void {
  if (GITHUB_ACTIONS !== 'true' || path === undefined || path === '') return;
  try {
    appendFileSync(path, `${markdown}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    printError(`Warning: the summary of the job could not be written (${why}).`);
  }
}
