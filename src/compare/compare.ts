import { UsageError } from '../errors.js';
import { decodeHistogram, emptyHistogram, encodeHistogram } from '../metrics/histogram.js';
import {
  type CalibrationRecord,
  COMPARISON_SCHEMA_VERSION,
  type ComparedCurve,
  type ComparedRun,
  type ComparedSide,
  type ComparisonRecord,
  type Side,
} from '../result/comparison.js';
import { isSameMachine } from '../result/machine.js';
import type { Machine } from '../result/types.js';
import { version } from '../version.js';
import { choose } from './blocks.js';
import { judgeMetrics, verdictOf } from './judge.js';
import { differences, keyOf, type MeasuredRun, type UselessRun } from './measuredRun.js';
import { LATENCIES, measures } from './measures.js';
import { LEAST_RUNS } from './question.js';

/** Most of `worse` verdicts that identical sides get, over all metrics. */
export const ALARM_RATE = 0.01;
const RESAMPLES = 2000;

export interface GivenSide {
  /** Of the kept baseline that the runs come from, or null. */
  readonly name: string | null;
  readonly runs: readonly MeasuredRun[];
  readonly useless: readonly UselessRun[];
}

export interface Comparing {
  readonly kind: ComparisonRecord['kind'];
  readonly startedAt: string;
  readonly durationMs: number;
  readonly command: string;
  /** Share of the baseline that a metric may change by. */
  readonly tolerance: number;
  readonly calibration: CalibrationRecord | null;
  /** Runs that were measured on other machines are compared all the same, which is said. */
  readonly allowOtherMachines: boolean;
  readonly seed: number;
  /** Two-sided level of this look, at most 2 * `ALARM_RATE`. */
  readonly level: number;
  readonly rounds: ComparisonRecord['rounds'];
  readonly notes: readonly string[];
}

/**
 * Compares two sides by their runs. Throws `UsageError` when they cannot be: other scenarios, other machines. With too few
 * runs every metric is inconclusive. Pure.
 */
export function compareRuns(
  baseline: GivenSide,
  candidate: GivenSide,
  comparing: Comparing,
): ComparisonRecord {
  const first = baseline.runs[0] ?? candidate.runs[0];
  if (first === undefined) throw new UsageError(`No run can be used: ${uselessWords(baseline, candidate)}`);
  const runs = [...baseline.runs, ...candidate.runs];
  refuseOtherScenarios(first, runs);
  const machineNotes = machineDifferences(first, runs, comparing.allowOtherMachines);
  const { tolerance, level, seed } = comparing;
  const misfit = comparing.calibration === null ? null : misfitOf(comparing.calibration, first);
  const calibration = misfit === null ? comparing.calibration : null;
  const { metrics, family, undecidable } = judgeMetrics(baseline.runs, candidate.runs, {
    ...{ tolerance, level, seed, calibration },
    resamples: RESAMPLES,
  });
  return {
    schemaVersion: COMPARISON_SCHEMA_VERSION,
    tool: { name: 'wsherd', version },
    kind: comparing.kind,
    scenario: first.scenario,
    startedAt: comparing.startedAt,
    durationMs: comparing.durationMs,
    command: comparing.command,
    baseline: sideOf(baseline),
    candidate: sideOf(candidate),
    verdict: verdictOf(metrics),
    metrics,
    runs: [...runsOf('baseline', baseline), ...runsOf('candidate', candidate)],
    unused: [...unusedOf('baseline', baseline), ...unusedOf('candidate', candidate)],
    curves: curvesOf(baseline.runs, candidate.runs),
    method: {
      alarmRate: ALARM_RATE,
      level,
      resamples: RESAMPLES,
      seed,
      leastRuns: LEAST_RUNS,
      family,
      calibration: calibration?.measuredAt ?? null,
    },
    rounds: comparing.rounds,
    notes: [
      ...comparing.notes,
      ...machineNotes,
      ...otherVersions(runs),
      ...(misfit === null ? [] : [misfit]),
      ...tooFewForAll(undecidable, Math.min(baseline.runs.length, candidate.runs.length), level),
      ...saturatedRuns(runs),
      ...oneSided(baseline.runs, candidate.runs),
    ],
  };
}

function uselessWords(...sides: readonly GivenSide[]): string {
  const reasons = new Set(sides.flatMap(({ useless }) => useless.map(({ reason }) => reason)));
  return reasons.size === 0 ? 'there is none.' : [...reasons].slice(0, 3).join(' ');
}

function refuseOtherScenarios(first: MeasuredRun, runs: readonly MeasuredRun[]): void {
  const other = runs.find(({ asked }) => keyOf(asked) !== keyOf(first.asked));
  if (other === undefined) return;
  const paths = differences(first.asked, other.asked, 5);
  throw new UsageError(
    `${other.path} is of another scenario than ${first.path}: they differ in ${paths.join(', ')}. ` +
      'Compare runs of the same scenario and seed, whose target and thresholds alone may differ: run the older side again.',
  );
}

function machineDifferences(first: MeasuredRun, runs: readonly MeasuredRun[], isAllowed: boolean): string[] {
  const other = runs.find(({ machine }) => !isSameMachine(machine, first.machine));
  if (other === undefined) return [];
  const words = `${machineWords(first.machine)} (${first.path}) and ${machineWords(other.machine)} (${other.path})`;
  if (!isAllowed) {
    throw new UsageError(
      `The runs were measured on different machines: ${words}. What differs between machines is no change of the server; ` +
        'measure both sides on one, or compare all the same with --allow-other-machines.',
    );
  }
  return [`The runs were measured on different machines, so a change may be theirs: ${words}.`];
}

function machineWords({ cpus, memory, os, node }: Machine): string {
  return `${cpus.count} x ${cpus.model}, ${Math.round(memory.totalBytes / 2 ** 30)} GiB, ${os}, Node ${node}`;
}

/** Null when it is of the same scenario and kind of machine; else it says nothing here. */
function misfitOf(calibration: CalibrationRecord, { asked, machine }: MeasuredRun): string | null {
  const [isOfScenario, isOfMachine] = [
    calibration.scenarioKey === keyOf(asked),
    isSameMachine(calibration.machine, machine),
  ];
  if (isOfScenario && isOfMachine) return null;
  const other = isOfScenario
    ? `on another machine, ${machineWords(calibration.machine)}`
    : 'with another scenario, or other settings of it';
  return `The calibration of ${calibration.measuredAt.slice(0, 10)} was made ${other}, and is not used: make it anew with wsherd calibrate.`;
}

function otherVersions(runs: readonly MeasuredRun[]): string[] {
  const versions = [...new Set(runs.map((run) => run.version))];
  if (versions.length < 2) return [];
  return [
    `The runs were measured by several versions of wsherd (${versions.join(', ')}), so a change may be that between them.`,
  ];
}

/** Of six runs a side the least p-value is 2 of 924: corrected for more than nine metrics it decides nothing. */
function tooFewForAll(undecidable: number, perSide: number, level: number): string[] {
  if (undecidable === 0) return [];
  let enough = perSide;
  while ((2 * undecidable) / choose(2 * enough, enough) > level) enough++;
  return [
    `With ${perSide} runs a side none of ${undecidable} metrics can be called worse or better, since chance alone could set that many apart: it takes ${enough}.`,
  ];
}

function sideOf({ name, runs }: GivenSide): ComparedSide {
  const machines: Machine[] = [];
  for (const { machine } of runs) {
    if (!machines.some((known) => isSameMachine(known, machine))) machines.push(machine);
  }
  return { targets: [...new Set(runs.map(({ target }) => target))], name, machines, runs: runs.length };
}

function runsOf(side: Side, { runs }: GivenSide): ComparedRun[] {
  return runs.map(({ path, startedAt, durationMs, target, round = null }) => ({
    ...{ side, path, startedAt, durationMs, target, round },
  }));
}

function unusedOf(side: Side, { useless }: GivenSide): ComparisonRecord['unused'] {
  return useless.map(({ path, validity, reason }) => ({ side, path, validity, reason }));
}

function curvesOf(baseline: readonly MeasuredRun[], candidate: readonly MeasuredRun[]): ComparedCurve[] {
  return LATENCIES.flatMap((name) => {
    const [before, after] = [merged(name, baseline), merged(name, candidate)];
    return before === null || after === null ? [] : [{ name, baseline: before, candidate: after }];
  });
}

function merged(name: string, runs: readonly MeasuredRun[]): string | null {
  const all = emptyHistogram();
  for (const { latencies } of runs) {
    const own = latencies[name];
    if (own !== undefined) all.add(decodeHistogram(own));
  }
  return all.totalCount === 0 ? null : encodeHistogram(all);
}

function saturatedRuns(runs: readonly MeasuredRun[]): string[] {
  const count = runs.filter(({ saturated }) => saturated).length;
  if (count === 0) return [];
  return [
    `In ${count} of ${runs.length} runs the generator was the limit, which the scenario allows: their times are its own too.`,
  ];
}

function oneSided(baseline: readonly MeasuredRun[], candidate: readonly MeasuredRun[]): string[] {
  const has = (runs: readonly MeasuredRun[], name: string) => runs.some(({ values }) => name in values);
  const names = measures.map(({ name }) => name);
  const alone = names.filter((name) => has(baseline, name) !== has(candidate, name));
  if (alone.length === 0 || baseline.length === 0 || candidate.length === 0) return [];
  return [`Measured on one side only, and so not compared: ${alone.join(', ')}.`];
}
