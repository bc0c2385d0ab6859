import { describe, expect, test } from 'vitest';
import { renderSummary } from '../../src/report/json.js';
import { runReporters } from '../../src/report/list.js';
import { cases } from './cases.js';
import { goodRun } from './fixture.js';
import { allFailed, thresholdsFailed } from './trouble.js';

describe('the summary for scripts', () => {
  test('holds the verdict, the headline metrics and the memory, flat', () => {
    const run = goodRun();
    const summary = renderSummary(run);
    expect(summary).toMatchObject({
      schemaVersion: 1,
      outcome: 'passed',
      scenario: 'quickstart',
      abnormalCloses: 0,
      booksBalanced: true,
      memoryPerConnection: {
        ...{ bytes: 5837, ci95: [4920, 6754], reliable: true },
        ...{ heap: { bytes: 2690 }, retained: { shareOfPeak: 0.34 }, byPhase: [{ moment: 'idle' }, {}, {}] },
      },
      memoryClaims: [],
      warnings: ['The target ran on the same machine as the generator.'],
    });
    const response = run.metrics['heartbeat.response'];
    expect(summary.metrics['heartbeat.response']?.p99Us).toBe(
      response?.kind === 'histogram' ? response.p99 : undefined,
    );
    expect(Object.keys(summary.metrics)).toEqual(['handshake.total', 'heartbeat.response']);
  });

  test('says closes and failures in words beside their codes', () => {
    expect(renderSummary(thresholdsFailed()).closes).toContainEqual(
      expect.objectContaining({ code: 1012, words: 'the server closed it (1012 service restart)' }),
    );
    expect(renderSummary(allFailed()).failures[0]).toMatchObject({
      count: 958,
      words: 'the server answered HTTP 503 (service unavailable)',
    });
  });

  test('has nulls, not zeros, for what is not known', () => {
    expect(renderSummary(allFailed())).toMatchObject({ memoryPerConnection: null, metrics: {} });
    expect(renderSummary(cases.empty()).booksBalanced).toBeNull();
  });

  test.each(Object.entries(cases))('%s stays small and comes back from JSON as it was', (_name, run) => {
    const result = run();
    const text = runReporters
      .json(result)
      .map(({ content }) => content)
      .join('');
    expect(text.length).toBeLessThan(20_000);
    expect(JSON.parse(text)).toEqual(renderSummary(result));
  });
});
