/** The loads of a capacity search as numbers with their unit, and as axes. */
import type { Vary } from '../result/capacity.js';
import { count, inUnit, rate, type Unit } from './numbers.js';

const UNITS: Readonly<Record<Vary, { readonly unit: Unit; readonly one: string }>> = {
  connections: { unit: 'count', one: 'connection' },
  'connect-rate': { unit: 'perSecond', one: 'connect a second' },
  'publish-rate': { unit: 'perSecond', one: 'message a second' },
  rooms: { unit: 'count', one: 'room' },
};

export function loadUnit(vary: Vary): Unit {
  return UNITS[vary].unit;
}

/** `connection`, `message a second`: what a slope is counted by. */
export function oneLoad(vary: Vary): string {
  return UNITS[vary].one;
}

/** `12,400`, `250/s`: where it is said what of. */
export function loadNumber(load: number, vary: Vary): string {
  return loadUnit(vary) === 'perSecond' ? `${count(load)}/s` : count(load);
}

/** What was really there or done; a rate is measured, and has no more digits than it can bear. */
export function achievedNumber(value: number, vary: Vary): string {
  return loadUnit(vary) === 'perSecond' ? rate(value) : inUnit(Math.round(value), 'count');
}
