import type { HistogramMetric, RunResult } from '../../result/types.js';
import { counter } from '../headline.js';
import { shownLatencies } from '../latencies.js';
import { limitWords, readLimit } from '../limits.js';
import { bytes, count, duration, elapsed } from '../numbers.js';
import { worstRecovery } from '../stormWords.js';
import { verdict } from '../verdict.js';
import { abnormalCloses } from '../words.js';
import { code, markdownBlocks, markdownList, markdownTable, prose } from './markdown.js';
import { unsoundness } from './soundness.js';
import { seenWords } from './thresholdWords.js';

/** The summary of a run for a page that renders Markdown, such as that of a GitHub job. */
export function markdownOfRun(result: RunResult): string {
  const { scenario, target, run } = result;
  const when = run.startedAt.slice(0, 16).replace('T', ' ');
  return markdownBlocks([
    `**${prose(verdict(result).sentence)}**`,
    `${code(scenario.name)} against ${code(target.name)}, ${elapsed(run.durationMs)}, ${prose(when)} UTC`,
    markdownTable(['', ''], numbers(result)),
    latencies(result),
    thresholds(result),
    markdownList(reasons(result), MOST_REASONS),
  ]);
}

const MOST_REASONS = 10;

function numbers(result: RunResult): string[][] {
  const { connections, target, metrics, recoveries } = result;
  const memory = target.memoryPerConnection;
  const received = counter(metrics, 'messages.received') ?? 0;
  const recovery = worstRecovery(recoveries);
  return [
    ['connections', `${count(connections.peakOpen)} of ${count(connections.planned)} open at most`],
    ['failed attempts', count(connections.failed)],
    ['dropped', count(connections.dropped)],
    ['abnormal closes', count(abnormalCloses(result.closes))],
    ...(received === 0 ? [] : [['messages received', count(received)]]),
    ...(recovery === null
      ? []
      : [['99 % open again', recovery.t99Ms === null ? 'never' : elapsed(recovery.t99Ms)]]),
    ...(memory === null
      ? []
      : [
          [
            'memory per connection',
            `${bytes(memory.bytes)} (${bytes(memory.ci95[0])} to ${bytes(memory.ci95[1])})${memory.reliable ? '' : ', not reliable'}`,
          ],
        ]),
  ];
}

function latencies(result: RunResult): string {
  const rows = shownLatencies(result).map(([name, metric]) => [name, ...figures(metric)]);
  if (rows.length === 0) return '';
  return markdownTable(['latency', 'p50', 'p90', 'p99', 'p99.9', 'max', 'samples'], rows);
}

function figures({ p50, p90, p99, p999, max, count: samples }: HistogramMetric): string[] {
  const words = (us: number | null): string => (us === null ? '-' : duration(us));
  return [...[p50, p90, p99, p999, max].map(words), count(samples)];
}

function thresholds(result: RunResult): string {
  if (result.thresholds.length === 0) return '';
  const failedFirst = [...result.thresholds].sort((a, b) => Number(a.passed) - Number(b.passed));
  const rows = failedFirst.map((threshold) => {
    const limit = readLimit(threshold.expression);
    return [
      code(threshold.expression),
      prose(seenWords(threshold)),
      limit === null ? '' : prose(limitWords(limit)),
      threshold.passed ? 'ok' : '**failed**',
    ];
  });
  return markdownTable(['threshold', 'seen', 'limit', ''], rows);
}

function reasons(result: RunResult): string[] {
  return [
    ...unsoundness(result).slice(1),
    ...result.warnings.map(({ message, advice }) => `${message} ${advice}`),
  ];
}
