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
    byPhase: [{ phase: 'hold', bytes: 6120 }],
  };
}
