import { ScenarioError, UsageError } from '../errors.js';
import type { Side } from '../result/comparison.js';
import type { Scenario, TargetSpec } from '../scenario/scenario.js';
import type { AdHocArguments, ScenarioArguments } from './options.js';
import { variantsFrom } from './scenarioInput.js';

type Input = ScenarioArguments & Partial<AdHocArguments> & { readonly scenario: string };

/** The one scenario that is named; throws `UsageError` for a matrix. */
export function singleScenario(given: Input): Scenario {
  const first = variantsFrom(given)[0]!;
  if (first.label === '') return first.scenario;
  throw new UsageError(
    'A comparison is about one scenario, and this one has a matrix: take it out with --set matrix={}, and write the value to compare with, such as --set path=value.',
  );
}

/**
 * The scenario against each of two commands in place of its target. They speak its dialect: that of a reference server too, where
 * the scenario leaves it to that.
 */
export function scenariosOf(given: Input, commands: Readonly<Record<Side, string>>): Record<Side, Scenario> {
  const own = singleScenario(given);
  return { baseline: against('baseline'), candidate: against('candidate') };

  function against(side: Side): Scenario {
    const command = commands[side];
    if (!command.includes('${port}')) {
      throw new UsageError(
        `--${side}: write \${port} where the command says on which port to listen, such as 'node server.js --port \${port}'.`,
      );
    }
    const target = JSON.stringify(targetOf(command, own));
    const set = [...given.set, `target=${target}`, ...dialectOf(own)];
    return inWordsOf(side, () => singleScenario({ ...given, set }));
  }
}

/** In the words of a scenario. */
function targetOf(command: string, { target, proxied }: Scenario): Record<string, unknown> {
  return {
    command: ['/bin/sh', '-c', command],
    ...addressOf(target),
    ...(target.kind !== 'url' && target.instances > 1 ? { instances: target.instances } : {}),
    ...(proxied ? { through: 'proxy' } : {}),
  };
}

function addressOf(target: TargetSpec): Record<string, unknown> {
  switch (target.kind) {
    case 'command':
      return { scheme: target.scheme, path: target.path, ready: `${target.readyUs}us` };
    case 'url': {
      const { protocol, pathname, search } = new URL(target.url);
      return { scheme: protocol.replace(':', ''), path: `${pathname}${search}` };
    }
    case 'server':
      return target.options.tls === true ? { scheme: 'wss' } : {};
  }
}

function dialectOf({ document }: Scenario): string[] {
  const isTree = typeof document === 'object' && document !== null && 'dialect' in document;
  return isTree && document.dialect !== undefined ? [`dialect=${JSON.stringify(document.dialect)}`] : [];
}

/** Problems of settings that were made of options speak of these. */
function inWordsOf<T>(side: Side, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const renamed = error.problems.map((problem) =>
      problem.replace(/^(?:--set|\S+:1:1) target(?:\.command(?:\.\d+)?)?: /, `--${side}: `),
    );
    throw new ScenarioError(renamed);
  }
}
