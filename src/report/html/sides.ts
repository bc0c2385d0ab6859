import type { Tone } from './chart.js';

/** Colours of things of equal weight, in the order in which they come. */
export const SIDES = [
  'side1',
  'side2',
  'side3',
  'side4',
  'side5',
  'side6',
] as const satisfies readonly Tone[];
