import { expect, test } from 'vitest';
import { judgeClaims } from '../../src/result/claims.js';
import type { MemoryPerConnection } from '../../src/result/targetRecord.js';
import type { MemoryClaim } from '../../src/scenario/scenario.js';

const memory: MemoryPerConnection = {
  bytes: 4000,
  ci95: [3700, 4300],
  baseBytes: 5e7,
  points: [
    { open: 0, rssBytes: 5e7 },
    { open: 1000, rssBytes: 5.4e7 },
  ],
  method: 'made up',
  theilSenBytes: 4000,
  kernelBytes: 10_000,
  kernelCi95: [9200, 10_800],
  reliable: true,
  notes: [],
  byPhase: [],
  heap: {
    bytes: 2600,
    ci95: [2590, 2610],
    theilSenBytes: 2600,
    baseBytes: 1e7,
    externalBytes: 0,
    collected: true,
  },
};

function claim(is: MemoryClaim['is'], lowBytes: number, highBytes: number, connections = 1): MemoryClaim {
  return { what: 'this', is, claimed: 'so much', lowBytes, highBytes, connections };
}

function judged(one: MemoryClaim, coLocated = true) {
  const [verdict] = judgeClaims([one], memory, coLocated);
  if (verdict === undefined) throw new Error('a claim has a verdict');
  return verdict;
}

test('a claim holds when the whole interval is within it', () => {
  expect(judged(claim('heap', 2000, 3000))).toMatchObject({
    verdict: 'holds',
    measuredBytes: 2600,
    note: null,
  });
  expect(judged(claim('heap', 2590, 2610)).verdict).toBe('holds');
  expect(judged(claim('heap', 2000, 2600)).verdict).toBe('unclear');
  expect(judged(claim('heap', 1000, 2000)).verdict).toBe('more');
  expect(judged(claim('heap', 3000, 4000)).verdict).toBe('less');
});

test('of the kernel each end has half where both are on one machine, and all of it where not', () => {
  expect(judged(claim('kernel', 4000, 6000))).toMatchObject({ measuredBytes: 5000, ci95: [4600, 5400] });
  expect(judged(claim('kernel', 4000, 6000)).note).toContain('cannot be told apart');
  expect(judged(claim('kernel', 4000, 6000), false)).toMatchObject({
    measuredBytes: 10_000,
    verdict: 'more',
  });
});

test('together is resident and kernel memory, their errors added as squares', () => {
  // Sides of 300 and 400 make 500.
  expect(judged(claim('total', 8000, 10_000))).toMatchObject({
    ...{ measuredBytes: 9000, ci95: [8500, 9500], verdict: 'holds' },
  });
});

test('for many connections the figure is as many times as much, and it is said when fewer were open', () => {
  const many = judged(claim('resident', 3.7e7, 4.3e7, 10_000));
  expect(many).toMatchObject({ measuredBytes: 4e7, ci95: [3.7e7, 4.3e7], verdict: 'holds' });
  expect(many.note).toContain('No more than 1000 were open');
  expect(judged(claim('resident', 1, 2, 1000)).note).not.toContain('No more');
});

test('what was not measured is not judged', () => {
  const { heap: _, kernelCi95: __, ...older } = memory;
  const claims = [claim('heap', 1, 2), claim('kernel', 1, 2), claim('total', 1, 2)];
  for (const without of [older, null]) {
    const verdicts = judgeClaims(claims, without, true);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(Array(3).fill('not-measured'));
  }
  expect(judgeClaims([claim('resident', 3000, 5000)], older, true)[0]?.verdict).toBe('holds');
});
