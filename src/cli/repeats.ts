import { UsageError } from '../errors.js';

/** yargs makes a list of any option that is there twice. */
const REPEATABLE = ['_', 'results', 'set', 'reporter', 'allow-target', 'allowTarget'];

/** Throws `UsageError` when an option that takes one value was given more than one. */
export function refuseRepeats(given: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(given)) {
    if (!Array.isArray(value) || REPEATABLE.includes(name)) continue;
    if (name === 'candidate' && isComparison(given)) continue;
    throw new UsageError(`--${name} is there ${value.length} times: give it once.`);
  }
  return true;
}

function isComparison({ _: words }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(words) && words[0] === 'compare';
}
