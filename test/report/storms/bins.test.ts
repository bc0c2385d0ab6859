import { describe, expect, test } from 'vitest';
import { aftermathOf, countUpTo, samplesIn } from '../../../src/result/aftermath.js';
import { binWidthMs, stormBins, stormSpan } from '../../../src/result/stormBins.js';
import type { RunResult } from '../../../src/result/types.js';
import { killed, longStorm, twoFaults } from './cases.js';

function aftermath(run: RunResult, index = 0) {
  const found = aftermathOf(run, index);
  if (found === null) throw new Error(`the run has no fault ${index}`);
  return found;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('what follows a fault', () => {
  test('ends where the next fault begins, and before the drain', () => {
    const run = twoFaults();
    expect(aftermath(run, 0).phases.map(({ name }) => name)).toEqual(['fault', 'recover', 'after']);
    expect(aftermath(run, 2).phases.map(({ kind }) => kind)).not.toContain('drain');
    expect(aftermathOf(run, 3)).toBeNull();
  });

  test('the recovery ends with the phase recover', () => {
    expect(aftermath(killed()).recovering.map(({ kind }) => kind)).toEqual(['fault', 'recover']);
    expect(aftermath(killed()).before?.name).toBe('before');
  });

  test('who was back is counted once, whichever phase it was in', () => {
    const run = twoFaults();
    run.recoveries.forEach(({ recovered }, index) => {
      expect(samplesIn(aftermath(run, index).phases, 'recovery.time', null).totalCount).toBe(recovered);
    });
  });

  test('counts up to a time never fall and end with all', () => {
    const times = samplesIn(aftermath(killed()).phases, 'recovery.time', null);
    const counts = countUpTo(times, [0, 3000, 5000, 10_000, 60_000]);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect([counts[0], counts.at(-1)]).toEqual([0, times.totalCount]);
  });
});

describe('a storm in bins', () => {
  test('holds every attempt and open of its stretch of time', () => {
    const run = killed();
    const found = aftermath(run);
    const span = { fromMs: -1000, untilMs: found.lastsMs };
    const bins = stormBins(run, found, span, 100);
    expect(sum(bins.attempts)).toBe(run.recoveries[0]?.attempts);
    expect(sum(bins.opens)).toBe(run.recoveries[0]?.recovered);
    expect(sum(Object.values(bins.failures).flat())).toBe(run.connections.failed);
    expect(bins.back.at(-1)).toBe(run.recoveries[0]?.recovered);
    expect(bins.edgesMs).toHaveLength(bins.attempts.length + 1);
  });

  test('wider bins hold the same', () => {
    const run = killed();
    const found = aftermath(run);
    const span = { fromMs: -1000, untilMs: found.lastsMs };
    expect(sum(stormBins(run, found, span, 500).attempts)).toBe(
      sum(stormBins(run, found, span, 100).attempts),
    );
  });

  test('edges count from the fault, on the edges of the record', () => {
    const run = killed();
    const { edgesMs } = stormBins(run, aftermath(run), { fromMs: -500, untilMs: 2000 }, 100);
    const atMs = run.recoveries[0]?.atMs ?? 0;
    for (const edge of edgesMs) expect((edge + atMs) % 100).toBe(0);
    expect(edgesMs[0]).toBeLessThanOrEqual(-500);
    expect(edgesMs.at(-1)).toBeGreaterThanOrEqual(1900);
  });

  test('three hours are drawn as far as something happens, in bins few enough', () => {
    const run = longStorm();
    const found = aftermath(run);
    const span = stormSpan(run, found);
    const t100Ms = run.recoveries[0]?.t100Ms ?? 0;
    expect(span.untilMs).toBeGreaterThan(t100Ms);
    expect(span.untilMs).toBeLessThan(t100Ms * 2);
    const binMs = binWidthMs(span, 100, 300);
    expect(stormBins(run, found, span, binMs).attempts.length).toBeLessThanOrEqual(301);
  });

  test('the picture leaves out neither the end of the storm nor the next fault', () => {
    const run = twoFaults();
    const first = aftermath(run, 0);
    expect(stormSpan(run, first).untilMs).toBeLessThanOrEqual(first.lastsMs);
  });

  test.each([
    [1000, 100],
    [30_000, 100],
    [31_000, 200],
    [100_000, 500],
    [10_800_000, 50_000],
  ])('%d ms are cut into bins of %d ms', (untilMs, binMs) => {
    expect(binWidthMs({ fromMs: 0, untilMs }, 100, 300)).toBe(binMs);
  });
});
