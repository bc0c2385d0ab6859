/** Fitted models of a search, by what they are of. */
import type { Interval, Resource, ResourceModel, Sizing } from '../../../result/capacity.js';
import { inUnit, type Unit } from '../../numbers.js';

/** Null where there was too little to fit. */
export function modelOf(sizing: Sizing | null, resource: Resource): ResourceModel | null {
  return sizing?.resources.find((model) => model.resource === resource) ?? null;
}

/** `5.8 KiB to 6.6 KiB`. */
export function rangeWords({ low, high }: Interval, unit: Unit): string {
  return `${inUnit(low, unit)} to ${inUnit(high, unit)}`;
}
