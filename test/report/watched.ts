/** What watching the target leaves behind. */
import type { MemoryPerConnection, TargetProcess } from '../../src/result/targetRecord.js';
import type { Random } from './samples.js';

export function processOf(open: readonly number[], rng: Random): TargetProcess {
  return {
    pid: 4720,
    port: 40123,
    command: 'node dist/servers/main.js heartbeat',
    samples: open.map((n, i) => ({
      atMs: i * 1000 + 500,
      open: n,
      rssBytes: Math.round(5.2e7 + n * 5800 + rng() * 4e5),
      pssBytes: null,
      cpuPercent: 2 + n / 40 + rng() * 4,
      hottestThreadPercent: 2 + n / 45 + rng() * 3,
      fds: 22 + n,
    })),
  };
}

/** As a target with the probe in it gives it. */
export function memoryOf(connections: number, rng: Random): MemoryPerConnection {
  return {
    bytes: 5837,
    ci95: [4920, 6754],
    baseBytes: 5.2e7,
    points: Array.from({ length: 8 }, (_, i) => {
      const open = Math.round((connections * (i + 1)) / 8);
      return { open, rssBytes: Math.round(5.2e7 + open * 5837 + (rng() - 0.5) * 4e5) };
    }),
    method: 'least squares over 8 plateaus of the ramp',
    theilSenBytes: 5790,
    kernelBytes: 9850,
    reliable: true,
    notes: [],
    byPhase: [
      {
        ...{ phase: 'ramp', moment: 'idle', bytes: 5837, ci95: [4920, 6754], connections },
        ...{ pssBytes: 5720, heapBytes: 2690, kernelBytes: 9850 },
      },
      {
        ...{ phase: 'hold', moment: 'held', bytes: 6120, ci95: [5200, 7040], connections },
        ...{ pssBytes: 6004, heapBytes: null, kernelBytes: 9910 },
      },
      {
        ...{ phase: 'drain', moment: 'retained', bytes: 2100, ci95: [1500, 2700], connections },
        ...{ pssBytes: 1980, heapBytes: 200, kernelBytes: 2400 },
      },
    ],
    kernelCi95: [9700, 10_000],
    pss: { bytes: 5720, ci95: [4800, 6640], theilSenBytes: 5680, baseBytes: 3.6e7 },
    heap: {
      ...{ bytes: 2690, ci95: [2640, 2740], theilSenBytes: 2685, baseBytes: 8.1e6 },
      ...{ externalBytes: 0, collected: true },
    },
    retained: {
      ...{ opened: connections, bytes: 2100 * connections, ci95: [1500 * connections, 2700 * connections] },
      ...{ shareOfPeak: 0.34, pssBytes: 1980 * connections, heapBytes: 200 * connections },
      ...{ heapCi95: [100 * connections, 300 * connections], collected: true },
    },
  };
}
