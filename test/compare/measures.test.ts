import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  differences,
  isUseless,
  keyOf,
  type MeasuredRun,
  measureRun,
} from '../../src/compare/measuredRun.js';
import { measures } from '../../src/compare/measures.js';
import { buildResult } from '../../src/result/build.js';
import type { RunResult } from '../../src/result/types.js';
import { goodRun } from '../report/fixture.js';
import { factsOf, runs } from '../result/runs.js';

const good = goodRun();

function measured(result: RunResult): MeasuredRun {
  const run = measureRun(result, 'result.json');
  if (isUseless(run)) throw new Error(run.reason);
  return run;
}

describe('what a run is compared by', () => {
  it('is its own percentiles of the hold, its costs and its losses', () => {
    const { values, latencies } = measured(good);
    const hold = good.phases.find(({ kind }) => kind === 'hold')?.metrics['heartbeat.response'];
    expect(hold?.kind === 'histogram' && hold.p50).toBe(values['heartbeat.response p50']);
    expect(values['memory.perConnection']).toBe(good.target.memoryPerConnection?.bytes);
    expect(values['target.cpuPerConnect']).toBe(good.target.cpuPerConnectUs);
    expect(values['connections.neverOpened']).toBe(0);
    expect(Object.keys(latencies)).toContain('heartbeat.response');
  });

  it('has a name for each value, whatever the run', () => {
    const known = measures.map(({ name }) => name);
    fc.assert(
      fc.property(runs, (run) => {
        const done = measureRun(buildResult(factsOf(run)), 'result.json');
        if (isUseless(done)) return;
        expect(known).toEqual(expect.arrayContaining(Object.keys(done.values)));
        expect(Object.values(done.values).every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('leaves memory out where it fell while connections came: that is no cost of a connection', () => {
    const memory = good.target.memoryPerConnection;
    if (memory === null) throw new Error('the run has no memory');
    const fallen = { ...good.target, memoryPerConnection: { ...memory, bytes: -183 } };
    expect(measured({ ...good, target: fallen }).values).not.toHaveProperty('memory.perConnection');
  });

  it('has the heap of a connection beside its memory, where garbage was collected first', () => {
    const memory = good.target.memoryPerConnection;
    if (memory === null) throw new Error('the run has no memory');
    const withHeap = (collected: boolean, bytes: number) => {
      const slope = { bytes, ci95: [bytes, bytes], theilSenBytes: bytes, baseBytes: 5e6 } as const;
      const heap = { ...slope, externalBytes: null, collected };
      const target = { ...good.target, memoryPerConnection: { ...memory, heap } };
      return measured({ ...good, target }).values['memory.heapPerConnection'];
    };
    expect(withHeap(true, 2660)).toBe(2660);
    expect(withHeap(false, 2660)).toBeUndefined();
    expect(withHeap(true, -5)).toBeUndefined();
  });

  it('leaves CPU per message out where the server sets the rate', () => {
    const resolved = { populations: { all: { echo: { pace: 'answered', size: '20B' } } } };
    const paced = measured(good);
    const answered = measured({ ...good, scenario: { ...good.scenario, resolved } });
    expect(good.target.cpuPerMessageUs).not.toBeNull();
    expect(paced.values).toHaveProperty('target.cpuPerMessage');
    expect(answered.values).not.toHaveProperty('target.cpuPerMessage');
  });
});

describe('a run that says nothing', () => {
  const invalid = { status: 'generator-limited', reasons: ['It was late.'], fromMs: 0 } as const;

  it.each([
    { what: 'not valid', run: { ...good, run: { ...good.run, validity: invalid } }, says: 'It was late.' },
    {
      what: 'left early',
      run: { ...good, run: { ...good.run, complete: false } },
      says: 'left before its end',
    },
    {
      what: 'without its target',
      run: { ...good, events: [{ atMs: 1, kind: 'target-exit', detail: 'the target ended by SIGKILL' }] },
      says: 'ended by SIGKILL',
    },
  ])('is $what', ({ run, says }) => {
    const done = measureRun(run, 'result.json');
    expect(isUseless(done) && done.reason).toContain(says);
  });

  it('is not one in which the scenario lets the generator be the limit', () => {
    const scenario = { ...good.scenario, resolved: { generator: { allowSaturated: true } } };
    const done = measureRun({ ...good, scenario, run: { ...good.run, validity: invalid } }, 'result.json');
    expect(done).toMatchObject({ saturated: true });
  });
});

describe('what two scenarios ask', () => {
  it('is the same whatever the order of their keys, and whatever their targets', () => {
    const one = measured({
      ...good,
      scenario: { ...good.scenario, resolved: { seed: 1, target: { url: 'a' } } },
    });
    const other = measured({
      ...good,
      scenario: { ...good.scenario, resolved: { target: { url: 'b' }, seed: 1 } },
    });
    expect(keyOf(one.asked)).toBe(keyOf(other.asked));
    expect(keyOf({ a: 1, b: [1, 2] })).toBe(keyOf({ b: [1, 2], a: 1 }));
    expect(keyOf({ a: [1, 2] })).not.toBe(keyOf({ a: [2, 1] }));
  });

  it('differs exactly where it is said to', () => {
    const tree = { a: { b: 1, c: [1, 2] }, d: 'x' };
    expect(differences(tree, { a: { b: 2, c: [1, 3] }, d: 'x', e: null }, 9)).toEqual(['a.b', 'a.c.1', 'e']);
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = keyOf(a) === keyOf(b);
        expect(differences(a, b, 9).length === 0).toBe(same);
      }),
    );
  });
});
