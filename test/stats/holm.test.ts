import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm, testable } from '../../dist/stats/holm.js';

describe("Holm's correction", () => {
  // The fifteen p-values of Benjamini and Hochberg, JRSS B 57, 1995, section 3.2: at 0.05 a control of the family-wise
  // rate rejects the first three.
  it('rejects three of the fifteen published hypotheses', () => {
    const published = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    const adjusted = holm(published);
    expect(adjusted.filter((value) => value <= 0.05)).toHaveLength(3);
    expect(adjusted.slice(0, 4)).toEqual(
      [0.0015, 0.0056, 0.0247, 0.114].map((value) => expect.closeTo(value, 10)),
    );
  });

  it('keeps the order in which they were asked', () => {
    expect(holm([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06].map((value) => expect.closeTo(value, 10)));
  });

  it('never makes one smaller, nor more than 1, and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (pValues) => {
        const adjusted = holm(pValues);
        pValues.forEach((pValue, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(pValue);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          pValues.forEach((other, j) => {
            if (pValue < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? 0);
          });
        });
      }),
    );
  });
});

describe('what has to be corrected for', () => {
  it('leaves out what cannot come to the level', () => {
    expect(testable([1, 0.001, 1, 0.004], 0.02)).toEqual([1, 3]);
  });

  it('is nothing where there are too many questions for so few runs', () => {
    const least = 2 / 924;
    expect(testable(new Array(9).fill(least), 0.02)).toHaveLength(9);
    expect(testable(new Array(10).fill(least), 0.02)).toHaveLength(0);
  });
});
