import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandModule, InferredOptionTypes, Options } from 'yargs';
import { nowUs, wallClockLabel } from '../clock.js';
import { ExitCode } from '../errors.js';
import { exitCodeOf } from '../result/exitCode.js';
import type { RunResult } from '../result/types.js';
import { runScenario, saveRecord, UnsavedRunError } from '../run/run.js';
import { readFloor } from '../target/floorFile.js';
import { deliver, printText } from './deliver.js';
import {
  adHocOptions,
  parseDurationOption,
  parseReporters,
  parseWorkers,
  reporterOptions,
  scenarioOptions,
} from './options.js';
import { printError } from './print.js';
import { createProgress } from './progress.js';
import { scenarioFrom } from './scenarioInput.js';

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
  const scenario = scenarioFrom(given);
  let folder = given.out ?? join('reports', `${scenario.name}-${timeLabel()}`);
  const progress = createProgress({ quiet: given.quiet || given.json });
  const interrupt = interruptible();
  let result: RunResult;
  try {
    result = await runScenario(scenario, {
      folder,
      force: given.force,
      workers: parseWorkers(given.workers),
      allowTargets: given['allow-target'],
      waitForTargetUs: parseDurationOption('wait-for-target', given['wait-for-target']),
      command: ['wsherd', ...process.argv.slice(2)].map(quoted).join(' '),
      httpFloor: readFloor(),
      interrupt: interrupt.signal,
      onLive: progress.show,
    });
  } catch (error) {
    if (!(error instanceof UnsavedRunError)) throw error;
    ({ result } = error);
    folder = saveElsewhere(error);
  } finally {
    progress.end();
    interrupt.release();
  }
  deliver(result, { folder, wanted, json: given.json, open: given.open });
  process.exitCode = exitCodeOf(result, given['allow-saturated'] || scenario.allowSaturated);
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

/** npm passes the Ctrl-C on that the terminal has sent to all: twice within this time is once. */
const ONE_PRESS_US = 300_000;

/** The first Ctrl-C drains and reports; the second ends at once, and all that was started ends with this process. */
function interruptible(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  let firstUs = 0;
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      if (nowUs() - firstUs > ONE_PRESS_US) process.exit(ExitCode.interrupted);
      return;
    }
    firstUs = nowUs();
    printError('Stopping: closing the connections and writing the report. Once more to end at once.');
    controller.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    release() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

/** `20261121T001405Z`, fit for a file name. */
function timeLabel(): string {
  return wallClockLabel().replace(/[-:]|\.\d+/g, '');
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
