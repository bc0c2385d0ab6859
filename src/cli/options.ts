import type { InferredOptionTypes, Options, PositionalOptions } from 'yargs';
import { UsageError } from '../errors.js';
import type { Staff } from '../plan/plan.js';
import { type ReporterName, reporterNames } from '../report/list.js';
import { parseDuration } from '../scenario/units.js';

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

/** The scenario of a command that may also take an address. */
export const scenarioOrAddress = {
  type: 'string',
  demandOption: true,
  describe: 'a scenario file, or ws://host/path',
} as const satisfies PositionalOptions;

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
    describe: `reports to make: ${reporterNames.join(', ')}; repeat or separate by comma (default: html, text, json; in GitHub Actions markdown and github too, in GitLab junit)`,
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

/** What `--reporter` asked for, or what is made without it where wsherd runs; throws `UsageError` for names that are none. */
export function parseReporters(given: readonly string[] | undefined): ReporterName[] {
  return chooseReporters(given, process.env);
}

/** Variables by which the runners of GitHub Actions and GitLab say that they are these. */
interface CiVariables {
  readonly GITHUB_ACTIONS?: string | undefined;
  readonly GITLAB_CI?: string | undefined;
}

/** Names may be repeated and hold lists; what is given wins wholly over where wsherd runs. Throws `UsageError` for unknown ones. */
export function chooseReporters(
  given: readonly string[] | undefined,
  { GITHUB_ACTIONS, GITLAB_CI }: CiVariables,
): ReporterName[] {
  if (given === undefined || given.length === 0) {
    return [
      ...(['html', 'text', 'json'] as const),
      ...(GITHUB_ACTIONS === 'true' ? (['markdown', 'github'] as const) : []),
      ...(GITLAB_CI === 'true' ? (['junit'] as const) : []),
    ];
  }
  const names = given.flatMap((list) => list.split(',')).map((name) => name.trim());
  return [...new Set(names.map(reporterOf))];
}

function reporterOf(name: string): ReporterName {
  const found = reporterNames.find((known) => known === name);
  if (found !== undefined) return found;
  throw new UsageError(`--reporter: ${name} is not a reporter; there are ${reporterNames.join(', ')}.`);
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
