import type { CommandModule } from 'yargs';
import { ExitCode } from '../errors.js';
import { plannedCurve } from '../plan/curve.js';
import { readMachine } from '../plan/machine.js';
import { planRun } from '../plan/plan.js';
import { preflight } from '../plan/preflight.js';
import { isLocalSpec } from '../target/safety.js';
import { parseWorkers, type ScenarioArguments, scenarioOptions } from './options.js';
import { describePlan } from './planText.js';
import { print, printError } from './print.js';
import { scenarioFrom } from './scenarioInput.js';

type CheckArguments = ScenarioArguments & { readonly scenario: string };

export const checkCommand: CommandModule<object, CheckArguments> = {
  command: 'check <scenario>',
  describe: 'validate a scenario and show what it would do; starts nothing',
  builder: (yargs) =>
    yargs
      .positional('scenario', { type: 'string', demandOption: true, describe: 'a scenario file' })
      .options(scenarioOptions),
  handler: check,
};

function check(given: CheckArguments): void {
  const scenario = scenarioFrom(given);
  const machine = readMachine(isLocalSpec(scenario.target));
  const plan = planRun(scenario, machine, parseWorkers(given.workers));
  print(describePlan(scenario, plan, plannedCurve(scenario), machine));
  const problems = preflight(scenario, plan, machine);
  if (problems.length === 0) return;
  printError(problems.join('\n'));
  process.exitCode = ExitCode.target;
}
