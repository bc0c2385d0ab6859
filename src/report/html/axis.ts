/** Axes as plain values, so that the still pictures and the live charts of one page cannot differ. */
import { factor, inUnit, trimmed, type Unit } from '../numbers.js';

export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly log: boolean;
  readonly ticks: readonly number[];
  readonly unit: Unit;
}

/** Where a value lies between the ends of the axis, 0 to 1; values beyond an end lie on it. */
export function position({ min, max, log }: Axis, value: number): number {
  if (max <= min) return 0;
  const at = log ? Math.log(Math.max(value, min) / min) / Math.log(max / min) : (value - min) / (max - min);
  return Math.min(1, Math.max(0, at));
}

/** Between round numbers about the values: for pictures of differences, where zero would press them flat. */
export function rangeAxis(least: number, greatest: number, unit: Unit, steps = 5): Axis {
  const step = roundStep(Math.max(greatest - least, smallestTop(unit)) / steps, unit);
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(greatest / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return { min: first * step, max: last * step, log: false, ticks, unit };
}

/**
 * Between round numbers about values that are near to each other. Labels have two digits: an axis that spans less than a fifth of
 * what it shows would say the same at each of its ticks.
 */
export function nearAxis(least: number, greatest: number, unit: Unit): Axis {
  const middle = (least + greatest) / 2;
  const half = Math.max((greatest - least) / 2, Math.abs(middle) * 0.1) || 1;
  const third = (2 * half) / 3;
  const step = unit === 'bytes' ? 2 ** Math.floor(Math.log2(third)) : roundStep(third, 'us');
  const first = Math.max(0, Math.floor((middle - half) / step));
  const last = Math.max(first + 1, Math.ceil((middle + half) / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return { min: first * step, max: last * step, log: false, ticks, unit };
}

/** From zero to a round number above the greatest value. */
export function linearAxis(greatest: number, unit: Unit, steps = 4): Axis {
  const step = roundStep(Math.max(greatest, smallestTop(unit)) / steps, unit);
  const intervals = Math.max(1, Math.ceil(greatest / step - 1e-9));
  const ticks = Array.from({ length: intervals + 1 }, (_, i) => i * step);
  return { min: 0, max: intervals * step, log: false, ticks, unit };
}

function smallestTop(unit: Unit): number {
  if (unit === 'cores') return 0.1;
  return unit === 'count' || unit === 'perSecond' ? 2 : unit === 'percent' ? 4 : 1;
}

/** 1, 2 or 5 times a power of ten; for bytes a power of two. Counts have no fractions. */
function roundStep(least: number, unit: Unit): number {
  if (unit === 'bytes') return 2 ** Math.ceil(Math.log2(Math.max(least, 1)));
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
  return unit === 'count' ? Math.max(1, step) : step;
}

/** Ends at the given values, which must be above zero; ticks at decades, with some between where there is room. */
export function logAxis(min: number, max: number, unit: Unit): Axis {
  const decades = Math.log10(max / min);
  const factors = decades < 1.6 ? [1, 2, 5] : decades < 3 ? [1, 3] : [1];
  const ticks: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(min)); power <= max; power *= 10) {
    ticks.push(...factors.map((factor) => factor * power).filter((tick) => tick >= min && tick <= max));
  }
  return { min, max, log: true, ticks, unit };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TIME_STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30]
  .map((n) => n * SECOND)
  .concat([1, 2, 5, 10, 15, 30].map((n) => n * MINUTE))
  .concat([1, 2, 3, 6, 12, 24].map((n) => n * HOUR));

/** Round times between two, at most `most` of them and at least `leastMs` apart. */
export function timeTicks(fromMs: number, toMs: number, most: number, leastMs: number = SECOND): number[] {
  const span = toMs - fromMs;
  const step =
    TIME_STEPS.find((candidate) => candidate >= leastMs && span / candidate <= most) ??
    Math.ceil(span / most / HOUR) * HOUR;
  const first = Math.ceil(fromMs / step) * step;
  return Array.from(
    { length: Math.max(0, Math.floor((toMs - first) / step) + 1) },
    (_, i) => first + i * step,
  );
}

/** Shorter than in prose: an axis has little room. */
export function axisLabel(value: number, { unit }: Axis): string {
  if (unit === 'cores') return factor(value);
  if (unit !== 'count' && unit !== 'perSecond')
    return value === 0 && unit !== 'percent' ? '0' : trimmed(inUnit(value, unit));
  const end = unit === 'perSecond' && value !== 0 ? '/s' : '';
  if (value >= 1e6) return `${Math.round(value / 1e5) / 10}M${end}`;
  return value >= 10_000 ? `${Math.round(value / 100) / 10}k${end}` : inUnit(value, 'count') + end;
}
