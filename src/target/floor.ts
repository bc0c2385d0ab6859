/** What plain HTTP does on this machine: something to hold WebSocket figures against. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowUs, wallClockLabel } from '../clock.js';
import type { HttpFloor } from '../result/types.js';
import { HttpLoop } from './httpLoop.js';
import { startServer } from './server.js';
import type { RunningTarget } from './target.js';

const CONNECTIONS = 50;
const MEASURED_US = 5_000_000;
const DEADLINE_US = 10_000_000;
const GRACE_US = 1_000_000;

/**
 * Measures a closed loop of one thread against `/stats` of a reference server in its own process.
 * @param logFile Where the server's output goes.
 */
export async function measureFloor(logFile: string): Promise<HttpFloor> {
  const server = await startServer({ server: 'echo', options: {} }, null, {
    logFile,
    waitUs: 0,
    allowTargets: [],
    measuresMemory: false,
    probePath: null,
    onExit() {},
  });
  try {
    const { latenciesUs, tookUs } = await measureLoop(server);
    return {
      measuredAt: wallClockLabel(),
      connections: CONNECTIONS,
      requestsPerSecond: Math.round((latenciesUs.length * 1e6) / tookUs),
      latencyP50Us: valueAt(latenciesUs, 0.5),
      latencyP99Us: valueAt(latenciesUs, 0.99),
    };
  } finally {
    await server.stop();
  }
}

/** Latencies of all answers, ascending. */
async function measureLoop(
  target: RunningTarget,
): Promise<{ readonly latenciesUs: readonly number[]; readonly tookUs: number }> {
  const latenciesUs: number[] = [];
  const startUs = nowUs();
  const loop = new HttpLoop(
    target,
    { path: '/stats', connections: CONNECTIONS, pauseUs: 0, deadlineUs: DEADLINE_US },
    {
      onRequest() {},
      onAnswer: (_status, latencyUs) => latenciesUs.push(latencyUs),
      onError() {},
      onTimeout() {},
    },
  );
  await sleep(MEASURED_US / 1000);
  await loop.stop(GRACE_US);
  return { latenciesUs: latenciesUs.sort((a, b) => a - b), tookUs: nowUs() - startUs };
}

/** The value at share `q`; 0 without any. */
function valueAt(ascending: readonly number[], q: number): number {
  return ascending[Math.max(0, Math.ceil(q * ascending.length) - 1)] ?? 0;
}
