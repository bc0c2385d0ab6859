import type { CommandModule } from 'yargs';
import { ExitCode } from '../errors.js';
import { plannedCurve } from '../plan/curve.js';
import { readMachine } from '../plan/machine.js';
import { planRun } from '../plan/plan.js';
import { preflight } from '../plan/preflight.js';
import { checkDialects } from '../scenario/checkDialects.js';
import { assumptionsFor, generatorRate } from '../storm/assumptions.js';
import { forecastStorms } from '../storm/forecast.js';
import { isLocalSpec } from '../target/safety.js';
import { describeForecasts, faultsOf } from './forecastText.js';
import { parseStaff, type ScenarioArguments, scenarioOptions } from './options.js';
import { describePlan } from './planText.js';
import { print, printError } from './print.js';
import { variantsFrom } from './scenarioInput.js';
import { describeSearch } from './searchText.js';

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

async function check(given: CheckArguments): Promise<void> {
  const staff = parseStaff(given);
  const variants = variantsFrom(given);
  await checkDialects(variants.map(({ scenario }) => scenario));
  const problems = variants.flatMap(({ label, scenario }, i) => {
    const machine = readMachine(isLocalSpec(scenario.target));
    const plan = planRun(scenario, machine, staff);
    if (i > 0) print('');
    if (label !== '') print(`${label}\n`);
    print(describePlan(scenario, plan, plannedCurve(scenario), machine));
    if (faultsOf(scenario).length > 0) {
      const assumptions = assumptionsFor(scenario, generatorRate(plan.shards.length));
      const predictions = forecastStorms(scenario, assumptions);
      print(['', ...describeForecasts(scenario, predictions)].join('\n'));
    }
    if (scenario.capacity === null) return preflight(scenario, plan, machine);
    const search = describeSearch(scenario, scenario.capacity, machine, staff);
    print(['', ...search.lines].join('\n'));
    return [...preflight(scenario, plan, machine), ...search.problems];
  });
  if (problems.length === 0) return;
  printError([...new Set(problems)].join('\n'));
  process.exitCode = ExitCode.target;
}
