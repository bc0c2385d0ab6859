/** `summary.json` and `--json`: the record without its series, for scripts and for people with jq. */
import type { Prediction, Recovery } from '../result/recovery.js';
import type { ClaimVerdict, MemoryPerConnection } from '../result/targetRecord.js';
import type {
  CloseCount,
  ConnectionCounts,
  FailureCount,
  HistogramMetric,
  RunResult,
  ThresholdVerdict,
  Validity,
} from '../result/types.js';
import { type BroadcastSummary, broadcastSummary } from './broadcastJson.js';
import { shownLatencies } from './latencies.js';
import { type Verdict, verdict } from './verdict.js';
import { abnormalCloses, closeWords, failureWords } from './words.js';

/** Durations are in microseconds where their name ends in `Us`. */
export interface Summary {
  readonly schemaVersion: 1;
  readonly tool: string;
  readonly run: string;
  readonly scenario: string;
  readonly target: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly outcome: Verdict['outcome'];
  readonly verdict: string;
  readonly validity: Validity;
  readonly connections: ConnectionCounts;
  /** One per fault; times in ms from its start. */
  readonly recoveries: readonly SummaryRecovery[];
  /** What was published and who got it; null when nobody publishes. */
  readonly broadcast: BroadcastSummary | null;
  /** Recoveries of each population, when there are several. */
  readonly populations: Readonly<Record<string, readonly SummaryRecovery[]>>;
  /** `handshake.total`, the response time of every pattern that sent something, and what deliveries, a storm and HTTP took. */
  readonly metrics: Readonly<Record<string, SummaryLatency>>;
  readonly memoryPerConnection: SummaryMemory | null;
  /** What the scenario claims of memory, row by row. */
  readonly memoryClaims: readonly ClaimVerdict[];
  readonly abnormalCloses: number;
  readonly closes: ReadonlyArray<CloseCount & { readonly words: string }>;
  readonly failures: ReadonlyArray<FailureCount & { readonly words: string }>;
  readonly booksBalanced: boolean | null;
  readonly thresholds: readonly ThresholdVerdict[];
  readonly warnings: readonly string[];
}

/** The record's own, without the curves of the model. */
type SummaryRecovery = Omit<Recovery, 'predicted'> & {
  readonly predicted: Omit<Prediction, 'attemptBins' | 'openBins' | 'binMs'> | null;
};

interface SummaryLatency {
  readonly count: number;
  readonly censored: number;
  readonly p50Us: number | null;
  readonly p90Us: number | null;
  readonly p99Us: number | null;
  readonly p999Us: number | null;
  readonly maxUs: number | null;
}

interface SummaryMemory {
  readonly bytes: number;
  readonly ci95: readonly [number, number];
  readonly reliable: boolean;
  readonly byPhase: MemoryPerConnection['byPhase'];
  /** Null where it was not measured, as in older records. */
  readonly heap: MemoryPerConnection['heap'] | null;
  readonly retained: MemoryPerConnection['retained'] | null;
}

export function renderSummary(result: RunResult): Summary {
  const { outcome, sentence } = verdict(result);
  const memory = result.target.memoryPerConnection;
  const { books } = result.target;
  return {
    schemaVersion: 1,
    tool: `${result.tool.name} ${result.tool.version}`,
    run: result.run.id,
    scenario: result.scenario.name,
    target: result.target.name,
    startedAt: result.run.startedAt,
    durationMs: result.run.durationMs,
    outcome,
    verdict: sentence,
    validity: result.run.validity,
    connections: result.connections,
    recoveries: result.recoveries.map(withoutCurves),
    broadcast: broadcastSummary(result),
    populations: recoveriesByPopulation(result),
    metrics: latencies(result),
    memoryPerConnection: memory === null ? null : memorySummary(memory),
    memoryClaims: result.target.claims ?? [],
    abnormalCloses: abnormalCloses(result.closes),
    closes: result.closes.map((close) => ({ ...close, words: closeWords(close) })),
    failures: result.failures.map((failure) => ({ ...failure, words: failureWords(failure) })),
    booksBalanced: books.length === 0 ? null : books.every(({ balanced }) => balanced),
    thresholds: result.thresholds,
    warnings: result.warnings.map(({ message }) => message),
  };
}

function memorySummary(memory: MemoryPerConnection): SummaryMemory {
  const { bytes, ci95, reliable, byPhase, heap = null, retained = null } = memory;
  return { bytes, ci95, reliable, byPhase, heap, retained };
}

function recoveriesByPopulation({ populations }: RunResult): Summary['populations'] {
  const lossy = Object.entries(populations).filter(([, { recoveries }]) => recoveries.length > 0);
  if (lossy.length < 2) return {};
  return Object.fromEntries(lossy.map(([name, { recoveries }]) => [name, recoveries.map(withoutCurves)]));
}

function withoutCurves({ predicted, ...recovery }: Recovery): SummaryRecovery {
  if (predicted === null) return { ...recovery, predicted };
  const { attemptBins: _attempts, openBins: _opens, binMs: _width, ...numbers } = predicted;
  return { ...recovery, predicted: numbers };
}

function latencies(result: RunResult): Record<string, SummaryLatency> {
  return Object.fromEntries(shownLatencies(result).map(([name, metric]) => [name, latency(metric)]));
}

function latency({ count, censored, p50, p90, p99, p999, max }: HistogramMetric): SummaryLatency {
  return { count, censored, p50Us: p50, p90Us: p90, p99Us: p99, p999Us: p999, maxUs: max };
}
