/** `summary.json` and `--json`: the record without its series, for scripts and for people with jq. */
import type {
  CloseCount,
  ConnectionCounts,
  FailureCount,
  HistogramMetric,
  RunResult,
  ThresholdVerdict,
  Validity,
} from '../result/types.js';
import { headlines, histogram } from './headline.js';
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
  /** `handshake.total` and the response time of every pattern that sent something. */
  readonly metrics: Readonly<Record<string, SummaryLatency>>;
  readonly memoryPerConnection: SummaryMemory | null;
  readonly abnormalCloses: number;
  readonly closes: ReadonlyArray<CloseCount & { readonly words: string }>;
  readonly failures: ReadonlyArray<FailureCount & { readonly words: string }>;
  readonly booksBalanced: boolean | null;
  readonly thresholds: readonly ThresholdVerdict[];
  readonly warnings: readonly string[];
}

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
    metrics: latencies(result),
    memoryPerConnection:
      memory === null ? null : { bytes: memory.bytes, ci95: memory.ci95, reliable: memory.reliable },
    abnormalCloses: abnormalCloses(result.closes),
    closes: result.closes.map((close) => ({ ...close, words: closeWords(close) })),
    failures: result.failures.map((failure) => ({ ...failure, words: failureWords(failure) })),
    booksBalanced: books.length === 0 ? null : books.every(({ balanced }) => balanced),
    thresholds: result.thresholds,
    warnings: result.warnings.map(({ message }) => message),
  };
}

function latencies(result: RunResult): Record<string, SummaryLatency> {
  const handshake = histogram(result.metrics, 'handshake.total');
  return Object.fromEntries([
    ...(handshake === null ? [] : [['handshake.total', latency(handshake)] as const]),
    ...headlines(result).map(({ name, response }) => [name, latency(response)] as const),
  ]);
}

function latency({ count, censored, p50, p90, p99, p999, max }: HistogramMetric): SummaryLatency {
  return { count, censored, p50Us: p50, p90Us: p90, p99Us: p99, p999Us: p999, maxUs: max };
}
