import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bracketSoFar,
  judgeLevel,
  levelsNeeded,
  mostTries,
  nextStep,
  type SearchRange,
  type Step,
  type Tried,
} from '../../src/capacity/search.js';
import type { LevelVerdict } from '../../src/result/capacity.js';

const range = (given: Partial<SearchRange> = {}): SearchRange => ({
  from: 10,
  to: 100_000,
  precision: 0.01,
  tries: 3,
  needed: 2,
  ...given,
});

interface Searched {
  readonly tried: readonly Tried[];
  readonly done: Extract<Step, { kind: 'done' }>;
}

/** Asks the oracle until the search is done; fails where that takes more than the bound. */
function search(searched: SearchRange, oracle: (load: number, order: number) => LevelVerdict): Searched {
  const tried: Tried[] = [];
  for (;;) {
    const step = nextStep(searched, tried);
    if (step.kind === 'done') return { tried, done: step };
    expect(tried.length).toBeLessThan(mostTries(searched));
    expect(step.load).toBeGreaterThanOrEqual(searched.from);
    expect(step.load).toBeLessThanOrEqual(searched.to);
    expect(tried.some(({ load }) => load === step.load)).toBe(step.kind === 'repeat');
    tried.push({ load: step.load, verdict: oracle(step.load, tried.length) });
  }
}

const ranges: fc.Arbitrary<SearchRange> = fc
  .record({
    from: fc.integer({ min: 1, max: 5000 }),
    more: fc.integer({ min: 1, max: 2_000_000 }),
    precision: fc.constantFrom(0, 0.001, 0.01, 0.05, 0.5),
    tries: fc.integer({ min: 1, max: 5 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ from, more, precision, tries, share }) => {
    return { from, to: from + more, precision, tries, needed: 1 + Math.floor(share * (tries - 1)) };
  });

function verdictsAt(load: number | null, tried: readonly Tried[]): LevelVerdict[] {
  return tried.filter((one) => one.load === load).map(({ verdict }) => verdict);
}

describe('a server that holds exactly so much', () => {
  test('is found within the precision, each level tried once but the two ends', () => {
    fc.assert(
      fc.property(ranges, fc.double({ min: 0, max: 1, noNaN: true }), (searched, share) => {
        const holds = searched.from + Math.floor(share * (searched.to - searched.from - 1));
        const { tried, done } = search(searched, (load) => (load <= holds ? 'pass' : 'fail'));
        const { lastPass, firstFail } = done.bracket;
        expect(done).toMatchObject({ outcome: 'bracketed', isNarrow: true });
        expect(lastPass).toBeLessThanOrEqual(holds);
        expect(firstFail).toBeGreaterThan(holds);
        const gap = (firstFail ?? 0) - (lastPass ?? 0);
        expect(gap).toBeLessThanOrEqual(Math.max(1, searched.precision * (lastPass ?? 0)));
        const repeats = searched.needed - 1 + (searched.tries - searched.needed);
        expect(tried.length).toBeLessThanOrEqual(levelsNeeded(searched) + repeats);
        const between = tried.filter(({ load }) => load !== lastPass && load !== firstFail);
        expect(new Set(between.map(({ load }) => load)).size).toBe(between.length);
      }),
    );
  });

  test('at the end of the range: at least that, and nothing above is tried', () => {
    const { tried, done } = search(range({ to: 1000 }), () => 'pass');
    expect(done).toEqual({
      kind: 'done',
      outcome: 'at-least',
      bracket: { lastPass: 1000, firstFail: null },
      isNarrow: true,
    });
    expect(tried.map(({ load }) => load)).toEqual([10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
  });

  test('less than the first level: it is tried once more, and nothing else', () => {
    const { tried, done } = search(range(), () => 'fail');
    expect(done).toMatchObject({ outcome: 'never-passed', bracket: { lastPass: null, firstFail: 10 } });
    expect(tried.map(({ load }) => load)).toEqual([10, 10]);
  });

  test('37 is found as 37 and 38', () => {
    const { tried, done } = search(range({ from: 8, to: 100 }), (load) => (load <= 37 ? 'pass' : 'fail'));
    expect(done.bracket).toEqual({ lastPass: 37, firstFail: 38 });
    expect(tried.map(({ load }) => load)).toEqual([8, 16, 32, 64, 48, 40, 36, 38, 37, 37, 38]);
  });
});

describe('a generator that is the limit', () => {
  test('never yields a capacity, whatever the server would hold above', () => {
    fc.assert(
      fc.property(ranges, fc.double({ min: 0, max: 1, noNaN: true }), (searched, share) => {
        const carries = searched.from - 1 + Math.floor(share * (searched.to - searched.from));
        const { done } = search(searched, (load) => (load <= carries ? 'pass' : 'invalid'));
        expect(done.outcome).toBe('generator');
        expect(done.bracket.lastPass).toBe(carries < searched.from ? null : done.bracket.lastPass);
        expect(done.bracket.lastPass ?? 0).toBeLessThanOrEqual(carries);
      }),
    );
  });

  test('above the capacity does not hide it', () => {
    const oracle = (load: number) => (load <= 300 ? 'pass' : load <= 5000 ? 'fail' : 'invalid');
    expect(search(range({ precision: 0 }), oracle).done).toMatchObject({
      outcome: 'bracketed',
      bracket: { lastPass: 300, firstFail: 301 },
    });
  });
});

describe('verdicts that change from try to try', () => {
  const noise = fc.array(fc.constantFrom<LevelVerdict>('pass', 'fail', 'invalid'), {
    minLength: 5,
    maxLength: 400,
  });

  test('still end within the bound, with both ends decided by their tries', () => {
    fc.assert(
      fc.property(ranges, noise, (searched, verdicts) => {
        const { tried, done } = search(searched, (_, order) => verdicts[order % verdicts.length]!);
        expect(tried.length).toBeLessThanOrEqual(mostTries(searched));
        const { lastPass, firstFail } = done.bracket;
        expect(bracketSoFar(searched, tried)).toEqual(done.bracket);
        if (lastPass !== null) {
          const passes = verdictsAt(lastPass, tried).filter((verdict) => verdict === 'pass');
          expect(passes.length).toBeGreaterThanOrEqual(searched.needed);
        }
        if (firstFail !== null) {
          const { verdict, isDecided } = judgeLevel(searched, verdictsAt(firstFail, tried));
          expect(isDecided).toBe(true);
          expect(verdict).toBe(done.outcome === 'generator' ? 'invalid' : 'fail');
        }
        expect(done.outcome === 'at-least').toBe(firstFail === null);
        expect(firstFail === null || lastPass === null || lastPass < firstFail).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('an end that turns out otherwise moves the bracket, and the search goes on from there', () => {
    // 40 fails once by accident: then it passes, twice, and so does what is above.
    let accidents = 1;
    const { done } = search(range({ from: 10, to: 100 }), (load) => {
      if (load === 40 && accidents-- > 0) return 'fail';
      return load <= 60 ? 'pass' : 'fail';
    });
    expect(done).toMatchObject({ outcome: 'bracketed', bracket: { lastPass: 60, firstFail: 61 } });
  });

  test('a level is decided by k of m, and invalid tries count for neither side', () => {
    const judge = (...verdicts: LevelVerdict[]) => judgeLevel({ tries: 3, needed: 2 }, verdicts);
    expect(judge('pass')).toEqual({ verdict: 'pass', isDecided: false });
    expect(judge('pass', 'pass')).toEqual({ verdict: 'pass', isDecided: true });
    expect(judge('pass', 'fail')).toMatchObject({ isDecided: false });
    expect(judge('fail', 'fail')).toEqual({ verdict: 'fail', isDecided: true });
    expect(judge('fail', 'invalid')).toEqual({ verdict: 'fail', isDecided: false });
    expect(judge('fail', 'invalid', 'pass')).toEqual({ verdict: 'invalid', isDecided: true });
    expect(judge('invalid', 'invalid')).toEqual({ verdict: 'invalid', isDecided: true });
    expect(judgeLevel({ tries: 3, needed: 3 }, ['pass', 'fail'])).toEqual({
      verdict: 'fail',
      isDecided: true,
    });
  });
});
