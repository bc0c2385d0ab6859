import type { Forecast, Interval } from '../result/capacity.js';
import { notNegative } from '../stats/interval.js';
import { predict } from '../stats/line.js';
import type { LineResource, ResourceLine } from './resourceModels.js';

/** Beyond so many times the greatest load tested a forecast is an extrapolation, and is called one. */
export const FAR = 2;

export type ResourceLines = Readonly<Record<LineResource, ResourceLine | null>>;

/**
 * What a load would need, with the interval of one new observation. Null where no line is, where the points are on a curve and
 * the load beyond them, and where the line comes to nothing or less. Pure.
 *
 * @param most The greatest load that passed.
 */
export function forecastOf(lines: ResourceLines, load: number, most: number): Forecast {
  return {
    load,
    times: load / most,
    extrapolated: load > FAR * most,
    memoryBytes: needOf(lines.memory, load, most),
    kernelBytes: needOf(lines['kernel-memory'], load, most),
    cores: needOf(lines.cores, load, most),
  };
}

function needOf(resource: ResourceLine | null, load: number, most: number): Interval | null {
  if (resource === null || (resource.isBent && load > most)) return null;
  const need = predict(resource.line, load);
  return need.value > 0 ? notNegative(need) : null;
}
