/** A whole record of a run that publishes: intervals sum to totals, phases to the run, and the ledger adds up. */
import type { RunResult } from '../../../src/result/types.js';
import { goodRun } from '../fixture.js';
import { messagesOf } from './messages.js';
import { fanOutOf, merged, metricsOf, phaseWith } from './metrics.js';
import { broadcastOf, seriesWith, targetWith } from './record.js';
import { type BroadcastShape, membersOf, sum } from './shape.js';

export function broadcastRun(shape: BroadcastShape, seconds = 40): RunResult {
  return withMessages(goodRun({ connections: membersOf(shape), seconds, heartbeatEverySeconds: 25 }), shape);
}

/** Lays messages over a run of as many connections, from the end of its ramp to its drain. */
export function withMessages(run: RunResult, shape: BroadcastShape): RunResult {
  const from = (run.phases.find(({ kind }) => kind === 'ramp')?.endMs ?? 0) / 1000;
  const until = (run.phases.find(({ kind }) => kind === 'drain')?.startMs ?? 0) / 1000;
  const messages = messagesOf(shape.populations, shape.perSecond, [from, until], shape.timing);
  const names = Object.keys(shape.populations);
  const own = Object.fromEntries(names.map((name) => [name, metricsOf(shape, name, messages)]));
  const metrics = {
    ...run.metrics,
    ...merged(Object.values(own)),
    ...(messages.length === 0 ? {} : fanOutOf(messages)),
  };
  const series = seriesWith(run, shape, messages);
  const recoveries = Object.values(run.populations)[0]?.recoveries ?? [];
  return {
    ...run,
    scenario: { ...run.scenario, name: 'lobby', file: 'scenarios/lobby.yaml', resolved: resolvedOf(shape) },
    metrics: { ...metrics, ...trafficOf(series) },
    populations: Object.fromEntries(
      Object.entries(shape.populations).map(([name, { connections }]) => [
        name,
        { connections: { ...run.connections, planned: connections }, metrics: own[name] ?? {}, recoveries },
      ]),
    ),
    phases: run.phases.map((phase) => phaseWith(phase, shape, messages)),
    series,
    broadcast: broadcastOf(shape, messages, run.series.open.length),
    target: targetWith(run, shape, messages.length),
    thresholds: thresholdsOf(metrics),
  };
}

function trafficOf({ messagesSent, messagesReceived, bytesSent, bytesReceived }: RunResult['series']) {
  return {
    'messages.sent': { kind: 'counter', value: sum(messagesSent) },
    'messages.received': { kind: 'counter', value: sum(messagesReceived) },
    'bytes.sent': { kind: 'counter', value: sum(bytesSent) },
    'bytes.received': { kind: 'counter', value: sum(bytesReceived) },
  } as const;
}

const LIMIT_US = 250_000;

function thresholdsOf(metrics: RunResult['metrics']): RunResult['thresholds'] {
  const lost = metrics['broadcast.lost'];
  const many = lost?.kind === 'counter' ? lost.value : 0;
  const last = metrics['broadcast.last'];
  const us = last?.kind === 'histogram' ? last.p99 : null;
  return [
    { expression: 'broadcast.lost == 0', observed: many, unit: 'count', passed: many === 0 },
    ...(us === null
      ? []
      : [{ expression: 'broadcast.last p99 < 250ms', observed: us, unit: 'us', passed: us < LIMIT_US }]),
    { expression: 'connections.neverOpened == 0', observed: 0, unit: 'count', passed: true },
  ];
}

function resolvedOf({ populations }: BroadcastShape): unknown {
  return {
    populations: Object.fromEntries(
      Object.entries(populations).map(([name, { connections, publishes, slow }]) => [
        name,
        {
          connections,
          ...(publishes ? { publish: { every: '1s', size: '256B' } } : {}),
          ...(slow === true ? { read: { bandwidth: '8KiB' } } : {}),
        },
      ]),
    ),
  };
}
