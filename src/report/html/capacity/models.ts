/** Fitted models of a search, by what they are of. */
import type { Interval, Resource, ResourceModel, Sizing } from '../../../result/capacity.js';
import { bytesQuantity, factor, inUnit, type Unit } from '../../numbers.js';

/** Null where there was too little to fit. */
export function modelOf(sizing: Sizing | null, resource: Resource): ResourceModel | null {
  return sizing?.resources.find((model) => model.resource === resource) ?? null;
}

/** `765 ± 23 MiB`, `1.1 GiB ± 180 MiB`. */
export function bytesAbout(interval: Interval): string {
  const [value, half] = [bytesQuantity(interval.value), bytesQuantity(halfOf(interval))];
  return value.unit === half.unit
    ? `${value.digits} ± ${half.digits} ${value.unit}`
    : `${value.digits} ${value.unit} ± ${half.digits} ${half.unit}`;
}

/** `3.9 ± 0.2 cores`: the half of an interval has one digit, or two where it is ten and more. */
export function coresAbout(interval: Interval): string {
  const half = halfOf(interval);
  const shown = Number(half.toPrecision(half < 10 ? 1 : 2));
  return `${factor(interval.value)} ± ${factor(shown)} cores`;
}

function halfOf({ low, high }: Interval): number {
  return Math.abs(high - low) / 2;
}

/** `5.8 KiB to 6.6 KiB`. */
export function rangeWords({ low, high }: Interval, unit: Unit): string {
  return `${inUnit(low, unit)} to ${inUnit(high, unit)}`;
}
