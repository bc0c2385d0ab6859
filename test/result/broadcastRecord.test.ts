import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Accumulator } from '../../src/result/accumulator.js';
import { buildResult, type RunFacts } from '../../src/result/build.js';
import { judgeThresholds } from '../../src/result/thresholds.js';
import type { Metrics, RunResult } from '../../src/result/types.js';
import type { Scenario, Threshold } from '../../src/scenario/scenario.js';
import { joining, population, publishing, readingSlowly, scenario } from '../plan/scenarios.js';
import { accumulated, broadcastFacts, broadcasts, type Receipt, snapshotsOf } from './broadcasts.js';
import { samples, second } from './parts.js';
import { emptyFacts, PHASES, START_US } from './runs.js';

/** Ten members of one room, who all publish. */
const lobby = scenario({
  populations: [population('all', 10, { patterns: [joining(null), publishing()] })],
});

const phases = PHASES.map((phase, i) => ({ ...phase, startUs: i, endUs: i + 1 }));

function record(accumulator: Accumulator, given: Partial<RunFacts> = {}): RunResult {
  const facts = emptyFacts(accumulator);
  return buildResult({ ...facts, scenario: lobby, phases, broadcast: broadcastFacts(), ...given });
}

function recordOf(
  counters: Readonly<Record<string, number>>,
  given: Partial<RunFacts> = {},
  histograms: Parameters<typeof second>[1] = {},
): RunResult {
  const accumulator = new Accumulator(START_US, 1);
  const named = Object.entries(counters).map(([name, value]) => [`all/broadcast.${name}`, value]);
  accumulator.add(second(0, { counters: Object.fromEntries(named), ...histograms }));
  accumulator.finish();
  return record(accumulator, given);
}

function counterIn(metrics: Metrics, name: string): number {
  const metric = metrics[`broadcast.${name}`];
  return metric?.kind === 'counter' ? metric.value : 0;
}

describe('the accounts of a broadcast', () => {
  test('owed = received once + lost + missed, and are what became of each delivery, over any workers', () => {
    fc.assert(
      fc.property(broadcasts, (broadcast) => {
        const { metrics } = record(accumulated(broadcast.workers, snapshotsOf(broadcast)));
        const of = (name: string): number => counterIn(metrics, name);
        const once = of('received') - of('duplicated') - of('late');
        expect(of('expected')).toBe(once + of('lost') + of('missedWhileDisconnected'));

        const receipts = broadcast.messages.flatMap((message) => message.receipts);
        const those = (which: (receipt: Receipt) => boolean): number => receipts.filter(which).length;
        expect(of('expected')).toBe(receipts.length);
        expect(once).toBe(those(({ latencyUs }) => latencyUs !== null));
        expect(of('lost')).toBe(those(({ latencyUs, away }) => latencyUs === null && !away));
      }),
      { numRuns: 30 },
    );
  });

  test('of the phases add up to those of the run', () => {
    fc.assert(
      fc.property(broadcasts, (broadcast) => {
        const result = record(accumulated(broadcast.workers, snapshotsOf(broadcast)));
        for (const name of ['published', 'expected', 'received', 'lost', 'complete', 'incomplete']) {
          const parts = result.phases.reduce((sum, { metrics }) => sum + counterIn(metrics, name), 0);
          expect(parts).toBe(counterIn(result.metrics, name));
        }
      }),
      { numRuns: 15 },
    );
  });

  test('every message published was heard by all, by some or by nobody', () => {
    fc.assert(
      fc.property(broadcasts, (broadcast) => {
        const { messages } = record(accumulated(broadcast.workers, snapshotsOf(broadcast))).broadcast!;
        const silent = broadcast.messages.filter(({ receipts }) =>
          receipts.every(({ latencyUs }) => latencyUs === null),
        );
        expect(messages.published).toBe(broadcast.messages.length);
        expect(messages.unheard).toBe(silent.length);
        expect(messages.complete + messages.incomplete + messages.unheard).toBe(messages.published);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the part of the record about broadcasting', () => {
  test('is not there when nobody publishes, nor are the metrics', () => {
    const { broadcast, metrics } = buildResult(emptyFacts(new Accumulator(START_US, 1)));
    expect(broadcast).toBeNull();
    expect(Object.keys(metrics).some((name) => name.startsWith('broadcast.'))).toBe(false);
  });

  test('says whether publishers got their own messages, where they are members', () => {
    const alone = broadcastFacts({ publishingMembers: 0 });
    expect(recordOf({ ownCopies: 1 }).broadcast!.ownCopies).toBe(true);
    expect(recordOf({ ownCopies: 0 }).broadcast!.ownCopies).toBe(false);
    expect(recordOf({ ownCopies: 0 }, { broadcast: alone }).broadcast!.ownCopies).toBeNull();
  });

  test('counts deliveries per message of all members, though the ledger is of a sample', () => {
    expect(recordOf({ published: 4, received: 36 }).broadcast!.amplification).toBe(9);
    expect(recordOf({}).broadcast!.amplification).toBeNull();
    const { ledger } = broadcastFacts();
    const sampled = broadcastFacts({ members: 1000, ledger: { ...ledger, accounted: 10 } });
    const deliveries = { histograms: { 'all/broadcast.delivery': samples(4000, 500) } };
    const result = recordOf({ published: 4, received: 36 }, { broadcast: sampled }, deliveries);
    expect(result.broadcast!.amplification).toBe(1000);
  });

  test('has an entry for every second', () => {
    const { broadcast, series } = record(
      accumulated(1, [second(0), second(1), second(2, { phase: 'drain' })]),
    );
    for (const list of Object.values(broadcast!.perSecond)) expect(list).toHaveLength(series.open.length);
  });

  test('never counts less than nothing as unheard', () => {
    // A worker died before it had told of what it published, others had told of what they heard.
    const part = {
      publisher: 0,
      dueUs: 0,
      members: 9,
      heard: 9,
      firstUs: 1,
      lastUs: 2,
      medianUs: 1,
      latencies: [],
    };
    const fanOuts = [0, 1, 2].map((sequence) => ({ ...part, sequence }));
    expect(recordOf({ published: 2 }, {}, { fanOuts }).broadcast!.messages).toEqual({
      published: 2,
      complete: 3,
      incomplete: 0,
      unheard: 0,
    });
  });
});

const COUNTERS = [
  'planned published skipped unsentWhileDisconnected expected received lost duplicated outOfOrder late',
  'missedWhileDisconnected foreign damaged stray ownCopies complete incomplete',
].flatMap((names) => names.split(' '));

describe('what a broadcast measures is there although nothing was counted', () => {
  const reliable: Scenario = scenario({
    populations: [
      population('listeners', 10, {
        patterns: [{ kind: 'join', options: { rooms: null, perConnection: 1, acknowledges: true } }],
      }),
      population('slow', 10, { patterns: [joining(null), readingSlowly] }),
      population('speakers', 1, {
        patterns: [joining(null), publishing({ acknowledge: { resendAfterUs: 1, queue: 1 } })],
      }),
    ],
  });
  const { metrics, populations } = recordOf({}, { scenario: reliable });

  test('in all', () => {
    for (const name of COUNTERS)
      expect(metrics[`broadcast.${name}`], name).toEqual({ kind: 'counter', value: 0 });
    for (const name of ['sendLag', 'service', 'delivery', 'first', 'median', 'last']) {
      expect(metrics[`broadcast.${name}`], name).toMatchObject({ count: 0, min: null, p50: null });
    }
    expect(metrics['acknowledge.response']).toMatchObject({ kind: 'histogram', count: 0 });
    expect(metrics['acknowledge.resent']).toEqual({ kind: 'counter', value: 0 });
    expect(metrics['reading.pauses']).toEqual({ kind: 'counter', value: 0 });
  });

  test('and by population what it does itself', () => {
    const has = (name: string) =>
      Object.keys(populations).filter((key) => populations[key]!.metrics[name] !== undefined);
    expect(has('broadcast.received')).toEqual(['listeners', 'slow', 'speakers']);
    expect(has('broadcast.complete')).toEqual([]);
    expect(has('broadcast.last')).toEqual([]);
    expect(has('acknowledge.receipts')).toEqual(['listeners', 'speakers']);
    expect(has('reading.pauses')).toEqual(['slow']);
  });
});

describe('thresholds', () => {
  const counters = { 'all/broadcast.received': 99, 'all/broadcast.expected': 100, 'all/broadcast.lost': 1 };
  const accumulator = new Accumulator(START_US, 1);
  accumulator.add(
    second(0, { counters, phase: 'hold', histograms: { 'all/broadcast.delivery': samples(99, 2000) } }),
  );
  accumulator.finish();
  const result = record(accumulator);
  const judged = (given: Partial<Threshold>): number | null => {
    const threshold: Threshold = {
      expression: '',
      population: null,
      name: 'broadcast.lost',
      statistic: null,
      denominator: null,
      operator: '==',
      value: 0,
      unit: 'count',
      phase: null,
      ...given,
    };
    return judgeThresholds([threshold], [], result)[0]!.observed;
  };

  test('are judged by counters, ratios and histograms of a broadcast', () => {
    expect(judged({})).toBe(1);
    expect(judged({ denominator: 'broadcast.expected' })).toBe(0.01);
    expect(judged({ name: 'broadcast.foreign' })).toBe(0);
    expect(judged({ name: 'broadcast.last', statistic: 'count' })).toBe(0);
    expect(judged({ name: 'broadcast.last', statistic: 'max' })).toBeNull();
    expect(judged({ name: 'broadcast.delivery', statistic: 'count', phase: 'hold' })).toBe(99);
    expect(judged({ name: 'broadcast.received', population: 'all', phase: 'hold' })).toBe(99);
  });

  test('have no data where nobody counts: before the end, or of a population', () => {
    expect(judged({ phase: 'ramp' })).toBeNull();
    expect(judged({ phase: 'drain', denominator: 'broadcast.received' })).toBeNull();
    expect(
      judged({ name: 'broadcast.received', denominator: 'broadcast.expected', phase: 'hold' }),
    ).toBeNull();
    expect(judged({ name: 'broadcast.complete', population: 'all' })).toBeNull();
    expect(judged({ name: 'broadcast.first', statistic: 'count', population: 'all' })).toBeNull();
  });
});
