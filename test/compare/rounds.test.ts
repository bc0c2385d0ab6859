import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALARM_RATE } from '../../src/compare/compare.js';
import { Looks } from '../../src/compare/looks.js';
import { LEAST_RUNS } from '../../src/compare/question.js';
import { isClear, isWanted, orderOf } from '../../src/compare/rounds.js';
import type { ComparedMetric } from '../../src/result/comparison.js';

describe('rounds', () => {
  it('are as many as were asked for where every run counts', () => {
    expect(roundsRun(10, () => true)).toEqual({ done: 10, pairs: 10 });
  });

  it('are made up for where a run does not count', () => {
    expect(roundsRun(10, (round) => round % 3 !== 0)).toEqual({ done: 14, pairs: 10 });
  });

  it('end after twice as many, and after the planned ones where none counts', () => {
    expect(roundsRun(10, (round) => round % 4 === 0)).toEqual({ done: 20, pairs: 5 });
    expect(roundsRun(10, () => false)).toEqual({ done: 10, pairs: 0 });
  });

  it('put each side first in every other one, whatever the seed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 99 }), (seed, round) => {
        const [first, second] = orderOf(round, seed);
        expect(orderOf(round + 1, seed)).toEqual([second, first]);
        expect(new Set([first, second]).size).toBe(2);
      }),
    );
  });
});

describe('an answer is clear', () => {
  const metric = (
    verdict: ComparedMetric['verdict'],
    because: ComparedMetric['because'] = null,
    gated = true,
  ) => ({
    ...{ verdict, because, gated },
  });
  it.each([
    ['when every metric that counts is decided', [metric('same'), metric('better')], true],
    ['not while one is open', [metric('same'), metric('inconclusive', 'wide-interval')], false],
    ['whatever does not count', [metric('same'), metric('inconclusive', 'not-significant', false)], true],
    [
      'when one is worse, and the others are noise',
      [metric('worse'), metric('inconclusive', 'undetectable')],
      true,
    ],
    [
      'not while another may turn out to be what the change is about',
      [metric('worse'), metric('inconclusive', 'not-significant')],
      false,
    ],
    ['not where nothing counts', [metric('worse', null, false)], false],
  ])('%s', (_, metrics, clear) => {
    expect(isClear(metrics)).toBe(clear);
  });
});

describe('the looks at a comparison', () => {
  it('spend no more than there is, whenever the last one comes', () => {
    fc.assert(
      fc.property(fc.integer({ min: LEAST_RUNS, max: 99 }), fc.nat({ max: 99 }), (rounds, most) => {
        const looks = new Looks(rounds);
        let spent = 0;
        for (let i = 0; i < Math.min(most, rounds - LEAST_RUNS); i++) spent += looks.next();
        expect(spent + looks.last()).toBeCloseTo(2 * ALARM_RATE, 12);
        expect(looks.last()).toBeGreaterThanOrEqual(ALARM_RATE - 1e-12);
      }),
    );
  });
});

function roundsRun(rounds: number, counts: (round: number) => boolean): { done: number; pairs: number } {
  let done = 0;
  let pairs = 0;
  while (isWanted(done + 1, rounds, pairs)) if (counts(++done)) pairs++;
  return { done, pairs };
}
