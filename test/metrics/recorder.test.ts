import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Close, Failure } from '../../src/client/types.js';
import { decodeHistogram } from '../../src/metrics/histogram.js';
import { Recorder } from '../../src/metrics/recorder.js';
import type { Snapshot } from '../../src/metrics/snapshot.js';
import { Accumulator } from '../../src/result/accumulator.js';

const START_US = 5_000_000;
const SECOND_US = 1_000_000;
const source = { machine: 0, host: 0, worker: 2 };
const reset: Close = { initiator: 'network', code: null, cause: 'reset', example: 'ECONNRESET' };
const refused: Failure = { stage: 'tcp', cause: 'refused', example: 'ECONNREFUSED', retryAfterUs: null };

type Happening =
  | { readonly kind: 'sent' | 'answered' | 'cut' | 'close' | 'failure' | 'attempt' | 'open' }
  | { readonly kind: 'latency'; readonly us: number };

const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('sent', 'answered', 'cut', 'close', 'failure', 'attempt', 'open'),
    }),
    fc.record({ kind: fc.constant('latency' as const), us: fc.nat({ max: 5000 }) }),
  ),
  { maxLength: 100 },
);

/** Lets one thing happen every 10 ms and cuts where asked, and at the end. */
function play(list: readonly Happening[]): Snapshot[] {
  const recorder = new Recorder(source, START_US);
  const books = recorder.population('all');
  const snapshots: Snapshot[] = [];
  let atUs = START_US;
  for (const happening of list) {
    atUs += 10_000;
    if (happening.kind === 'cut') snapshots.push(recorder.cut(atUs));
    else if (happening.kind === 'close') books.close(reset, atUs);
    else if (happening.kind === 'failure') books.failure(refused, atUs);
    else if (happening.kind === 'attempt') books.attempt(atUs);
    else if (happening.kind === 'open') books.open(atUs);
    else if (happening.kind === 'latency') books.histogram('echo.response').record(happening.us);
    else books.counter(`echo.${happening.kind}`).value++;
  }
  snapshots.push(recorder.cut(atUs + SECOND_US));
  return snapshots;
}

function sum<Item>(items: readonly Item[], of: (item: Item, index: number) => number): number {
  return items.reduce((total, item, index) => total + of(item, index), 0);
}

test('however a run is cut, its snapshots add up to what happened', () => {
  fc.assert(
    fc.property(happenings, (list) => {
      const snapshots = play(list);
      const happened = (kind: string) => list.filter((happening) => happening.kind === kind).length;
      for (const name of ['sent', 'answered']) {
        expect(sum(snapshots, ({ counters }) => counters[`all/echo.${name}`] ?? 0)).toBe(happened(name));
      }
      expect(sum(snapshots, ({ closes }) => sum(closes, ({ count }) => count))).toBe(happened('close'));
      expect(sum(snapshots, ({ failures }) => sum(failures, ({ count }) => count))).toBe(happened('failure'));
      // Bin, attempts, opens, bin, ...
      const bins = snapshots.flatMap((snapshot) => snapshot.bins.all!);
      expect(sum(bins, (value, i) => (i % 3 === 1 ? value : 0))).toBe(happened('attempt'));
      expect(sum(bins, (value, i) => (i % 3 === 2 ? value : 0))).toBe(happened('open'));
      const latencies = snapshots.flatMap(({ histograms }) => Object.values(histograms));
      expect(sum(latencies, ({ encoded }) => decodeHistogram(encoded).totalCount)).toBe(happened('latency'));
    }),
  );
});

test('snapshots follow each other without a gap, are numbered, and name their worker and phase', () => {
  const recorder = new Recorder(source, START_US);
  recorder.phase = 'ramp';
  const first = recorder.cut(START_US + SECOND_US);
  recorder.phase = 'hold';
  const second = recorder.cut(START_US + 1.5 * SECOND_US);
  expect(first).toMatchObject({ v: 1, source, seq: 0, fromUs: START_US, toUs: START_US + SECOND_US });
  expect(second).toMatchObject({ seq: 1, fromUs: first.toUs, toUs: START_US + 1.5 * SECOND_US });
  expect([first.phase, second.phase]).toEqual(['ramp', 'hold']);
});

test('what did not happen takes no room in a snapshot', () => {
  const recorder = new Recorder(source, START_US);
  const books = recorder.population('all');
  books.counter('echo.sent').value++;
  books.histogram('echo.response').record(1);
  recorder.cut(START_US + SECOND_US);
  const { counters, histograms, closes, failures, bins } = recorder.cut(START_US + 2 * SECOND_US);
  expect({ counters, histograms, closes, failures, bins }).toEqual({
    counters: {},
    histograms: {},
    closes: [],
    failures: [],
    bins: { all: [] },
  });
});

test('states are read when a snapshot is cut', () => {
  const recorder = new Recorder(source, START_US);
  let open = 3;
  recorder.value('open', () => open);
  expect(recorder.cut(START_US + 1).values).toEqual({ open: 3 });
  open = 4;
  expect(recorder.cut(START_US + 2).values).toEqual({ open: 4 });
});

test('ends of a kind are one line with a count for every 100 ms, with the example of the first', () => {
  const recorder = new Recorder(source, START_US);
  const books = recorder.population('all');
  books.close(reset, START_US + 10_000);
  books.close({ ...reset, example: 'another' }, START_US + 99_999);
  books.close(reset, START_US + 100_000);
  books.close({ ...reset, code: 1006 }, START_US + 100_000);
  books.failure(refused, START_US + 250_000);
  books.failure({ ...refused, cause: 'timeout' }, START_US + 250_000);
  const { closes, failures } = recorder.cut(START_US + SECOND_US);
  expect(closes).toEqual([
    { ...reset, population: 'all', count: 2, bin: 0 },
    { ...reset, population: 'all', count: 1, bin: 1 },
    { ...reset, code: 1006, population: 'all', count: 1, bin: 1 },
  ]);
  const failure = { stage: 'tcp', example: 'ECONNREFUSED', population: 'all', count: 1, bin: 2 };
  expect(failures).toEqual([
    { ...failure, cause: 'refused' },
    { ...failure, cause: 'timeout' },
  ]);
});

test('each population has books of its own, under its name', () => {
  const recorder = new Recorder(source, START_US);
  recorder.population('a').counter('echo.sent').value = 1;
  recorder.population('b').counter('echo.sent').value = 2;
  expect(recorder.population('a')).toBe(recorder.population('a'));
  expect(recorder.cut(START_US + 1).counters).toEqual({ 'a/echo.sent': 1, 'b/echo.sent': 2 });
});

test('a phase that a busy thread hears of late begins where the last interval ended: no second is told of twice', () => {
  const recorder = new Recorder(source, START_US);
  const lag = recorder.population('all').histogram('broadcast.sendLag');
  const accumulator = new Accumulator(START_US, 3);
  accumulator.workerDied(0);
  accumulator.workerDied(1);
  const tell = (samples: number, toUs: number): Snapshot => {
    for (let i = 0; i < samples; i++) lag.record(100);
    const snapshot = recorder.cut(toUs);
    accumulator.add(snapshot);
    return snapshot;
  };
  tell(200, START_US + SECOND_US);
  const late = tell(7, START_US + SECOND_US - 20_000);
  expect(late.fromUs).toBe(START_US + SECOND_US);
  expect(late.toUs).toBe(late.fromUs);
  tell(10, START_US + 2 * SECOND_US);
  accumulator.finish();
  const counts = accumulator.intervals.toSeries().histograms['broadcast.sendLag']?.counts ?? [];
  const samples = counts.map((pairs) => pairs.filter((_, i) => i % 2 === 1).reduce((sum, n) => sum + n, 0));
  expect(samples).toEqual([200, 17]);
});
