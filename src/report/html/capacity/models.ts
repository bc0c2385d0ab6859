/** Fitted models of a search, by what they are of. */
import type { Interval, Resource, ResourceModel, Sizing } from '../../../result/capacity.js';
import { inUnit, type Unit } from '../../numbers.js';

/** Null where there was too little to fit. */
export function modelOf(sizing: Sizing | null, resource: Resource): ResourceModel | null {
  return sizing?.resources.find((model) => model.resource === resource) ?? null;
}

/** Whether memory or processor grows with the load at all, as far as the interval of the slope tells. */
export function isTold({ low }: Interval): boolean {
  return low > 0;
}

/** `5.8 KiB to 6.6 KiB`. */
export function rangeWords({ low, high }: Interval, unit: Unit): string {
  return `${inUnit(low, unit)} to ${inUnit(high, unit)}`;
}
