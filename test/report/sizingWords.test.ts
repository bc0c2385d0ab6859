import { expect, test } from 'vitest';
import { plusMinus } from '../../src/report/numbers.js';
import { bytesNeeded, coresNeeded, forecastSentence } from '../../src/report/sizingWords.js';
import type { Forecast } from '../../src/result/capacity.js';

const GIB = 1024 ** 3;
const within = (value: number, half: number) => ({ value, low: value - half, high: value + half });

const FORECAST: Forecast = {
  load: 100_000,
  times: 1.6,
  extrapolated: false,
  memoryBytes: within(1.43 * GIB, 0.12 * GIB),
  kernelBytes: null,
  cores: within(3.21, 0.38),
};

test('a forecast is a sentence', () => {
  expect(forecastSentence(FORECAST, '100,000 connections')).toBe(
    'For 100,000 connections with this traffic: 1.4 GiB ± 0.1, 3.2 cores ± 0.4.',
  );
  const kernelBytes = within(0.9 * GIB, 0.03 * GIB);
  expect(forecastSentence({ ...FORECAST, memoryBytes: null, kernelBytes }, '100,000 connections')).toBe(
    'For 100,000 connections with this traffic: 922 MiB ± 31 of kernel memory, 3.2 cores ± 0.4.',
  );
});

test('an extrapolation is called one', () => {
  expect(forecastSentence({ ...FORECAST, extrapolated: true, times: 12.4 }, '100,000 connections')).toBe(
    'For 100,000 connections with this traffic: 1.4 GiB ± 0.1, 3.2 cores ± 0.4. This is extrapolated to 12 times the greatest load tested: it holds if all goes on as it did there.',
  );
});

test('without a model nothing is said', () => {
  expect(forecastSentence({ ...FORECAST, memoryBytes: null, cores: null }, '500 rooms')).toBe(
    'For 500 rooms nothing can be said.',
  );
});

test('an interval as wide as the figure says only how much at most', () => {
  expect(bytesNeeded({ value: 1.4 * GIB, low: 0, high: 4.6 * GIB })).toBe('1.4 GiB, at most 4.6 GiB');
  expect(coresNeeded({ value: 0.2, low: 0, high: 1.1 })).toBe('0.2 cores, at most 1.1');
});

test('both numbers have the places that the smaller needs', () => {
  expect(plusMinus(3.214, 0.038)).toBe('3.21 ± 0.04');
  expect(plusMinus(3.214, 0.1)).toBe('3.2 ± 0.1');
  expect(plusMinus(1234.5, 12.3)).toBe('1,235 ± 12');
  expect(plusMinus(3.2, 0.0001)).toBe('3.20 ± < 0.01');
  expect(plusMinus(3.2, 0)).toBe('3.20 ± 0');
});
