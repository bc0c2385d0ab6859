import { emptyHistogram, percentile } from '../metrics/histogram.js';
import type { PhaseKind } from '../metrics/snapshot.js';
import { redactor } from '../redact.js';
import type { MemoryClaim, Scenario } from '../scenario/scenario.js';
import type { Accumulator, WorkerTotals } from './accumulator.js';
import { balanceBooks, phasesByInstance, type ServedInstance } from './books.js';
import type { BroadcastFacts, BroadcastResult } from './broadcast.js';
import { broadcasting, buildBroadcast } from './buildBroadcast.js';
import { judgeClaims } from './claims.js';
import type { Downtime, Endings } from './endings.js';
import { metricsOf } from './measured.js';
import type { MetricGroup } from './metricSet.js';
import { recoveriesOf, recoveryGoals } from './recoveries.js';
import type { Prediction, Recovery } from './recovery.js';
import type { BookEntry, ClaimVerdict, TargetResult } from './targetRecord.js';
import { judgeThresholds } from './thresholds.js';
import { TotalHistogram } from './totalHistogram.js';
import {
  type AttemptBins,
  type CloseCount,
  type ConnectionCounts,
  type FailureCount,
  type GeneratorResult,
  type HttpFloor,
  type Machine,
  type Metrics,
  type PlanRecord,
  type RunEvent,
  type RunResult,
  type RunSummary,
  SCHEMA_VERSION,
  type WorkerResult,
} from './types.js';
import { judgeValidity } from './validity.js';
import { findWarnings } from './warnings.js';

/** A phase as it was run, in us from the start of the run. */
export interface PhaseFacts {
  readonly name: string;
  readonly kind: PhaseKind;
  readonly startUs: number;
  readonly endUs: number;
}

/** Everything that a run leaves behind, from which its record is made. */
export interface RunFacts {
  readonly version: string;
  readonly run: Omit<RunSummary, 'validity'>;
  readonly scenario: Scenario;
  readonly plan: PlanRecord;
  readonly machine: Machine;
  readonly httpFloor: HttpFloor | null;
  /** The process that each worker lived in. */
  readonly generatorPids: readonly number[];
  readonly accumulator: Accumulator;
  readonly phases: readonly PhaseFacts[];
  readonly downtimes: readonly Downtime[];
  /** Phases in which an instance of the target was ended on purpose, in order. */
  readonly endedIn: readonly string[];
  readonly events: readonly RunEvent[];
  /** Why the record is not whole, in sentences. */
  readonly missing: readonly string[];
  readonly dnsUs: number | null;
  readonly target: Omit<TargetResult, 'books'>;
  /** Who publishes to whom; null when nobody publishes. */
  readonly broadcast: BroadcastFacts | null;
  /** What the model says of each fault of the timeline; null where it says nothing. */
  readonly predictions: ReadonlyArray<Prediction | null>;
}

/** Makes the record. Pure, and the only place where the parts come together. */
export function buildResult(facts: RunFacts): RunResult {
  const { accumulator, scenario } = facts;
  const clean = redactor(scenario.secrets);
  const closes = accumulator.endings
    .closeCounts(facts.downtimes)
    .map((close) => ({ ...close, example: clean(close.example) }));
  const failures = accumulator.endings
    .failureCounts()
    .map((failure) => ({ ...failure, example: clean(failure.example) }));
  const recovery = {
    accumulator,
    phases: facts.phases,
    scenario,
    predictions: facts.predictions,
    proxy: facts.target.proxy,
  };
  const recoveries = recoveriesOf(recovery, null);
  const metrics = {
    ...metricsOf(accumulator.total.all, scenario, null),
    ...dnsMetric(facts.dnsUs),
  };
  const broadcast = facts.broadcast === null ? null : buildBroadcast(facts.broadcast, accumulator);
  const unwarned = {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'wsherd', version: facts.version },
    run: { ...facts.run, command: clean(facts.run.command), validity: validity(facts, clean) },
    environment: { machines: [facts.machine], httpFloor: facts.httpFloor },
    scenario: {
      name: scenario.name,
      file: scenario.file,
      text: scenario.text,
      resolved: scenario.document,
    },
    plan: facts.plan,
    connections: connectionCounts(facts, null),
    metrics,
    populations: Object.fromEntries(
      scenario.populations.map((population) => [
        population.name,
        {
          connections: connectionCounts(facts, population.name),
          metrics: metricsOf(accumulator.total.population(population.name), scenario, population.name),
          recoveries: recoveriesOf(recovery, population.name),
        },
      ]),
    ),
    phases: facts.phases.map((phase) => phaseResult(phase, accumulator.phases.get(phase.name))),
    series: accumulator.intervals.toSeries(),
    attempts: attemptBins(accumulator.endings, recoveries),
    recoveries,
    broadcast,
    closes,
    failures,
    target: {
      ...facts.target,
      name: clean(facts.target.name),
      processes: facts.target.processes.map((process) => ({ ...process, command: clean(process.command) })),
      books: booksOf(facts, broadcast, closes, failures),
      ...(scenario.claims === undefined ? {} : { claims: claimsOf(facts, scenario.claims) }),
    },
    generator: generatorResult(facts),
    events: facts.events.map((event) => ({ ...event, detail: clean(event.detail) })),
  } as const;
  const warned = { ...unwarned, warnings: findWarnings(unwarned) };
  return { ...warned, thresholds: judgeThresholds(scenario.thresholds, recoveryGoals(recovery), warned) };
}

function claimsOf({ target, machine }: RunFacts, claims: readonly MemoryClaim[]): ClaimVerdict[] {
  return judgeClaims(claims, target.memoryPerConnection, machine.coLocated);
}

function booksOf(
  facts: RunFacts,
  broadcast: BroadcastResult | null,
  closes: readonly CloseCount[],
  failures: readonly FailureCount[],
): BookEntry[] {
  const { accumulator, scenario } = facts;
  const ours = broadcast === null ? null : broadcasting(broadcast, accumulator, scenario);
  return balanceBooks(servedInstances(facts), closes, failures, ours);
}

function servedInstances({ target, phases, endedIn, accumulator }: RunFacts): ServedInstance[] {
  const counts = phases.map(({ name }) => ({
    name,
    counter: (counter: string) => accumulator.phases.get(name)?.all.counter(counter) ?? 0,
  }));
  const served = phasesByInstance(counts, endedIn);
  return target.instances.map((instance, i) => ({ ...instance, phases: served[i] ?? [] }));
}

function validity(facts: RunFacts, clean: (text: string) => string): RunSummary['validity'] {
  return judgeValidity({
    intervals: facts.accumulator.intervals,
    judgedPhases: new Set(facts.phases.filter(({ kind }) => kind !== 'drain').map(({ name }) => name)),
    stormPhases: new Set(
      facts.phases.filter(({ kind }) => kind === 'fault' || kind === 'recover').map(({ name }) => name),
    ),
    saturatesOnPurpose: facts.scenario.populations.some(
      ({ patterns, reconnect }) =>
        reconnect?.name === 'immediate' ||
        patterns.some((pattern) => pattern.kind === 'echo' && pattern.options.pace.kind === 'answered'),
    ),
    missing: facts.missing.map(clean),
  });
}

/** With the predicted attempts laid beside the measured ones, from each fault on. */
function attemptBins(endings: Endings, recoveries: readonly Recovery[]): AttemptBins {
  const bins = endings.attemptBins();
  const predicted: number[] = [];
  for (const { atMs, predicted: prediction } of recoveries) {
    prediction?.attemptBins.forEach((attempts, i) => {
      const bin = Math.floor(atMs / bins.binMs) + i;
      if (bin < bins.attempts.length) predicted[bin] = (predicted[bin] ?? 0) + attempts;
    });
  }
  return { ...bins, predicted: predicted.length === 0 ? [] : bins.attempts.map((_, i) => predicted[i] ?? 0) };
}

function dnsMetric(dnsUs: number | null): Metrics {
  if (dnsUs === null) return {};
  const total = new TotalHistogram();
  const once = emptyHistogram();
  once.recordValue(dnsUs);
  total.add(once, 0);
  return { 'handshake.dns': total.toMetric('us') };
}

function connectionCounts(facts: RunFacts, population: string | null): ConnectionCounts {
  const { accumulator, scenario } = facts;
  const set = population === null ? accumulator.total.all : accumulator.total.population(population);
  const members = scenario.populations.filter(({ name }) => population === null || name === population);
  const planned = members.reduce((sum, { connections }) => sum + connections, 0);
  return {
    planned,
    attempted: set.counter('connections.attempted'),
    opened: set.counter('connections.opened'),
    failed: set.counter('connections.failed'),
    peakOpen: accumulator.endings.peakOpen(population),
    dropped: set.counter('connections.dropped'),
    reconnected: set.counter('connections.reconnected'),
    gaveUp: set.counter('connections.gaveUp'),
    neverOpened: planned - set.counter('connections.firstOpened'),
    openAtEnd: members.reduce((sum, { name }) => sum + accumulator.openAtEnd(name), 0),
  };
}

function phaseResult({ name, kind, startUs, endUs }: PhaseFacts, group: MetricGroup | undefined) {
  const populations = [...(group?.populations ?? [])].map(([key, set]) => [key, set.toMetrics()] as const);
  return {
    name,
    kind,
    startMs: Math.round(startUs / 1000),
    endMs: Math.round(endUs / 1000),
    metrics: group?.all.toMetrics() ?? {},
    populations: Object.fromEntries(populations),
  };
}

function generatorResult({ accumulator, generatorPids }: RunFacts): GeneratorResult {
  const hosts = [...new Set(generatorPids)].map((pid) => ({
    machine: 0,
    pid,
    workers: accumulator.workers.filter((_, i) => generatorPids[i] === pid).map(workerResult),
  }));
  return { hosts };
}

function workerResult(worker: WorkerTotals): WorkerResult {
  return {
    cpuPercent: cpuPercent(worker),
    eventLoopUtilization: round(worker.eventLoopUtilization / Math.max(1, worker.reportedUs)),
    sendLagP99Us: percentile(worker.sendLag.histogram, 0.99),
    gcMs: Math.round(worker.gcMs),
    rssBytes: worker.rssBytes,
    died: worker.died,
  };
}

/** Null when the system does not tell, or the worker died before it reported anything. */
function cpuPercent({ cpuPercent, reportedUs }: WorkerTotals): number | null {
  return Number.isNaN(cpuPercent) || reportedUs === 0 ? null : round(cpuPercent / reportedUs);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
