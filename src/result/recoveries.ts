import { emptyHistogram, type Histogram, percentile } from '../metrics/histogram.js';
import { BIN_US } from '../metrics/snapshot.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Accumulator } from './accumulator.js';
import type { PhaseFacts } from './build.js';
import { type Episode, episodeOf } from './episode.js';
import type { MetricSet } from './metricSet.js';
import type { Collateral, LatencyTimes, NoticedTimes, Prediction, Recovery } from './recovery.js';
import type { ProxyCounts } from './targetRecord.js';

const BINS_PER_SECOND = 1_000_000 / BIN_US;

/** What recoveries are made of. */
export interface RecoveryFacts {
  readonly accumulator: Accumulator;
  readonly phases: readonly PhaseFacts[];
  readonly scenario: Pick<Scenario, 'timeline' | 'populations'>;
  /** One per fault of the timeline, in its order. */
  readonly predictions: ReadonlyArray<Prediction | null>;
  readonly proxy: ProxyCounts | null;
}

/** A fault that was made, with the phases that its effects are counted in. */
interface MadeFault extends Episode<PhaseFacts> {
  readonly fault: string;
  readonly ordinal: number;
  readonly phase: PhaseFacts;
}

/** What came of each fault, in the order of the timeline, of one population or, with null, of all. */
export function recoveriesOf(facts: RecoveryFacts, population: string | null): Recovery[] {
  return faultsMade(facts).map((episode) => recoveryOf(episode, facts, population));
}

/** A recover phase and what came of it. */
export interface GoalReached {
  readonly expression: string;
  readonly withinUs: number;
  /** When the share was open again, from the fault's start; null when it never was. */
  readonly reachedUs: number | null;
}

/** Whether each recover phase of the timeline got what it asked for. */
export function recoveryGoals(facts: RecoveryFacts): GoalReached[] {
  const episodes = faultsMade(facts);
  const several = facts.scenario.timeline.filter(({ kind }) => kind === 'recover').length > 1;
  return facts.scenario.timeline.flatMap((phase) => {
    if (phase.kind !== 'recover') return [];
    const episode = episodes.find(({ during }) => during.some(({ name }) => name === phase.name));
    const goal = `recover until ${percent(phase.untilShare)} within ${phase.withinUs / 1e6}s`;
    const expression = several ? `${goal} during ${phase.name}` : goal;
    const { withinUs } = phase;
    if (episode === undefined) return [{ expression, withinUs, reachedUs: null }];
    const { set, counted } = lossesOf(episode, facts, null);
    const reachedUs =
      counted.dropped === 0 ? 0 : timeOfShare(set('recovery.time'), phase.untilShare, counted.dropped);
    return [{ expression, withinUs, reachedUs }];
  });
}

function faultsMade({ phases, scenario }: RecoveryFacts): MadeFault[] {
  const faults = scenario.timeline.flatMap((phase) => (phase.kind === 'fault' ? [phase] : []));
  return faults.flatMap(({ name, fault }, ordinal) => {
    const episode = episodeOf(phases, name);
    const [phase] = episode?.during ?? [];
    if (episode === null || phase === undefined) return [];
    return [{ ...episode, fault: fault.kind, ordinal, phase }];
  });
}

/** The counts and histograms of an episode. */
function lossesOf(episode: Episode<PhaseFacts>, facts: RecoveryFacts, population: string | null) {
  const phases = [...episode.during, ...episode.after];
  const counter = (name: string): number =>
    setsOf(phases, facts, population).reduce((sum, set) => sum + set.counter(name), 0);
  const set = (name: string): Histogram => merged(name, phases, facts, population);
  return {
    set,
    counted: {
      dropped: counter('recovery.dropped'),
      recovered: counter('recovery.recovered'),
      attempts: counter('reconnect.attempts'),
      gaveUp: counter('reconnect.gaveUp'),
    },
  };
}

function recoveryOf(episode: MadeFault, facts: RecoveryFacts, population: string | null): Recovery {
  const { set, counted } = lossesOf(episode, facts, population);
  const { dropped } = counted;
  const times = set('recovery.time');
  const needed = set('recovery.attempts');
  const endUs = [...episode.during, ...episode.after].at(-1)?.endUs ?? episode.phase.endUs;
  const peak = peakPerSecond(
    facts.accumulator.endings.attemptsOf(population),
    episode.phase.startUs / BIN_US,
    endUs / BIN_US,
  );
  const atShare = (share: number): number | null => milliseconds(timeOfShare(times, share, dropped));
  return {
    fault: episode.fault,
    phase: episode.phase.name,
    atMs: Math.round(episode.phase.startUs / 1000),
    dropped,
    recovered: counted.recovered,
    t50Ms: atShare(0.5),
    t90Ms: atShare(0.9),
    t99Ms: atShare(0.99),
    t100Ms: atShare(1),
    attempts: counted.attempts,
    amplification: dropped === 0 ? null : round(counted.attempts / dropped),
    attemptsPerClient: {
      p50: percentile(needed, 0.5),
      p99: percentile(needed, 0.99),
      max: needed.totalCount === 0 ? null : needed.maxValue,
    },
    peakAttemptsPerSecond: peak,
    herdFactor: dropped === 0 ? null : round(peak / dropped),
    gaveUp: counted.gaveUp,
    noticed: {
      byClient: noticedTimes(set('recovery.noticed')),
      byTarget: episode.fault === 'blackhole' ? noticedByTarget(facts.proxy) : null,
    },
    collateral: dropped < plannedOf(facts, population) ? collateralOf(episode, facts, population) : null,
    predicted: population === null ? (facts.predictions[episode.ordinal] ?? null) : null,
  };
}

/** When a share of the dropped was open again, in us; null when it never was, or nothing was dropped. */
function timeOfShare(times: Histogram, share: number, dropped: number): number | null {
  const rank = Math.ceil(share * dropped - 1e-9);
  if (dropped === 0 || times.totalCount < rank) return null;
  return times.getValueAtPercentile((100 * rank) / times.totalCount);
}

/** Most attempts in any second of the bins from one to the other, which may begin at any of them. */
function peakPerSecond(bins: readonly number[], fromBin: number, toBin: number): number {
  let inWindow = 0;
  let peak = 0;
  const first = Math.floor(fromBin);
  for (let bin = first; bin < Math.min(bins.length, Math.ceil(toBin)); bin++) {
    inWindow += bins[bin]!;
    if (bin - BINS_PER_SECOND >= first) inWindow -= bins[bin - BINS_PER_SECOND]!;
    peak = Math.max(peak, inWindow);
  }
  return peak;
}

function plannedOf({ scenario }: RecoveryFacts, population: string | null): number {
  return scenario.populations
    .filter(({ name }) => population === null || name === population)
    .reduce((sum, { connections }) => sum + connections, 0);
}

function collateralOf(
  { before, during, after }: Episode<PhaseFacts>,
  facts: RecoveryFacts,
  population: string | null,
): Collateral | null {
  const timesOf = (phases: readonly PhaseFacts[]): LatencyTimes | null =>
    latencyTimes(merged('collateral.response', phases, facts, population));
  const collateral = {
    before: before === null ? null : timesOf([before]),
    during: timesOf(during),
    after: timesOf(after),
  };
  return collateral.during === null && collateral.after === null ? null : collateral;
}

export function latencyTimes(histogram: Histogram): LatencyTimes | null {
  if (histogram.totalCount === 0) return null;
  return {
    count: histogram.totalCount,
    p50Us: percentile(histogram, 0.5),
    p99Us: percentile(histogram, 0.99),
    maxUs: histogram.maxValue,
  };
}

function noticedTimes(histogram: Histogram): NoticedTimes | null {
  if (histogram.totalCount === 0) return null;
  return {
    count: histogram.totalCount,
    p50Ms: milliseconds(percentile(histogram, 0.5)),
    p99Ms: milliseconds(percentile(histogram, 0.99)),
    maxMs: Math.round(histogram.maxValue / 1000),
  };
}

/** Of all blackholes of the run together: the proxy keeps one list. */
function noticedByTarget(proxy: ProxyCounts | null): NoticedTimes | null {
  const histogram = emptyHistogram();
  for (const us of proxy?.noticedByTargetUs ?? []) histogram.recordValue(us);
  return noticedTimes(histogram);
}

function merged(
  name: string,
  phases: readonly PhaseFacts[],
  facts: RecoveryFacts,
  population: string | null,
): Histogram {
  const sum = emptyHistogram();
  for (const set of setsOf(phases, facts, population)) {
    const histogram = set.histogram(name);
    if (histogram !== null) sum.add(histogram);
  }
  return sum;
}

function setsOf(
  phases: readonly PhaseFacts[],
  { accumulator }: RecoveryFacts,
  population: string | null,
): MetricSet[] {
  return phases.flatMap(({ name }) => {
    const group = accumulator.phases.get(name);
    if (group === undefined) return [];
    return population === null ? [group.all] : [group.population(population)];
  });
}

function milliseconds(us: number | null): number | null {
  return us === null ? null : Math.round(us / 100) / 10;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(6))}%`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
