import type { CommandModule, InferredOptionTypes, Options } from 'yargs';
import { checkDialects } from '../scenario/checkDialects.js';
import { carryOut } from './carryOut.js';
import { deliver } from './deliver.js';
import { interruptible } from './interrupt.js';
import { adHocOptions, parseReporters, scenarioOrAddress } from './options.js';
import { runMatrix } from './runMatrix.js';
import { folderFor, mannerOf, runningOptions } from './runOptions.js';
import { variantsFrom } from './scenarioInput.js';

const options = {
  ...runningOptions,
  ...adHocOptions,
  'allow-saturated': {
    type: 'boolean',
    default: false,
    describe: 'exit 0 even if the generator was the limit (it is still said)',
  },
} as const satisfies Record<string, Options>;

type RunArguments = InferredOptionTypes<typeof options> & { readonly scenario: string };

export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <scenario>',
  describe: 'run a scenario file, or ws://host/path -c 1000 -d 30s, and report',
  builder: (yargs) => yargs.positional('scenario', scenarioOrAddress).options(options),
  handler: run,
};

async function run(given: RunArguments): Promise<void> {
  const wanted = parseReporters(given.reporter);
  const variants = variantsFrom(given);
  await checkDialects(variants.map(({ scenario }) => scenario));
  const first = variants[0]!;
  const folder = folderFor(given, first.scenario.name);
  const delivery = { folder, wanted, json: given.json, open: given.open, quiet: false };
  const interrupt = interruptible();
  const allowSaturated = given['allow-saturated'];
  const manner = { ...mannerOf(given), allowSaturated, interrupt: interrupt.signal };
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
