import { describe, expect, it } from 'vitest';
import { createRandom } from '../../dist/sequence.js';
import { blockBootstrapInterval, bootstrapInterval } from '../../dist/stats/bootstrap.js';
import { detectableShift } from '../../dist/stats/detectable.js';
import { median, neighbourDeviation, robustDeviation } from '../../dist/stats/median.js';

// Survival of mice in days, Efron and Tibshirani, An Introduction to the Bootstrap, 1993, table 2.1.
const treated = [94, 197, 16, 38, 99, 141, 23];
const control = [52, 104, 146, 10, 51, 30, 40, 27, 46];

describe('the bootstrap of two medians', () => {
  const options = { effect: 'difference', resamples: 20_000, seed: 1 } as const;

  it('has the published medians, and an interval that holds no difference', () => {
    expect([median(treated), median(control)]).toEqual([94, 46]);
    const [low, high] = bootstrapInterval(control, treated, options);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(48);
  });

  it('is the exact distribution of a resampled median', () => {
    const sorted = [...treated].sort((a, b) => a - b);
    // The median of seven draws is at most the k-th value when four or more of them are (Efron, 1979, section 3).
    const atMost = (k: number) => [4, 5, 6, 7].reduce((sum, hits) => sum + binomial(7, hits, k / 7), 0);
    const quantile = (share: number) => sorted.find((_, i) => atMost(i + 1) >= share);
    const [low, high] = bootstrapInterval([0], treated, options);
    expect([low, high]).toEqual([quantile(0.025), quantile(0.975)]);
  });

  it('gives the same interval for the same seed', () => {
    const ratio = { effect: 'ratio', resamples: 500, seed: 7 } as const;
    expect(bootstrapInterval(control, treated, ratio)).toEqual(bootstrapInterval(control, treated, ratio));
  });
});

describe('the bootstrap of sides that were measured together', () => {
  const options = { effect: 'ratio', resamples: 2000, seed: 1 } as const;
  const drifting = [1, 2, 3, 4, 5, 6, 7].map((level) => ({ first: [100 * level], second: [120 * level] }));

  it('is not widened by what both have in common', () => {
    const [low, high] = blockBootstrapInterval(drifting, options);
    expect(low).toBeCloseTo(1.2, 9);
    expect(high).toBeCloseTo(1.2, 9);
    const [first, second] = [drifting.flatMap((one) => one.first), drifting.flatMap((one) => one.second)];
    const [apartLow, apartHigh] = bootstrapInterval(first, second, options);
    expect(apartLow).toBeLessThan(1);
    expect(apartHigh).toBeGreaterThan(2);
  });

  it('draws again where a side has come up without a value', () => {
    const lone = [
      { first: [100], second: [] },
      { first: [], second: [130] },
    ];
    expect(blockBootstrapInterval(lone, options)).toEqual([1.3, 1.3]);
  });
});

describe('the robust deviation', () => {
  it('is that of a normal distribution, whatever one value does', () => {
    const normal = [-1.2816, -0.8416, -0.5244, -0.2533, 0, 0.2533, 0.5244, 0.8416, 1.2816];
    expect(robustDeviation(normal)).toBeCloseTo(0.777, 2);
    expect(robustDeviation([...normal.slice(0, -1), 1000])).toBeCloseTo(robustDeviation(normal), 6);
  });
});

describe('the deviation between neighbours', () => {
  const random = createRandom(1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const values = Array.from({ length: 4000 }, normal);

  it('is that of a normal distribution', () => {
    expect(neighbourDeviation(values)).toBeCloseTo(1, 1);
  });

  it('does not see what drifts', () => {
    expect(neighbourDeviation(values.map((value, i) => value + i / 50))).toBeCloseTo(1, 1);
  });
});

describe('the smallest detectable shift', () => {
  // Cohen, Statistical Power Analysis, 1988: for one deviation at 0.05 and a power of 0.8 it takes 2 (1.96 + 0.84)^2 = 15.7 a
  // side; for medians pi / 2 times as many.
  it('is one deviation for the published size of a sample', () => {
    expect(detectableShift(1, 15.7 * (Math.PI / 2), 0.05)).toBeCloseTo(1, 2);
  });

  it('shrinks with the root of the runs, and grows with a stricter level', () => {
    expect(detectableShift(1, 40, 0.02)).toBeCloseTo(detectableShift(1, 10, 0.02) / 2, 10);
    expect(detectableShift(1, 10, 0.001)).toBeGreaterThan(detectableShift(1, 10, 0.02));
  });
});

function binomial(n: number, k: number, p: number): number {
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
  return ways * p ** k * (1 - p) ** (n - k);
}
