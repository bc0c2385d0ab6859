import { describe, expect, test } from 'vitest';
import { judgeRun } from '../../src/capacity/limits.js';
import type { Limit } from '../../src/result/capacity.js';
import type { ProcessSample, TargetLimits } from '../../src/result/targetRecord.js';
import type { FailureCount, RunResult, ThresholdVerdict } from '../../src/result/types.js';
import type { Threshold } from '../../src/scenario/scenario.js';
import { goodRun, QUICKSTART } from '../report/fixture.js';
import { seriesOf } from '../report/samples.js';

/** 30 s: a ramp of 9, a hold of 18, a drain of 3. */
const shape = { ...QUICKSTART, seconds: 30 };
const good = goodRun(shape);

const noLimits: TargetLimits = { descriptors: null, memoryBytes: null, cores: null, oomKills: null };

interface Changes {
  readonly thresholds?: readonly ThresholdVerdict[];
  readonly failures?: readonly FailureCount[];
  /** By `stage:cause`, the bin of 100 ms with the first of them. */
  readonly bins?: Readonly<Record<string, number>>;
  readonly closes?: RunResult['closes'];
  readonly events?: RunResult['events'];
  readonly validity?: RunResult['run']['validity'];
  readonly limits?: Partial<TargetLimits>;
  readonly sample?: (sample: ProcessSample, second: number) => Partial<ProcessSample>;
  readonly kernel?: RunResult['target']['kernel'];
  readonly series?: Partial<RunResult['series']>;
}

function runWith(changes: Changes): RunResult {
  const bins = Object.entries(changes.bins ?? {}).map(([key, bin]) => [
    key,
    Array.from({ length: 300 }, (_, i) => (i === bin ? 1 : 0)),
  ]);
  return {
    ...good,
    run: { ...good.run, validity: changes.validity ?? good.run.validity },
    thresholds: changes.thresholds ?? good.thresholds,
    failures: changes.failures ?? [],
    attempts: { ...good.attempts, failures: Object.fromEntries(bins) },
    closes: changes.closes ?? good.closes,
    events: [...good.events, ...(changes.events ?? [])],
    series: { ...good.series, ...changes.series },
    target: {
      ...good.target,
      kernel: changes.kernel ?? good.target.kernel,
      limits: { ...noLimits, ...changes.limits },
      processes: good.target.processes.map((process) => ({
        ...process,
        samples: process.samples.map((sample, i) => ({ ...sample, ...changes.sample?.(sample, i) })),
      })),
    },
  };
}

const failed = (expression: string, observed: number | null, unit = 'count'): ThresholdVerdict => {
  return { expression, observed, unit, passed: false };
};
const failure = (stage: FailureCount['stage'], cause: string, count: number): FailureCount => {
  return { phase: 'ramp', population: 'listeners', stage, cause, count, example: '' };
};

const response: Threshold = {
  expression: 'heartbeat.response p99 < 250ms',
  population: null,
  name: 'heartbeat.response',
  statistic: { percentile: 0.99 },
  denominator: null,
  operator: '<',
  value: 250_000,
  unit: 'us',
  phase: null,
};
const slow = failed(response.expression, 412_000, 'us');
const neverOpened = failed('connections.neverOpened == 0', 124);

/** Answers within 2 ms, and 400 ms from that second on. */
function slowFrom(second: number): Partial<RunResult['series']> {
  const seconds = Array.from({ length: 30 }, (_, i) =>
    Array.from({ length: 200 }, () => (i >= second && i < 27 ? 400_000 : 2000)),
  );
  return { histograms: { 'heartbeat.response': seriesOf(seconds) } };
}

const busyIn = (from: number, to: number) => (_: ProcessSample, second: number) =>
  second >= from && second < to ? { cpuPercent: 99, hottestThreadPercent: 98 } : {};

function codes(run: RunResult): ReadonlyArray<Limit['code']> {
  return judgeRun(run, [response]).limits.map(({ code }) => code);
}

describe('the verdict of a try', () => {
  test('a run that is valid and keeps its thresholds passes, with nothing at its limit', () => {
    expect(judgeRun(good, [response])).toEqual({ verdict: 'pass', failed: [], limits: [] });
  });

  test('a run that the generator limited says nothing, and the generator comes first whatever else shows', () => {
    const reasons = ['The generator sent late in 9 of 24 seconds, first at 14 s.'];
    const run = runWith({
      validity: { status: 'generator-limited', reasons, fromMs: 14_000 },
      thresholds: [slow],
      series: slowFrom(10),
      sample: busyIn(10, 27),
    });
    const { verdict, limits } = judgeRun(run, [response]);
    expect(verdict).toBe('invalid');
    expect(limits.map(({ code }) => code)).toEqual(['generator', 'target-cpu', 'latency']);
    expect(limits[0]).toEqual({ code: 'generator', atMs: 14_000, reasons });
  });

  test('attempts that failed on this machine make a try say nothing', () => {
    const run = runWith({ failures: [failure('local', 'too-many-files', 3)], thresholds: [neverOpened] });
    expect(judgeRun(run, [])).toMatchObject({
      verdict: 'invalid',
      limits: [
        { code: 'generator', reasons: [expect.stringMatching(/^3 attempts failed on this machine/)] },
        {},
      ],
    });
  });

  test('a target that died is an answer, a worker that died is none', () => {
    const partial = { status: 'partial', reasons: ['...'], fromMs: null } as const;
    const exit = { atMs: 12_340, kind: 'target-exit', detail: 'the target ended by SIGSEGV' };
    const failures = [failure('tcp', 'refused', 40)];
    const died = runWith({ validity: partial, events: [exit], failures, bins: { 'tcp:refused': 122 } });
    expect(judgeRun(died, [])).toMatchObject({
      verdict: 'fail',
      limits: [{ code: 'target-died', atMs: 12_340, how: 'ended by SIGSEGV' }, { code: 'refused' }],
    });
    const worker = { atMs: 9000, kind: 'worker-died', detail: '' };
    expect(judgeRun(runWith({ validity: partial, events: [exit, worker] }), []).verdict).toBe('invalid');
  });

  test('of a run that was left early only what was judged has failed', () => {
    const events = [{ atMs: 3000, kind: 'decided', detail: '...' }];
    const thresholds = [failed('heartbeat.response p99 < 1s during hold', null, 'us'), neverOpened];
    expect(judgeRun(runWith({ thresholds, events }), []).failed).toEqual([neverOpened]);
    expect(judgeRun(runWith({ thresholds }), []).failed).toEqual(thresholds);
  });
});

describe('what was at its limit', () => {
  test('an answer with a status is a refusal, with how often and from when on', () => {
    const run = runWith({
      failures: [
        failure('upgrade', 'http-503', 100),
        { ...failure('upgrade', 'http-503', 24), phase: 'hold' },
      ],
      bins: { 'upgrade:http-503': 62 },
      thresholds: [neverOpened],
    });
    expect(judgeRun(run, []).limits).toEqual([
      { code: 'refused', atMs: 6200, status: 503, cause: 'upgrade:http-503', count: 124 },
    ]);
  });

  test('a core that is used up comes before the answers that it makes slow, though these were seen first', () => {
    const run = runWith({ thresholds: [slow], series: slowFrom(15), sample: busyIn(17, 27) });
    const [cpu, latency] = judgeRun(run, [response]).limits;
    expect(cpu).toMatchObject({ code: 'target-cpu', scope: 'thread', pid: 4720, percent: 98, atMs: 16_500 });
    expect(latency).toEqual({
      code: 'latency',
      atMs: 15_000,
      expression: response.expression,
      observedUs: 412_000,
      limitUs: 250_000,
    });
  });

  test('one that was used up while connections came in explains neither answers later nor a server that says no', () => {
    const early = { sample: busyIn(1, 5) };
    expect(codes(runWith({ ...early, thresholds: [slow], series: slowFrom(20) }))).toEqual([
      'latency',
      'target-cpu',
    ]);
    const refusing = {
      failures: [failure('upgrade', 'http-503', 1)],
      bins: { 'upgrade:http-503': 30 },
      thresholds: [neverOpened],
    };
    expect(codes(runWith({ ...early, ...refusing }))).toEqual(['refused', 'target-cpu']);
  });

  test('what is known of the whole run only never comes before the resource behind it', () => {
    const lost = failed('broadcast.lost == 0', 12);
    expect(codes(runWith({ thresholds: [lost], sample: busyIn(9, 27) }))).toEqual([
      'target-cpu',
      'threshold',
    ]);
    // A second of it is not what lost them.
    expect(codes(runWith({ thresholds: [lost], sample: busyIn(12, 13) }))).toEqual([
      'threshold',
      'target-cpu',
    ]);
  });

  test('all processes together are held against what there is for them', () => {
    const run = runWith({
      limits: { cores: 0.5 },
      thresholds: [slow],
      series: slowFrom(12),
      sample: (_, second) => ({ cpuPercent: second > 11 ? 49 : 10, hottestThreadPercent: 49 }),
    });
    expect(judgeRun(run, [response]).limits[0]).toMatchObject({
      code: 'target-cpu',
      scope: 'all',
      pid: null,
      percent: 49,
      limitPercent: 50,
    });
  });

  test('memory, descriptors and kills for want of memory, from what the system lets the target have', () => {
    const run = runWith({
      limits: { memoryBytes: 1e9, descriptors: 1024, oomKills: 1 },
      sample: (_, second) => ({ rssBytes: second > 20 ? 9.9e8 : 1e8, fds: second > 12 ? 1024 : 500 }),
      events: [{ atMs: 25_000, kind: 'target-exit', detail: 'the target ended by SIGKILL' }],
      validity: { status: 'partial', reasons: ['...'], fromMs: null },
    });
    expect(judgeRun(run, []).limits).toMatchObject([
      { code: 'target-descriptors', atMs: 13_500, pid: 4720, descriptors: 1024, limit: 1024 },
      { code: 'target-memory', atMs: 21_000, bytes: 9.9e8, limitBytes: 1e9 },
      { code: 'target-oom', atMs: 25_000, kills: 1 },
      { code: 'target-died', how: 'ended by SIGKILL' },
    ]);
  });

  test('a full accept queue explains handshakes that were not answered, and no refusals', () => {
    const kernel = good.target.kernel.map((sample, i) => ({ ...sample, listenOverflows: i > 3 ? 40 : 0 }));
    const late = runWith({
      kernel,
      failures: [failure('tcp', 'timeout', 7)],
      bins: { 'tcp:timeout': 90 },
      thresholds: [neverOpened],
    });
    expect(judgeRun(late, []).limits).toMatchObject([
      { code: 'accept-queue', atMs: 4500, listenOverflows: 40, synRetransmissions: 0 },
      { code: 'handshake-timeout', atMs: 9000, stage: 'tcp', count: 7 },
    ]);
    const no = { failures: [failure('upgrade', 'http-503', 1)], bins: { 'upgrade:http-503': 80 } };
    expect(codes(runWith({ kernel, ...no, thresholds: [neverOpened] }))).toEqual(['refused', 'accept-queue']);
  });

  test('connections that the server ended, by code, from the second of the first of them', () => {
    const close = { phase: 'hold', population: 'listeners', example: '' } as const;
    const run = runWith({
      closes: [
        { ...close, initiator: 'server', code: 1013, cause: 'close-frame', count: 5 },
        { ...close, initiator: 'server', code: 1000, cause: 'close-frame', count: 50 },
        { ...close, initiator: 'client', code: null, cause: 'heartbeat-timeout', count: 9 },
        { ...close, initiator: 'network', code: null, cause: 'reset', count: 2 },
      ],
      series: { closes: Array.from({ length: 30 }, (_, i) => (i === 17 ? 66 : 0)) },
      thresholds: [failed('closes.abnormal == 0', 16)],
    });
    expect(judgeRun(run, []).limits).toEqual([
      { code: 'closed', atMs: 17_000, closeCode: 1013, cause: 'close-frame', count: 5 },
      { code: 'closed', atMs: 17_000, closeCode: null, cause: 'reset', count: 2 },
    ]);
  });
});
