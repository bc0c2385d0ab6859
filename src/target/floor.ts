/** What plain HTTP does on this machine: something to hold WebSocket figures against. The only importer of autocannon. */
import autocannon from 'autocannon';
import { wallClockLabel } from '../clock.js';
import type { HttpFloor } from '../result/types.js';
import { startServer } from './server.js';

const CONNECTIONS = 50;
const SECONDS = 5;

/**
 * Measures a closed loop of one thread against `/stats` of a reference server in its own process. No rate is set
 * and no workers are used: autocannon drops the remainder of connections over workers and corrects rates wrongly.
 * @param logFile Where the server's output goes.
 */
export async function measureFloor(logFile: string): Promise<HttpFloor> {
  const server = await startServer(
    { kind: 'server', server: 'echo', options: {} },
    { logFile, waitUs: 0, allowTargets: [], measuresMemory: false, onExit() {} },
  );
  try {
    const url = new URL('/stats', server.url.href.replace(/^ws/, 'http')).href;
    const { requests, latency } = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS });
    return {
      measuredAt: wallClockLabel(),
      connections: CONNECTIONS,
      requestsPerSecond: Math.round(requests.average),
      latencyP50Us: latency.p50 * 1000,
      latencyP99Us: latency.p99 * 1000,
    };
  } finally {
    await server.stop();
  }
}
