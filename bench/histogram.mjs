import { build, initWebAssemblySync } from 'hdr-histogram-js';
import { median } from './shard.mjs';

const VALUES = 1_000_000;
const TRIES = 5;

export const title = 'Recording a value in a histogram';

export async function run() {
  initWebAssemblySync();
  const values = Float64Array.from({ length: VALUES }, (_, i) =>
    Math.floor(Math.exp(((i * 7919) % 15_000) / 1000)),
  );
  const kinds = { javascript: false, webassembly: true };
  const rows = Object.entries(kinds).map(([kind, useWebAssembly]) => {
    const histogram = build({
      highestTrackableValue: 3_600_000_000,
      numberOfSignificantValueDigits: 3,
      useWebAssembly,
    });
    const times = Array.from({ length: TRIES }, () => {
      const start = performance.now();
      for (const value of values) histogram.recordValue(value);
      return ((performance.now() - start) * 1e6) / VALUES;
    });
    return { kind, 'ns per value': median(times).toFixed(0) };
  });
  return { rows, demands: [] };
}
