import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Accumulator } from '../../src/result/accumulator.js';
import { buildResult, type RunFacts } from '../../src/result/build.js';
import type { RunResult } from '../../src/result/types.js';
import { population, scenario } from '../plan/scenarios.js';
import { samples, second } from './parts.js';
import { emptyFacts, factsOf, runs, START_US } from './runs.js';

test('attempted = opened + failed, in all and in every population, and the populations sum to all', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { connections, populations, metrics } = buildResult(factsOf(run));
      const parts = Object.values(populations).map((part) => part.connections);
      for (const counts of [connections, ...parts]) {
        expect(counts.attempted).toBe(counts.opened + counts.failed);
        expect(counts.neverOpened).toBe(counts.planned - (counts.opened - counts.reconnected));
        expect(counts.peakOpen).toBeLessThanOrEqual(counts.opened);
      }
      for (const key of ['planned', 'attempted', 'opened', 'failed', 'neverOpened', 'openAtEnd'] as const) {
        expect(parts.reduce((sum, counts) => sum + counts[key], 0)).toBe(connections[key]);
      }
      expect(metrics['connections.opened']).toMatchObject({ value: connections.opened });
    }),
    { numRuns: 25 },
  );
});

function built(given: Partial<RunFacts> = {}, ...snapshots: Parameters<Accumulator['add']>[0][]): RunResult {
  const accumulator = new Accumulator(START_US, 2);
  for (const snapshot of snapshots) accumulator.add(snapshot);
  accumulator.finish();
  return buildResult({ ...emptyFacts(accumulator), ...given });
}

const echoing = scenario({
  populations: [
    population('all', 10, {
      patterns: [{ kind: 'echo', options: { sizeBytes: 20, timeoutUs: 1, pace: { kind: 'answered' } } }],
    }),
  ],
});

test('counters of a pattern in use are 0 when nothing was counted; those of others are not there', () => {
  const { metrics, populations } = built({ scenario: echoing });
  expect(metrics['echo.unanswered']).toEqual({ kind: 'counter', value: 0 });
  expect(populations.all!.metrics['echo.sent']).toEqual({ kind: 'counter', value: 0 });
  expect(Object.keys(metrics).some((name) => name.startsWith('heartbeat.'))).toBe(false);
});

test('a run that opened nothing has a record all the same', () => {
  const { connections, run, series } = built({ scenario: echoing });
  expect(connections).toMatchObject({
    planned: 10,
    attempted: 0,
    peakOpen: 0,
    neverOpened: 10,
    openAtEnd: 0,
  });
  expect(run.validity.status).toBe('valid');
  expect(series.open).toEqual([]);
});

test('the resolution of the name is in the record once, if there was one', () => {
  expect(built({ dnsUs: 1234 }).metrics['handshake.dns']).toMatchObject({ count: 1, min: 1234 });
  expect(built({ dnsUs: null }).metrics['handshake.dns']).toBeUndefined();
});

test('percentiles of a histogram ascend between its least and its greatest sample', () => {
  const snapshot = second(0, { histograms: { 'all/echo.response': samples(1000, 0, 7, 5001, 80_000) } });
  const metric = built({}, snapshot).metrics['echo.response'];
  if (metric?.kind !== 'histogram') throw new Error('no histogram');
  const { min, p50, p90, p99, p999, max, mean, count, censored } = metric;
  expect([count, censored, min]).toEqual([4000, 0, 0]);
  const ascending = [min, p50, p90, p99, p999, max].map(Number);
  expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
  expect(Math.abs(mean! / 21_252 - 1)).toBeLessThan(0.001);
});

test('drops by fin or reset while the target was down are its doing', () => {
  const reset = {
    population: 'all',
    initiator: 'network',
    code: null,
    cause: 'reset',
    example: '',
    count: 3,
    bin: 12,
  } as const;
  const snapshot = second(1, { closes: [reset] });
  expect(built({}, snapshot).closes).toMatchObject([{ cause: 'reset', count: 3 }]);
  const downtimes = [{ fromUs: 1_000_000, untilUs: Number.POSITIVE_INFINITY }];
  expect(built({ downtimes }, snapshot).closes).toMatchObject([
    { initiator: 'server', cause: 'target-exit' },
  ]);
});

test('no secret is anywhere in the record, though the server, command lines and events repeat it', () => {
  const secret = 'hunter2-token';
  const { target } = emptyFacts(new Accumulator(START_US, 1));
  const end = { population: 'all', example: `bad ${secret}`, count: 1, bin: 0 } as const;
  const snapshot = second(0, {
    closes: [{ ...end, initiator: 'server', code: 4401, cause: 'close-frame' }],
    failures: [{ ...end, stage: 'upgrade', cause: 'http-401' }],
  });
  const { run } = emptyFacts(new Accumulator(START_US, 1));
  const result = built(
    {
      scenario: { ...echoing, secrets: [secret] },
      run: { ...run, command: `wsherd run ws://127.0.0.1/?t=${secret}` },
      events: [{ atMs: 0, kind: 'target-exit', detail: `the target ended: ${secret}` }],
      missing: [`The target ended: ${secret}.`],
      target: {
        ...target,
        name: `node server.js ${secret}`,
        processes: [{ pid: 1, port: 1, command: `node server.js ${secret}`, samples: [] }],
      },
    },
    snapshot,
  );
  expect(JSON.stringify(result)).not.toContain(secret);
  expect(JSON.stringify(result)).toContain('node server.js [redacted]');
});

test('a worker is described by its means over time, and one that died unheard by nothing', () => {
  const values = { cpuPercent: 50, eventLoopUtilization: 0.25, gcMs: 2, rssBytes: 5000 };
  const accumulator = new Accumulator(START_US, 2);
  accumulator.add(second(0, { values }));
  const half = second(1, { values: { ...values, cpuPercent: 80, rssBytes: 4000 } });
  accumulator.add({ ...half, toUs: half.fromUs + 500_000 });
  accumulator.workerDied(1);
  accumulator.finish();
  const [first, died] = buildResult({ ...emptyFacts(accumulator), generatorPids: [1, 1] }).generator.hosts[0]!
    .workers;
  expect(first).toEqual({
    cpuPercent: 60,
    eventLoopUtilization: 0.25,
    sendLagP99Us: null,
    gcMs: 4,
    rssBytes: 5000,
    died: false,
  });
  expect(died).toMatchObject({ cpuPercent: null, eventLoopUtilization: 0, died: true });
});

test('the record is plain data: written and read it is the same', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const result = buildResult(factsOf(run));
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    }),
    { numRuns: 10 },
  );
});
