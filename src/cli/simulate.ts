import type { CommandModule, InferredOptionTypes, Options } from 'yargs';
import { UsageError } from '../errors.js';
import { count } from '../report/numbers.js';
import type { Prediction } from '../result/recovery.js';
import type { Variant } from '../scenario/matrix.js';
import type { Scenario } from '../scenario/scenario.js';
import { assumptionsFor } from '../storm/assumptions.js';
import { type ForecastAssumptions, forecastStorms } from '../storm/forecast.js';
import { scaleScenario } from '../storm/scale.js';
import { describeForecasts, faultsOf, MODEL_LABEL } from './forecastText.js';
import { type MeasuredRate, measureAcceptRate } from './measureAcceptRate.js';
import { parseDurationOption, parseStaff, scenarioOptions } from './options.js';
import { print } from './print.js';
import { variantsFrom } from './scenarioInput.js';

/** Past this the model needs gigabytes. */
const MOST_CONNECTIONS = 5_000_000;

const options = {
  ...scenarioOptions,
  connections: {
    type: 'number',
    describe: "connections in all, divided as the scenario's (default: the scenario's own)",
  },
  'accept-rate': {
    type: 'string',
    describe: 'handshakes per second, or measured: starts the target and finds out (default: 2000)',
  },
  'accept-queue': {
    type: 'number',
    describe: 'handshakes that the accept queue holds (default: from the backlog)',
  },
  'start-up': {
    type: 'string',
    describe:
      'from the start of the target until it accepts connections (default: 150ms for reference servers, else 500ms)',
  },
  fault: { type: 'number', describe: 'only this fault of the timeline, the first being 1 (default: all)' },
  'allow-target': {
    type: 'string',
    array: true,
    default: [] as string[],
    describe: 'a host, or host:port, that may be measured though it is not on the loopback interface',
  },
  json: { type: 'boolean', default: false, describe: 'print the predictions as JSON' },
} as const satisfies Record<string, Options>;

type SimulateArguments = InferredOptionTypes<typeof options> & { readonly scenario: string };

export const simulateCommand: CommandModule<object, SimulateArguments> = {
  command: 'simulate <scenario>',
  describe:
    "what a scenario's faults would do at any size, by a model; starts nothing unless asked to measure",
  builder: (yargs) =>
    yargs
      .positional('scenario', { type: 'string', demandOption: true, describe: 'a scenario file' })
      .options(options),
  handler: simulate,
};

/** A scenario at the size that was asked for, and what is foreseen of its faults. */
interface Simulated {
  readonly label: string;
  readonly scenario: Scenario;
  readonly predictions: ReadonlyArray<Prediction | null>;
}

async function simulate(given: SimulateArguments): Promise<void> {
  const connections = wholeNumber('connections', given.connections, MOST_CONNECTIONS);
  const acceptQueue = wholeNumber('accept-queue', given['accept-queue'], 1_000_000);
  const startUp = given['start-up'];
  const startUpUs = startUp === undefined ? null : parseDurationOption('start-up', startUp);
  const givenRate = parseAcceptRate(given['accept-rate']);
  const { scenario, set, workers, processes, dialect, 'allow-code': allowCode } = given;
  // Not all that was given: --connections means something else there.
  const variants = variantsFrom({ scenario, set, workers, processes, dialect, 'allow-code': allowCode }).map(
    (variant) => ({
      ...variant,
      scenario: onlyFault(variant.scenario, given.fault),
    }),
  );
  const rate = givenRate === 'measured' ? await measure(variants[0]!.scenario, given) : givenRate;
  const known = {
    ...rate,
    ...(acceptQueue === null ? {} : { acceptQueue }),
    ...(startUpUs === null ? {} : { startUpUs }),
  };
  const simulated = variants.map((variant) => simulateVariant(variant, connections, known));
  print(given.json ? JSON.stringify(asJson(simulated), null, 2) : asText(simulated));
}

function simulateVariant(
  { label, scenario }: Variant,
  connections: number | null,
  known: Partial<ForecastAssumptions>,
): Simulated {
  const scaled = connections === null ? scenario : scaleScenario(scenario, connections);
  return {
    label,
    scenario: scaled,
    predictions: forecastStorms(scaled, assumptionsFor(scaled, known)),
  };
}

/** The first Ctrl-C ends what was started; the next ends at once. */
async function measure(scenario: Scenario, given: SimulateArguments): Promise<MeasuredRate> {
  const interruption = new AbortController();
  const onSignal = (): void => interruption.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await measureAcceptRate(scenario, {
      ...parseStaff(given),
      allowTargets: given['allow-target'],
      interrupt: interruption.signal,
    });
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** The scenario with only the faults that are asked for, and what belongs to them; throws `UsageError` when there are none. */
function onlyFault(scenario: Scenario, fault: number | undefined): Scenario {
  const faults = faultsOf(scenario);
  if (faults.length === 0) {
    throw new UsageError(
      `${scenario.name} has no fault to simulate: add one to its timeline, such as - fault: { kind: kill-target, down: 3s }`,
    );
  }
  if (fault === undefined) return scenario;
  const wanted = faults[fault - 1];
  if (wanted === undefined) {
    throw new UsageError(
      `--fault takes a whole number from 1 to ${faults.length}, the faults of the timeline.`,
    );
  }
  const start = scenario.timeline.indexOf(wanted);
  const following = faults[fault];
  const end = following === undefined ? scenario.timeline.length : scenario.timeline.indexOf(following);
  return { ...scenario, timeline: scenario.timeline.slice(start, end) };
}

/** Nothing is known where nothing was given. */
function parseAcceptRate(given: string | undefined): Partial<MeasuredRate> | 'measured' {
  if (given === undefined) return {};
  if (given === 'measured') return given;
  const perSecond = Number(given.replace(/\/s$/, ''));
  if (perSecond > 0 && perSecond <= 10_000_000) return { acceptPerSecond: perSecond, acceptSource: 'given' };
  throw new UsageError('--accept-rate takes handshakes per second, such as 2000, or measured.');
}

function wholeNumber(name: string, given: number | undefined, most: number): number | null {
  if (given === undefined) return null;
  if (Number.isInteger(given) && given >= 1 && given <= most) return given;
  throw new UsageError(`--${name} takes a whole number from 1 to ${count(most)}.`);
}

function asText(simulated: readonly Simulated[]): string {
  return simulated
    .map(({ label, scenario, predictions }) =>
      [`${headline(label, scenario)}: ${MODEL_LABEL}`, '', ...describeForecasts(scenario, predictions)].join(
        '\n',
      ),
    )
    .join('\n\n');
}

function headline(label: string, { name, populations }: Scenario): string {
  const connections = populations.reduce((sum, population) => sum + population.connections, 0);
  return `${name}${label === '' ? '' : `, ${label}`}, ${count(connections)} connections`;
}

function asJson(simulated: readonly Simulated[]): unknown {
  return {
    label: MODEL_LABEL,
    simulations: simulated.flatMap(({ label, scenario, predictions }) =>
      faultsOf(scenario).map(({ name, fault }, i) => ({
        scenario: scenario.name,
        variant: label === '' ? null : label,
        phase: name,
        fault: fault.kind,
        prediction: predictions[i] ?? null,
      })),
    ),
  };
}
