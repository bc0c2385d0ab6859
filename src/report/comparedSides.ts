/** What was compared with what, in words: the sides, their runs, how the rounds went. */
import type { ComparedSide, ComparisonRecord, RoundsSpent } from '../result/comparison.js';
import { hasTooFewRuns } from '../result/exitCode.js';
import { isSameMachine } from '../result/machine.js';
import { counted } from './numbers.js';

/** A command line may be longer than the line that it stands in. */
const MOST_LETTERS = 60;

/** `main: node server.js`, `node old.js and 2 more`; of the reference server its name. */
export function sideWords({ targets, name }: ComparedSide): string {
  const [first] = targets;
  const left = targets.length - 1;
  const target = first === undefined ? 'no run' : shortened(first) + (left > 0 ? ` and ${left} more` : '');
  return name === null ? target : `${shortened(name)}: ${target}`;
}

/** In the middle: what tells two commands apart is a folder at their beginning or an option at their end. */
function shortened(words: string): string {
  if (words.length <= MOST_LETTERS) return words;
  const kept = (MOST_LETTERS - 3) / 2;
  return `${words.slice(0, Math.floor(kept))}...${words.slice(-Math.ceil(kept))}`;
}

/** `12 runs a side`, `12 and 9 runs`. */
export function runsWords({ baseline, candidate }: ComparisonRecord): string {
  if (baseline.runs === candidate.runs) return `${counted(baseline.runs, 'run')} a side`;
  return `${baseline.runs} and ${counted(candidate.runs, 'run')}`;
}

/** `6 of 10 rounds`; `12 rounds, 2 in place of others` where some had a run that could not be used. */
export function roundsDone({ done, planned }: RoundsSpent): string {
  if (done <= planned) return `${done} of ${counted(planned, 'round')}`;
  return `${counted(done, 'round')}, ${done - planned} in place of others`;
}

/** Why no more rounds were run. */
export const ENDED: Readonly<Record<RoundsSpent['endedBecause'], string>> = {
  'all-done': 'all rounds were done',
  clear: 'the answer was clear before the last round',
  'time-up': 'the time was up before the last round',
  interrupted: 'it was interrupted',
  'target-failed': 'a target failed',
};

const CUT_SHORT: Readonly<Partial<Record<RoundsSpent['endedBecause'], string>>> = {
  interrupted: 'The comparison was interrupted',
  'target-failed': 'A target ended, or could not be started',
};

/** Why the rounds are no whole comparison, as a sentence; null where they are. Time that was up after enough of them is how it was meant. */
export function cutShort(record: ComparisonRecord): string | null {
  if (record.rounds === null) return null;
  const { planned, done, endedBecause } = record.rounds;
  const isTooShort = endedBecause === 'time-up' && hasTooFewRuns(record);
  const what = isTooShort ? 'The time was up' : CUT_SHORT[endedBecause];
  return what === undefined ? null : `${what}: ${done} of ${planned} rounds were done.`;
}

/** Whether all runs were measured on machines of one kind; memory may differ a little between machines of a fleet. */
export function isOneKindOfMachine({ baseline, candidate }: ComparisonRecord): boolean {
  const [first, ...others] = [...baseline.machines, ...candidate.machines];
  return first === undefined || others.every((other) => isSameMachine(first, other));
}
