/** What a threshold asks for, read back from its expression for display. */
import type { RunResult, ThresholdVerdict } from '../result/types.js';
import { bytes, count, duration, share, trimmed } from './numbers.js';

/** `[population/]name [statistic] op value [during phase]`, or a ratio of two counters. */
export interface Limit {
  /** Metric or ratio, without population, statistic and phase. */
  readonly name: string;
  readonly population: string | null;
  readonly statistic: string | null;
  readonly operator: string;
  /** In the base unit of `kind`: us, bytes, a share of 1, a plain number. */
  readonly value: number;
  readonly kind: 'us' | 'bytes' | 'share' | 'count';
  readonly phase: string | null;
}

const EXPRESSION = /^(.+?)\s*(<=|>=|==|!=|<|>)\s*(\S+)(?:\s+during\s+(.+))?$/;
const SUBJECT = /^(?:([^/\s]+)\/)?([^\s/]+(?:\s*\/\s+\S+)?)(?:\s+(p[\d.]+|min|mean|max|count))?$/;

/** Null when the expression is not of that form. */
export function readLimit(expression: string): Limit | null {
  const [, left, operator, right, phase] = EXPRESSION.exec(expression.trim()) ?? [];
  if (left === undefined || operator === undefined || right === undefined) return null;
  const amount = readAmount(right);
  const [, population, name, statistic] = SUBJECT.exec(left) ?? [];
  if (amount === null || name === undefined) return null;
  return {
    name,
    population: population ?? null,
    statistic: statistic ?? null,
    operator,
    phase: phase ?? null,
    ...amount,
  };
}

const US: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 };
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  KiB: 1024,
  MB: 1e6,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

function readAmount(text: string): Pick<Limit, 'value' | 'kind'> | null {
  const [, number, unit = ''] = /^(-?[\d.]+)([A-Za-z%]*)$/.exec(text) ?? [];
  if (number === undefined) return readCompound(text);
  const value = Number(number);
  const us = US[unit];
  if (us !== undefined) return { value: value * us, kind: 'us' };
  const size = BYTES[unit];
  if (size !== undefined) return { value: value * size, kind: 'bytes' };
  if (unit === '%') return { value: value / 100, kind: 'share' };
  return unit === '' ? { value, kind: 'count' } : null;
}

function readCompound(text: string): Pick<Limit, 'value' | 'kind'> | null {
  const parts = [...text.matchAll(/([\d.]+)(us|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return null;
  const value = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (US[unit ?? ''] ?? 0), 0);
  return { value, kind: 'us' };
}

export function limitWords(limit: Limit): string {
  switch (limit.kind) {
    case 'us':
      return trimmed(duration(limit.value));
    case 'bytes':
      return trimmed(bytes(limit.value));
    case 'share':
      return trimmed(share(limit.value));
    case 'count':
      return count(limit.value);
  }
}

/** What was seen, in words; null when there was no data. */
export function observedWords({ observed, unit }: ThresholdVerdict): string | null {
  if (observed === null) return null;
  if (unit === 'us') return duration(observed);
  if (unit === 'ms') return duration(observed * 1000);
  if (unit === 'bytes') return bytes(observed);
  if (unit === 'ratio' || unit === 'share') return share(observed);
  return count(observed);
}

/** What was seen as a share of the limit, for limits from above; null where that says nothing. */
export function shareOfLimit(verdict: ThresholdVerdict): number | null {
  const limit = readLimit(verdict.expression);
  if (limit === null || verdict.observed === null || limit.value <= 0) return null;
  if (!limit.operator.startsWith('<')) return null;
  return (verdict.unit === 'ms' ? verdict.observed * 1000 : verdict.observed) / limit.value;
}

export interface KnownLimit {
  readonly limit: Limit;
  readonly verdict: ThresholdVerdict;
}

/** The threshold on a metric of the whole run, else on one of its phases or populations; null without one. */
export function limitOn(result: RunResult, name: string, statistic: string | null): KnownLimit | null {
  const found = result.thresholds.flatMap((verdict) => {
    const limit = readLimit(verdict.expression);
    return limit !== null && limit.name === name && limit.statistic === statistic ? [{ limit, verdict }] : [];
  });
  return found.find(({ limit }) => limit.phase === null && limit.population === null) ?? found[0] ?? null;
}
