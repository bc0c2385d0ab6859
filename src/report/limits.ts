/** What a threshold asks for, read back from its expression for display. */
import type { RunResult, ThresholdVerdict } from '../result/types.js';
import { bytes, count, duration, factor, share, trimmed } from './numbers.js';

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

/** What a phase `recover` asks for. */
export interface RecoverGoal {
  /** Of the dropped, 0 to 1. */
  readonly share: number;
  readonly withinUs: number;
  /** Its name where a run has several. */
  readonly phase: string | null;
}

const GOAL = /^recover until ([\d.]+)% within (\S+)(?: during (.+))?$/;

/** Null when the expression is not `recover until 99% within 60s [during recover-2]`. */
export function readGoal(expression: string): RecoverGoal | null {
  const [, percent, within, phase = null] = GOAL.exec(expression.trim()) ?? [];
  const amount = within === undefined ? null : readAmount(within);
  if (percent === undefined || amount?.kind !== 'us') return null;
  return { share: Number(percent) / 100, withinUs: amount.value, phase };
}

/** Null when the expression is neither of that form nor the goal of a recovery. */
export function readLimit(expression: string): Limit | null {
  const goal = readGoal(expression);
  if (goal !== null) {
    const { withinUs: value, phase } = goal;
    return { name: 'recover', population: null, statistic: null, operator: '<=', value, kind: 'us', phase };
  }
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

/** A number with its unit, in the base unit of its kind; null when it is none. */
export function readAmount(text: string): Pick<Limit, 'value' | 'kind'> | null {
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
      return plainNumber(limit.value);
  }
}

function plainNumber(value: number): string {
  return Number.isInteger(value) ? count(value) : factor(value);
}

/** What was seen, in words; null when there was no data. */
export function observedWords({ expression, observed, unit }: ThresholdVerdict): string | null {
  if (observed === null) return null;
  if (observed === 0 && readGoal(expression) !== null) return 'nothing was lost';
  if (unit === 'us') return duration(observed);
  if (unit === 'ms') return duration(observed * 1000);
  if (unit === 'bytes') return bytes(observed);
  if (unit === 'share') return share(observed);
  // Attempts per connection are a ratio that nobody would give in per cent; unanswered per sent is one.
  if (unit === 'ratio') return isMultiple(expression) ? factor(observed) : share(observed);
  return plainNumber(observed);
}

function isMultiple(expression: string): boolean {
  const limit = readLimit(expression);
  return limit?.kind === 'count' && limit.name.startsWith('recovery.');
}

/** What stands in place of what was seen where there was nothing to see. */
export function unseenWords({ expression }: ThresholdVerdict): string {
  const name = readLimit(expression)?.name ?? '';
  return name === 'recover' || /^recovery\.t\d+$/.test(name) ? 'not reached' : 'no data';
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
