import { expect, test } from 'vitest';
import { renderCapacityText } from '../../src/report/capacityText.js';
import {
  bracketedRecord,
  CAP,
  everyLimit,
  figuresAt,
  levelsOf,
  otherRecords,
  refusedAt,
  tryAt,
} from './records.js';

const plain = { color: false, columns: 110 };

test('the answer first, then how sure it is, each level, and what gave out', () => {
  const lines = renderCapacityText(bracketedRecord(), plain).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    'The server holds 12,375 connections; at 12,500 it refused 100 with HTTP 503 (service unavailable).',
    'At 12,375 2 of 2 passed, at 12,500 0 of 2 passed; the bracket is 125 wide (1.0 %); 2 had to.',
    'capacity-connections, 13 tries at 11 levels in 4 min 23 s, 2026-03-02 10:15 UTC',
  ]);
  expect(lines.find((line) => line.trimStart().startsWith('12,375'))).toMatch(
    /^ +12,375 +12,375 +\d+(\.\d)? ms +0\.64 +\d+ % +\d+ MiB +2 of 2 {2}passed$/,
  );
  expect(lines.find((line) => line.trimStart().startsWith('16,000'))).toMatch(/ 12,400 .+ 0 of 1 {2}failed$/);
  expect(lines.slice(-2)).toEqual([
    'What gave out first, at 12,500',
    '  00:06  refused             it refused 100 with HTTP 503 (service unavailable)',
  ]);
});

test('every outcome and every limit is drawn on lines that fit', () => {
  const records = [bracketedRecord(), ...Object.values(otherRecords())];
  const all = { code: 'target-cpu', evidence: everyLimit } as const;
  for (const record of [...records, bracketedRecord({ limitedBy: all })]) {
    for (const columns of [60, 110]) {
      const lines = renderCapacityText(record, { color: false, columns }).split('\n');
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object/);
    }
  }
});

test('what was not measured is a dash, and what the server says cannot steer the terminal', () => {
  const unwatched = { ...figuresAt(1000), achieved: null, latencies: {} };
  const target = { ...unwatched.target, cores: null, hottestThreadPercent: null, rssBytes: null };
  const hostile = refusedAt(2, CAP + 1);
  const limits = [{ code: 'refused', atMs: 1, status: null, cause: 'tcp:\u001b[2J', count: 1 }] as const;
  const record = bracketedRecord({
    levels: levelsOf([
      [1000, tryAt(1, 1000, { result: { ...unwatched, target } })],
      [CAP + 1, { ...hostile, limits, result: null }],
    ]),
    limitedBy: { code: 'refused', evidence: limits },
    notes: ['a note'],
  });
  const text = renderCapacityText(record, plain);
  expect(text).not.toContain('\u001b');
  expect(text).toMatch(/ 1,000 +- +- +- +- +- +1 of 1 {2}passed/);
  expect(text).toMatch(/ 12,401 +- +- +- +- +- +0 of 1 {2}failed/);
  expect(text).toContain('a note');
});

test('what more would need is said with its intervals, and that it is extrapolated', () => {
  const interval = { value: 7e8, low: 6e8, high: 8e8 };
  const forecast = { times: 10, memoryBytes: interval, kernelBytes: null };
  const sizing = {
    vary: 'connections',
    tested: { least: 1000, most: 12_375 },
    resources: [],
    throughput: null,
    notes: ['Too few loads for a law of throughput.'],
    forecasts: [
      { ...forecast, load: 124_000, extrapolated: true, cores: { value: 6.2, low: 5, high: 7.4 } },
      { ...forecast, load: 20_000, extrapolated: false, cores: null },
    ],
  } as const;
  const text = renderCapacityText(bracketedRecord({ sizing }), plain);
  expect(text.replace(/\n +/g, ' ')).toContain(
    'For 124,000 connections with this traffic: 668 MiB ± 95, 6 cores ± 1. This is extrapolated to 10 times the greatest load tested',
  );
  expect(text).toContain('For 20,000 connections with this traffic: 668 MiB ± 95.');
  expect(text).toContain('Too few loads for a law of throughput.');
});
