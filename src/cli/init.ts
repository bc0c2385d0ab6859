import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CommandModule } from 'yargs';
import { UsageError } from '../errors.js';
import { suggest } from '../scenario/suggest.js';
import { type CiSystem, ciSystems, detectCi } from './ciSystems.js';
import { print } from './print.js';

interface InitArguments {
  readonly ci: string | undefined;
  readonly force: boolean;
}

const SCENARIO_FILE = 'wsherd.yaml';

export const initCommand: CommandModule<object, InitArguments> = {
  command: 'init',
  describe: 'write a scenario to begin with or, with --ci, a pipeline that compares two versions of a server',
  builder: (yargs) =>
    yargs
      .option('ci', {
        type: 'string',
        describe:
          'github or gitlab; without a value, the one that git remotes or files of the folder speak of',
      })
      .option('force', { type: 'boolean', default: false, describe: 'overwrite what is there' }),
  handler: init,
};

function init({ ci, force }: InitArguments): void {
  if (ci === undefined) initScenario(force);
  else initPipeline(ci === '' ? detected() : named(ci), force);
}

function initScenario(force: boolean): void {
  write(SCENARIO_FILE, SCENARIO_FILE, force);
  print(`Put the command that starts your server into it, then: npx wsherd check ${SCENARIO_FILE}`);
}

function initPipeline({ path, template, beside }: CiSystem, force: boolean): void {
  // A pipeline that is there has other jobs too: it is never overwritten, ours goes into a file of its own.
  const isTaken = beside !== null && existsSync(path) && !holds(path, template);
  write(isTaken ? beside.path : path, template, force);
  if (isTaken) print(beside.step);
  print('Put what builds your server and what starts it where the comments of the file say.');
  if (!existsSync(SCENARIO_FILE)) {
    print(`It runs ${SCENARIO_FILE}, which is not here yet: npx wsherd init writes one.`);
  }
}

function named(ci: string): CiSystem {
  const system = ciSystems.find(({ name }) => name === ci);
  if (system !== undefined) return system;
  const names = ciSystems.map(({ name }) => name);
  throw new UsageError(`--ci: ${JSON.stringify(ci)} is not known${suggest(ci, names)}`);
}

function detected(): CiSystem {
  const found = detectCi();
  if (found.length === 1) return found[0]!;
  const why = found.length === 0 ? 'Nothing here speaks of one' : 'This folder speaks of more than one';
  throw new UsageError(`--ci: ${why}; say --ci github or --ci gitlab.`);
}

/** Throws `UsageError` rather than overwrite anything, unless it is told to. */
function write(path: string, template: string, force: boolean): void {
  if (holds(path, template)) {
    print(`${path} is there already, and the same.`);
    return;
  }
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, readTemplate(template), { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EEXIST') throw new UsageError(`${path} is there already; overwrite it with --force.`);
    throw new UsageError(`${path} cannot be written (${code ?? String(error)}).`);
  }
  print(`Wrote ${path}.`);
}

function holds(path: string, template: string): boolean {
  try {
    return readFileSync(path, 'utf8') === readTemplate(template);
  } catch {
    return false;
  }
}

function readTemplate(name: string): string {
  return readFileSync(new URL(`../../templates/${name}`, import.meta.url), 'utf8');
}
