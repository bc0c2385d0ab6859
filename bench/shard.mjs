import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '../dist/target/server.js';

/** What worker threads are given as their limit; see `run/threadHost.ts`. */
export const AS_A_WORKER = ['--max-semi-space-size=4'];

const CHILD = fileURLToPath(new URL('./shardProcess.mjs', import.meta.url));

/** Calls `use` with the URL of a fresh reference server in its own process. */
export async function withServer(name, use) {
  const folder = mkdtempSync(join(tmpdir(), 'wsherd-bench-'));
  const server = await startServer({ server: name, options: { backlog: 4096 } }, null, {
    logFile: join(folder, 'server.log'),
    waitUs: 0,
    allowTargets: [],
    onExit() {},
  });
  try {
    return await use(server.url.href);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs a shard against a fresh reference server: `scenario`, or one `population` with the settings of `connect`.
 * @returns What `shardProcess.mjs` sends.
 */
export function runShard({
  server = 'echo',
  scenario,
  population,
  connect = {},
  warmUpSeconds = 1,
  seconds = 3,
  steps = 1,
}) {
  const document = scenario ?? { connect, populations: { clients: population } };
  return withServer(server, async (url) => {
    const given = {
      scenario: { version: 1, target: { url }, ...document },
      url,
      warmUpSeconds,
      seconds,
      steps,
    };
    const child = fork(CHILD, [JSON.stringify(given)], { execArgv: AS_A_WORKER });
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`the shard's process ended with code ${code}`);
    });
    const [report] = await Promise.race([once(child, 'message'), failed]);
    return report;
  });
}

/** Runs two settings in turn, ABBA, and returns the reports of each. */
export async function interleave(pairs, a, b) {
  const reports = { a: [], b: [] };
  for (let pair = 0; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? ['a', 'b'] : ['b', 'a'];
    for (const side of order) reports[side].push(await runShard(side === 'a' ? a : b));
  }
  return reports;
}

export function median(values) {
  const sorted = [...values].sort((x, y) => x - y);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Ratios pair by pair: what drifts with the machine falls out. */
export function ratios(reports, of) {
  return reports.a.map((a, i) => of(a) / of(reports.b[i]));
}

/** Least-squares slope of RSS over open connections, in bytes. */
export function slope(memory) {
  const n = memory.length;
  const x = memory.reduce((sum, { open }) => sum + open, 0) / n;
  const y = memory.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / n;
  const sxy = memory.reduce((sum, point) => sum + (point.open - x) * (point.rssBytes - y), 0);
  const sxx = memory.reduce((sum, point) => sum + (point.open - x) ** 2, 0);
  return sxy / sxx;
}
