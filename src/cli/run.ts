import { join } from 'node:path';
import type { CommandModule, InferredOptionTypes, Options } from 'yargs';
import { wallClockLabel } from '../clock.js';
import { checkDialects } from '../scenario/checkDialects.js';
import { readFloor } from '../target/floorFile.js';
import { carryOut, type Manner } from './carryOut.js';
import { deliver } from './deliver.js';
import { interruptible } from './interrupt.js';
import {
  adHocOptions,
  parseDurationOption,
  parseReporters,
  parseStaff,
  reporterOptions,
  scenarioOptions,
} from './options.js';
import { runMatrix } from './runMatrix.js';
import { variantsFrom } from './scenarioInput.js';

const options = {
  ...scenarioOptions,
  ...adHocOptions,
  ...reporterOptions,
  out: { type: 'string', describe: 'folder of the run (default: reports/<name>-<time>)' },
  force: { type: 'boolean', default: false, describe: 'overwrite a run that is in the folder' },
  quiet: { type: 'boolean', default: false, describe: 'no progress' },
  'allow-target': {
    type: 'string',
    array: true,
    default: [] as string[],
    describe: 'a host, or host:port, that may be tested though it is not on the loopback interface',
  },
  'allow-saturated': {
    type: 'boolean',
    default: false,
    describe: 'exit 0 even if the generator was the limit (it is still said)',
  },
  'wait-for-target': {
    type: 'string',
    describe: 'how long to wait until a running target accepts, such as 30s',
  },
} as const satisfies Record<string, Options>;

type RunArguments = InferredOptionTypes<typeof options> & { readonly scenario: string };

export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <scenario>',
  describe: 'run a scenario file, or ws://host/path -c 1000 -d 30s, and report',
  builder: (yargs) =>
    yargs
      .positional('scenario', {
        type: 'string',
        demandOption: true,
        describe: 'a scenario file, or ws://host/path',
      })
      .options(options),
  handler: run,
};

async function run(given: RunArguments): Promise<void> {
  const wanted = parseReporters(given.reporter);
  const variants = variantsFrom(given);
  await checkDialects(variants.map(({ scenario }) => scenario));
  const first = variants[0]!;
  const folder = given.out ?? join('reports', `${first.scenario.name}-${timeLabel()}`);
  const delivery = { folder, wanted, json: given.json, open: given.open, quiet: false };
  const interrupt = interruptible();
  const manner = { ...mannerOf(given), interrupt: interrupt.signal };
  try {
    if (first.label !== '') {
      process.exitCode = await runMatrix(variants, delivery, manner);
      return;
    }
    const done = await carryOut(first.scenario, folder, manner);
    deliver(done.result, { ...delivery, folder: done.folder });
    process.exitCode = done.exitCode;
  } finally {
    interrupt.release();
  }
}

function mannerOf(given: RunArguments): Omit<Manner, 'interrupt'> {
  return {
    force: given.force,
    ...parseStaff(given),
    allowTargets: given['allow-target'],
    waitForTargetUs: parseDurationOption('wait-for-target', given['wait-for-target']),
    command: ['wsherd', ...process.argv.slice(2)].map(quoted).join(' '),
    httpFloor: readFloor(),
    quiet: given.quiet || given.json,
    allowSaturated: given['allow-saturated'],
  };
}

/** `20261121T001405Z`, fit for a file name. */
function timeLabel(): string {
  return wallClockLabel().replace(/[-:]|\.\d+/g, '');
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
