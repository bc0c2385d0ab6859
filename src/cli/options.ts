import type { InferredOptionTypes, Options } from 'yargs';
import { UsageError } from '../errors.js';
import type { Staff } from '../plan/plan.js';
import { type ReporterName, reporters } from '../report/list.js';
import { parseDuration } from '../scenario/units.js';

const LATER_REPORTERS = ['junit', 'markdown', 'csv', 'hgrm'];

/** Options of every command that reads a scenario. */
export const scenarioOptions = {
  set: {
    type: 'string',
    array: true,
    default: [] as string[],
    describe: 'change a value of the scenario: path=value, such as populations.clients.connections=50',
  },
  workers: { type: 'number', describe: 'worker threads (default: by connections and cores)' },
  processes: {
    type: 'string',
    describe:
      'processes that open the connections, or auto: threads of this one while it has descriptors enough (default)',
  },
  dialect: {
    type: 'string',
    describe: "application protocol in place of the scenario's: a name, or a module such as ./my-dialect.mjs",
  },
  'allow-code': {
    type: 'boolean',
    default: false,
    describe: 'run the modules that the scenario names as its dialect',
  },
} as const satisfies Record<string, Options>;

/** Options of `run ws://host/path`, which needs no file. */
export const adHocOptions = {
  connections: { alias: 'c', type: 'number', describe: 'connections, for run ws://...' },
  duration: { alias: 'd', type: 'string', describe: 'how long to hold them, such as 30s, for run ws://...' },
  every: {
    type: 'string',
    describe: 'time between two pings of a connection (default 1s), for run ws://...',
  },
} as const satisfies Record<string, Options>;

/** Options of every command that makes reports. */
export const reporterOptions = {
  reporter: {
    type: 'string',
    array: true,
    default: ['html', 'text', 'json'] as string[],
    describe: 'reports to make: html, text, json; repeat or separate by comma',
  },
  json: {
    type: 'boolean',
    default: false,
    describe: 'print the summary as JSON on stdout, and nothing else',
  },
  open: { type: 'boolean', default: false, describe: 'open the HTML report in the browser' },
} as const satisfies Record<string, Options>;

export type ScenarioArguments = InferredOptionTypes<typeof scenarioOptions>;
export type AdHocArguments = InferredOptionTypes<typeof adHocOptions>;

/** yargs makes a list of any option that is there twice. */
const REPEATABLE = ['_', 'set', 'reporter', 'allow-target', 'allowTarget'];

/** Throws `UsageError` when an option that takes one value was given more than one. */
export function refuseRepeats(given: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(given)) {
    if (!Array.isArray(value) || REPEATABLE.includes(name)) continue;
    throw new UsageError(`--${name} is there ${value.length} times: give it once.`);
  }
  return true;
}

/** Names from `--reporter`, which may be repeated and hold lists; throws `UsageError` for unknown ones. */
export function parseReporters(given: readonly string[]): ReporterName[] {
  return given
    .flatMap((list) => list.split(','))
    .map((name) => {
      if (isReporter(name)) return name;
      const what = LATER_REPORTERS.includes(name) ? 'is not supported yet' : 'is not a reporter';
      throw new UsageError(`--reporter: ${name} ${what}; there are ${Object.keys(reporters).join(', ')}.`);
    });
}

/** Worker threads or processes asked for, or nulls to leave it to the plan. */
export function parseStaff({ workers, processes }: Pick<ScenarioArguments, 'workers' | 'processes'>): Staff {
  const staff = {
    workers: parseCount('--workers takes', workers),
    processes: processes === 'auto' ? null : parseCount('--processes takes auto or', processes),
  };
  if (staff.workers === null || staff.processes === null) return staff;
  throw new UsageError('A process has one worker: give --workers or --processes, not both.');
}

function parseCount(takes: string, given: number | string | undefined): number | null {
  if (given === undefined) return null;
  const count = Number(given);
  if (Number.isInteger(count) && count >= 1 && count <= 256) return count;
  throw new UsageError(`${takes} a whole number from 1 to 256.`);
}

/** A duration of the command line in us. */
export function parseDurationOption(name: string, given: string | undefined): number {
  if (given === undefined) return 0;
  const parsed = parseDuration(given);
  if ('value' in parsed) return parsed.value;
  throw new UsageError(`--${name}: ${parsed.problem}.`);
}

function isReporter(name: string): name is ReporterName {
  return Object.hasOwn(reporters, name);
}
