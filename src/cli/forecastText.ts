import { count, counted, duration, elapsed, rate, trimmed } from '../report/numbers.js';
import type { PopulationPrediction, Prediction, StormAssumptions } from '../result/recovery.js';
import type { PhaseSpec, PopulationSpec, Scenario } from '../scenario/scenario.js';
import { stormWarnings } from '../storm/warnings.js';
import { drawPicture, PICTURE_COLUMNS } from './picture.js';

export const MODEL_LABEL = 'a model, not a measurement';

type FaultPhase = Extract<PhaseSpec, { kind: 'fault' }>;

/** The faults of a timeline, in its order. */
export function faultsOf({ timeline }: Pick<Scenario, 'timeline'>): FaultPhase[] {
  return timeline.filter((phase) => phase.kind === 'fault');
}

/** What is foreseen of each fault of a scenario, and what to look out for; `predictions` in the order of its faults. */
export function describeForecasts(
  scenario: Scenario,
  predictions: ReadonlyArray<Prediction | null>,
): string[] {
  const warnings = stormWarnings(scenario, predictions);
  return [
    ...faultsOf(scenario).flatMap((phase, i) => [
      ...describeForecast(phase, predictions[i] ?? null, scenario.populations),
      '',
    ]),
    ...(warnings.length === 0 ? [] : ['Warnings', ...warnings.map((warning) => `  ${warning}`), '']),
  ].slice(0, -1);
}

/** What is foreseen of one fault. */
function describeForecast(
  { name, fault }: FaultPhase,
  prediction: Prediction | null,
  populations: readonly PopulationSpec[],
): string[] {
  const title = `Storm after ${name} (${fault.kind})`;
  if (prediction === null) return [`${title}: the model says nothing about this kind of fault`];
  return [
    `${title}: ${MODEL_LABEL}`,
    ...describeAssumptions(prediction.assumptions).map(([what, value]) => row(what, value)),
    '',
    ...drawAttempts(prediction),
    '',
    row('open again', recoveryTimes(prediction)),
    row('attempts', describeAttempts(prediction)),
    row('gave up', describeLeft(prediction)),
    ...(prediction.stopped === null ? [] : [row('stopped', prediction.stopped)]),
    ...describePopulations(prediction, populations),
  ];
}

function describeAssumptions(assumptions: StormAssumptions): Array<[string, string]> {
  const { outageMs, acceptPerSecond, acceptSource, acceptQueue } = assumptions;
  const { attemptsPerSecond, refusedPerSecond } = assumptions;
  return [
    ['outage', outageMs === null ? 'never ends' : trimmed(duration(outageMs * 1000))],
    ['accepts', `${rate(acceptPerSecond)}, ${acceptSource}; ${count(acceptQueue)} wait at the most`],
    [
      'generator',
      attemptsPerSecond === null
        ? 'every client has a machine of its own'
        : `makes ${rate(attemptsPerSecond)} attempts at the most, ${rate(refusedPerSecond ?? attemptsPerSecond)} while they are refused`,
    ],
  ];
}

/** Attempts per second over time: the mean of each column. */
function drawAttempts({ attemptBins, binMs }: Prediction): string[] {
  if (attemptBins.length === 0) return ['  nobody tries'];
  const columns = Math.min(PICTURE_COLUMNS, attemptBins.length);
  const perSecond = Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * attemptBins.length) / columns);
    const to = Math.floor(((column + 1) * attemptBins.length) / columns);
    const attempts = attemptBins.slice(from, to).reduce((sum, bin) => sum + bin, 0);
    return (attempts * 1000) / ((to - from) * binMs);
  });
  const most = Math.max(...perSecond);
  return drawPicture({
    shares: perSecond.map((value) => value / most),
    top: rate(most),
    end: elapsed(attemptBins.length * binMs),
  });
}

function recoveryTimes({ t50Ms, t90Ms, t99Ms, t100Ms }: PopulationPrediction): string {
  const times = [
    ['50 %', t50Ms],
    ['90 %', t90Ms],
    ['99 %', t99Ms],
    ['all', t100Ms],
  ] as const;
  return times.map(([share, ms]) => `${share} ${ms === null ? 'never' : elapsed(ms)}`).join(', ');
}

function describeAttempts({ attempts, dropped, peakAttemptsPerSecond }: Prediction): string {
  if (dropped === 0) return 'none: nothing is dropped';
  const herdFactor = (peakAttemptsPerSecond / dropped).toFixed(2);
  return (
    `${count(attempts)} in all, ${count(attempts / dropped)} for each of the ${count(dropped)} dropped; ` +
    `${count(peakAttemptsPerSecond)} in the worst second, herd factor ${herdFactor}`
  );
}

function describeLeft({ gaveUp, stillOut }: PopulationPrediction): string {
  const out = stillOut === 0 ? '' : `; ${count(stillOut)} still out`;
  return gaveUp === 0 ? `nobody${out}` : counted(gaveUp, 'client') + out;
}

/** A line for each, when there are several. */
function describePopulations({ populations }: Prediction, specs: readonly PopulationSpec[]): string[] {
  if (specs.length < 2) return [];
  return [
    '  by population',
    ...specs.flatMap(({ name, reconnect }) => {
      const part = populations[name];
      if (part === undefined || part.dropped === 0) return [];
      const each = count(part.attempts / part.dropped);
      return [
        `    ${name} (${reconnect?.name ?? 'no reconnect'}): ${count(part.dropped)} dropped; ${recoveryTimes(part)}; ` +
          `${each} attempts each; gave up: ${describeLeft(part)}`,
      ];
    }),
  ];
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(12)} ${text}`;
}
