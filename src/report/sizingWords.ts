/** What another load would need, in sentences. */
import type { Forecast, Interval } from '../result/capacity.js';
import { bytes, byteUnit, factor, plusMinus } from './numbers.js';

/**
 * `For 100,000 connections with this traffic: 1.4 GiB ± 0.1, 3.2 cores ± 0.4.`, and how far off that is from what was tested.
 *
 * @param load The load with its unit: `100,000 connections`.
 */
export function forecastSentence(forecast: Forecast, load: string): string {
  const { memoryBytes, kernelBytes, cores, extrapolated, times } = forecast;
  const needs = [
    ...(memoryBytes === null ? [] : [bytesNeeded(memoryBytes)]),
    ...(kernelBytes === null ? [] : [`${bytesNeeded(kernelBytes)} of kernel memory`]),
    ...(cores === null ? [] : [coresNeeded(cores)]),
  ];
  if (needs.length === 0) return `For ${load} nothing can be said.`;
  const far = extrapolated
    ? ` This is extrapolated to ${factor(times)} times the greatest load tested: it holds if all goes on as it did there.`
    : '';
  return `For ${load} with this traffic: ${needs.join(', ')}.${far}`;
}

/** `1.4 GiB ± 0.1`; `1.4 GiB, at most 4.6 GiB` where the interval says no more. */
export function bytesNeeded(need: Interval): string {
  if (isVague(need)) return `${bytes(need.value)}, at most ${bytes(need.high)}`;
  const { unit, size } = byteUnit(need.value);
  return withUnit(plusMinus(need.value / size, halfOf(need) / size), unit);
}

/** `3.2 cores ± 0.4`; `0.2 cores, at most 1.1`. */
export function coresNeeded(need: Interval): string {
  if (isVague(need)) return `${factor(need.value)} cores, at most ${factor(need.high)}`;
  return withUnit(plusMinus(need.value, halfOf(need)), 'cores');
}

/** Off by as much as it is. */
function isVague(need: Interval): boolean {
  return halfOf(need) >= need.value;
}

/** An interval may be cut off at 0: the other end tells. */
function halfOf({ value, high }: Interval): number {
  return high - value;
}

/** The unit belongs to both numbers, and stands behind the first. */
function withUnit(digits: string, unit: string): string {
  return digits.replace(' ±', ` ${unit} ±`);
}
