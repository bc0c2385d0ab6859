/** A figure and its interval of 95 %. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function around(value: number, half: number): Interval {
  return { value, low: value - half, high: value + half };
}

/** The same, of something that cannot be less than 0. */
export function notNegative({ value, low, high }: Interval): Interval {
  return { value: Math.max(0, value), low: Math.max(0, low), high: Math.max(0, high) };
}
