import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { fileURLToPath } from 'node:url';
import { nowUs } from '../clock.js';
import { TargetError } from '../errors.js';
import type { TargetCounts } from '../result/targetRecord.js';
import type { TargetSpec } from '../scenario/scenario.js';
import type { ServerMessage } from '../servers/messages.js';
import { LOOPBACK } from './accepting.js';
import type { RunningTarget, StartOptions } from './target.js';

const ENTRY = fileURLToPath(new URL('../servers/main.js', import.meta.url));
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 3000;
/**
 * V8 lets the young generation grow to 3 x 16 MiB and gives it back in one go, which would hide what a thousand
 * connections cost: with 1 MiB, slopes of repeated runs over 1,000 connections agree within 10 %. It costs a sixth of an echo
 * server's throughput, so it is done only where memory is measured.
 */
const SMALL_YOUNG_GENERATION = ['--max-semi-space-size=1'];

/** How long to wait for the last closes to be counted. */
const BALANCE_US = 2_000_000;
const BALANCE_POLL_MS = 20;

/** A reference server in a process of its own, which ends when this one does, however that ends. */
export async function startServer(
  spec: Extract<TargetSpec, { kind: 'server' }>,
  options: StartOptions,
): Promise<RunningTarget> {
  const log = openSync(options.logFile, 'a');
  const child = fork(ENTRY, [spec.server, JSON.stringify(spec.options)], {
    // Ctrl-C is for wsherd alone, which then says what is to end.
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    execArgv: options.measuresMemory ? SMALL_YOUNG_GENERATION : [],
  });
  closeSync(log);
  const { port, scheme, ca } = await whenReady(child, spec.server, options.logFile);
  let stopping = false;
  child.once('exit', (code, signal) => {
    if (!stopping) options.onExit(signal === null ? `with code ${code}` : `by ${signal}`);
  });
  const url = new URL(`${scheme}://${LOOPBACK}:${port}/`);
  return {
    kind: 'server',
    name: `reference server ${spec.server}`,
    url,
    address: LOOPBACK,
    dnsUs: null,
    ca,
    local: true,
    pids: () => (child.pid === undefined || hasEnded(child) ? [] : [child.pid]),
    counts: () => balancedCounts(url, ca),
    async stop() {
      stopping = true;
      await endProcess(child);
    },
  };
}

function whenReady(
  child: ChildProcess,
  server: string,
  logFile: string,
): Promise<Extract<ServerMessage, { kind: 'ready' }>> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(
        new TargetError(`The reference server ${server} did not start: ${why}. Its output is in ${logFile}.`),
      );
    };
    const timer = setTimeout(() => fail('it was not ready after 30 s'), START_TIMEOUT_MS);
    child.once('exit', (code, signal) =>
      fail(`it ended ${signal === null ? `with code ${code}` : `by ${signal}`}`),
    );
    child.once('error', (error) => fail(error.message));
    child.once('message', (message: ServerMessage) => {
      clearTimeout(timer);
      child.removeAllListeners('exit');
      if (message.kind === 'ready') resolve(message);
      else fail(message.message);
    });
  });
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

/** The server counts a close a moment after the client has seen it: asks until nothing is open any more. */
async function balancedCounts(url: URL, ca: string | null): Promise<TargetCounts | null> {
  const untilUs = nowUs() + BALANCE_US;
  for (;;) {
    const stats = await fetchStats(url, ca);
    if (stats === null || stats.openNow === 0 || nowUs() > untilUs) return stats?.counts ?? null;
    await new Promise((resolve) => setTimeout(resolve, BALANCE_POLL_MS));
  }
}

interface Stats {
  readonly openNow: number;
  readonly counts: TargetCounts;
}

/** Null when the server does not answer, as when it has ended. */
function fetchStats(url: URL, ca: string | null): Promise<Stats | null> {
  const secure = url.protocol === 'wss:';
  const statsUrl = new URL('/stats', url.href.replace(/^ws/, 'http'));
  return new Promise((resolve) => {
    const request = (secure ? httpsGet : httpGet)(
      statsUrl,
      { ...(ca === null ? {} : { ca }), agent: false, timeout: 5000 },
      async (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(JSON.parse(text)));
        response.on('error', () => resolve(null));
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
  });
}
