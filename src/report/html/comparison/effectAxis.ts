/** The axis that all changes of a comparison share: ratios, told as percentages, with "no change" where nothing happened. */
import type { ComparedMetric } from '../../../result/comparison.js';
import { changeInterval, changeOf, marginOf } from '../../comparisonWords.js';
import { type Axis, axisLabel, position, rangeAxis } from '../axis.js';
import type { AxisTick } from '../svg.js';

/** Where on the axis, 0 to 1, a change lies: 0.68 for 68 % more. */
export interface EffectAxis {
  readonly at: (change: number) => number;
  readonly ticks: readonly AxisTick[];
}

/** Up to this change a linear axis shows the small ones well enough, in per cent. */
const LINEAR_UP_TO = 130;
/** Ratios beyond lie on the rim. */
const [LEAST_RATIO, GREATEST_RATIO] = [1 / 50, 100];
/** Next to a change of this size noise of a per cent is a point, not a bar. */
const LEAST_SPAN = 4;

/** Holds every change and interval of the metrics, and their margins. */
export function effectAxis(metrics: readonly ComparedMetric[]): EffectAxis {
  const changes = metrics
    .filter(({ basis }) => basis === 'ratio')
    .flatMap((metric) => [...(changeInterval(metric) ?? []), changeOf(metric) ?? 0, ...marginEnds(metric)])
    .map((change) => Math.min(GREATEST_RATIO - 1, Math.max(LEAST_RATIO - 1, change)));
  const least = Math.min(-LEAST_SPAN, ...changes.map((change) => 100 * change));
  const greatest = Math.max(LEAST_SPAN, ...changes.map((change) => 100 * change));
  return greatest > LINEAR_UP_TO ? logarithmic(least, greatest) : linear(least, greatest);
}

/** A margin of everything has no lower end. */
function marginEnds(metric: ComparedMetric): number[] {
  const margin = marginOf(metric);
  return [Math.max(-0.9, -margin), margin];
}

function linear(least: number, greatest: number): EffectAxis {
  const axis = rangeAxis(least, greatest, 'percent', 6);
  const at = (change: number) => position(axis, 100 * change);
  return { at, ticks: labelled(axis.ticks, (tick) => position(axis, tick), axis) };
}

const RATIOS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 1.5, 2, 3, 4, 6, 11, 21, 51, 101];

function logarithmic(leastPercent: number, greatestPercent: number): EffectAxis {
  const axis: Axis = {
    min: (1 + leastPercent / 100) * 0.95,
    max: (1 + greatestPercent / 100) * 1.05,
    log: true,
    ticks: [],
    unit: 'percent',
  };
  const at = (change: number) => position(axis, 1 + change);
  const ticks = RATIOS.filter((ratio) => ratio >= axis.min && ratio <= axis.max);
  return {
    at,
    ticks: labelled(
      ticks.map((ratio) => Math.round((ratio - 1) * 100)),
      (tick) => at(tick / 100),
      axis,
    ),
  };
}

/** Labels nearer to each other than this share of the axis would run together, on a desk and on a phone. */
const LEAST_APART = 0.13;
const LEAST_APART_ON_PHONE = 0.22;

/** From no change outwards, those that have room. */
function labelled(ticks: readonly number[], at: (tick: number) => number, axis: Axis): AxisTick[] {
  const kept: Array<AxisTick & { readonly tick: number }> = [];
  const fromZero = [...ticks].sort((a, b) => Math.abs(a) - Math.abs(b));
  for (const tick of fromZero) {
    const here = at(tick);
    const gap = (others: readonly AxisTick[]) =>
      Math.min(1, ...others.map((other) => Math.abs(other.at - here)));
    if (gap(kept) < LEAST_APART) continue;
    const isWide = gap(kept.filter((other) => !other.isWide)) < LEAST_APART_ON_PHONE;
    kept.push({ tick, at: here, label: tickLabel(tick, axis), isWide: isWide && tick !== 0 });
  }
  return kept;
}

function tickLabel(tick: number, axis: Axis): string {
  if (tick === 0) return 'no change';
  return tick > 0 ? `+${axisLabel(tick, axis)}` : axisLabel(tick, axis);
}

/**
 * For a difference, whose unit the axis does not have: its zero lies at "no change", and its farthest end near the rim. Only its
 * direction and its interval can be seen, not how it stands to the others.
 */
export function ownScale(metric: ComparedMetric, axis: EffectAxis): EffectAxis['at'] {
  const zero = axis.at(0);
  const ends = [...(changeInterval(metric) ?? []), changeOf(metric) ?? 0, marginOf(metric)];
  const [least, greatest] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const scales = [
    ...(greatest > 0 ? [((1 - zero) * 0.9) / greatest] : []),
    ...(least < 0 ? [(zero * 0.9) / -least] : []),
  ];
  const finest = Math.min(...scales);
  const scale = Number.isFinite(finest) ? finest : 0;
  return (change) => Math.min(1, Math.max(0, zero + change * scale));
}
