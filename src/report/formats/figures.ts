/** The numbers of a record that services keep over many versions of a server, each under a name that stays. */

import type { ComparedMetric, ComparisonRecord } from '../../result/comparison.js';
import type { RunResult } from '../../result/types.js';
import { median } from '../../stats/median.js';
import { deliveriesOf, receivedOnce } from '../broadcast.js';
import { counter } from '../headline.js';
import { shownLatencies } from '../latencies.js';
import { worstRecovery } from '../stormWords.js';
import { abnormalCloses } from '../words.js';

export interface Figure {
  /** `heartbeat.response p99`. */
  readonly name: string;
  readonly unit: 'us' | 'bytes' | 'share' | 'count' | 'perSecond';
  readonly value: number;
  readonly range: readonly [low: number, high: number] | null;
  readonly better: 'smaller' | 'bigger';
}

export function figuresOfRun(result: RunResult): Figure[] {
  return [
    ...latencies(result),
    ...ofTarget(result),
    ...ofRecovery(result),
    figure('connections.neverOpened', 'count', result.connections.neverOpened),
    figure('closes.abnormal', 'count', abnormalCloses(result.closes)),
    ...throughput(result),
  ];
}

/** The candidate's medians, each with the least and the most that one of its runs had. */
export function figuresOfComparison({ metrics }: ComparisonRecord): Figure[] {
  return metrics.flatMap((metric) => ofCandidate(metric));
}

function ofCandidate({ name, unit, values }: ComparedMetric): Figure[] {
  const known = values.candidate.filter((value) => value !== null);
  if (known.length === 0) return [];
  return [{ ...figure(name, unit, median(known)), range: [Math.min(...known), Math.max(...known)] }];
}

function latencies(result: RunResult): Figure[] {
  return shownLatencies(result).flatMap(([name, { p50, p90, p99, p999 }]) =>
    known({ p50, p90, p99, p999 }).map(([label, us]) => figure(`${name} ${label}`, 'us', us)),
  );
}

function ofTarget({ target }: RunResult): Figure[] {
  const { memoryPerConnection: memory, cpuPerConnectUs, cpuPerMessageUs } = target;
  const cpu = { 'target.cpuPerConnect': cpuPerConnectUs, 'target.cpuPerMessage': cpuPerMessageUs };
  return [
    ...(memory?.reliable === true
      ? [{ ...figure('memory.perConnection', 'bytes', memory.bytes), range: memory.ci95 }]
      : []),
    ...known(cpu).map(([name, us]) => figure(name, 'us', us)),
  ];
}

function ofRecovery({ recoveries }: RunResult): Figure[] {
  const worst = worstRecovery(recoveries);
  if (worst === null) return [];
  return [
    ...known({ 'recovery.t99': worst.t99Ms }).map(([name, ms]) => figure(name, 'us', ms * 1000)),
    ...known({ 'recovery.amplification': worst.amplification }).map(([name, n]) => figure(name, 'count', n)),
  ];
}

function throughput(result: RunResult): Figure[] {
  const { connections, metrics, run } = result;
  const deliveries = deliveriesOf(metrics);
  const perSecond = (name: string) =>
    run.durationMs === 0 ? null : ((counter(metrics, name) ?? 0) * 1000) / run.durationMs;
  const rates = {
    'messages.received': perSecond('messages.received'),
    'messages.sent': perSecond('messages.sent'),
  };
  const delivered =
    deliveries.expected === 0
      ? []
      : [figure('broadcast.delivered', 'share', receivedOnce(deliveries) / deliveries.expected)];
  const all = [
    figure('connections.peakOpen', 'count', connections.peakOpen),
    ...known(rates).map(([name, rate]) => figure(name, 'perSecond', rate)),
    ...delivered,
  ];
  return all.map((one) => ({ ...one, better: 'bigger' }));
}

function figure(name: string, unit: Figure['unit'], value: number): Figure {
  return { name, unit, value, range: null, better: 'smaller' };
}

/** Those that are there. */
function known(values: Readonly<Record<string, number | null>>): Array<readonly [string, number]> {
  return Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

const MOST_LETTERS = 200;

/** A name of outside for services that put it into pages and comments: of letters and digits, and marks that mean nothing there. */
export function plainName(name: string): string {
  return name.replace(/[^\p{L}\p{N} .:/+-]/gu, '_').slice(0, MOST_LETTERS);
}
