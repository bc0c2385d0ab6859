import { join } from 'node:path';
import type { InferredOptionTypes, Options } from 'yargs';
import { wallClockLabel } from '../clock.js';
import { readFloor } from '../target/floorFile.js';
import type { Manner } from './carryOut.js';
import { parseDurationOption, parseStaff, reporterOptions, scenarioOptions } from './options.js';

/** Where what a command makes is kept. */
export const outputOptions = {
  out: { type: 'string', describe: 'folder of the run (default: reports/<name>-<time>)' },
  force: { type: 'boolean', default: false, describe: 'overwrite a run that is in the folder' },
} as const satisfies Record<string, Options>;

/** Options of every command that runs something. */
export const runningOptions = {
  ...scenarioOptions,
  ...reporterOptions,
  ...outputOptions,
  quiet: { type: 'boolean', default: false, describe: 'no progress' },
  'allow-target': {
    type: 'string',
    array: true,
    default: [] as string[],
    describe: 'a host, or host:port, that may be tested though it is not on the loopback interface',
  },
  'wait-for-target': {
    type: 'string',
    describe: 'how long to wait until a running target accepts, such as 30s',
  },
} as const satisfies Record<string, Options>;

export type RunningArguments = InferredOptionTypes<typeof runningOptions>;

/** How to run, but for what ends it early and what is made of validity. */
export function mannerOf(given: RunningArguments): Omit<Manner, 'interrupt' | 'allowSaturated'> {
  return {
    force: given.force,
    ...parseStaff(given),
    allowTargets: given['allow-target'],
    waitForTargetUs: parseDurationOption('wait-for-target', given['wait-for-target']),
    command: commandLine(),
    httpFloor: readFloor(),
    quiet: given.quiet || given.json,
  };
}

/** Where the records go: `reports/quickstart-20261121T001405Z`. */
export function folderFor({ out }: Pick<RunningArguments, 'out'>, name: string): string {
  return out ?? join('reports', `${name}-${wallClockLabel().replace(/[-:]|\.\d+/g, '')}`);
}

/** That repeats what is being done. */
export function commandLine(): string {
  return ['wsherd', ...process.argv.slice(2)].map(quoted).join(' ');
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
