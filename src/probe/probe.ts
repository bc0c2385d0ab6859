/**
 * The probe, for a Node server of your own: `node --import wsherd/probe server.js`. It tells wsherd of the heap and the
 * event loop, and collects garbage when asked. Each thread that loads it connects by itself.
 *
 * It is a guest: without WSHERD_PROBE it does nothing at all, it holds no process open, prints nothing, and whatever goes
 * wrong in here is nobody's business but its own. It writes only when asked, so that it leaves nothing behind when wsherd is gone.
 */
import { createConnection, type Socket } from 'node:net';
import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { memoryUsage, pid } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { threadId } from 'node:worker_threads';
import { PROBE_VARIABLE, type ProbeHello, type ProbeOrder, type ProbeReport } from './messages.js';

/**
 * How often it is looked whether the event loop is late; it adds nothing to the delays told. The first look after a report
 * has none before it to compare with: what begins that soon is not seen.
 */
const RESOLUTION_MS = 20;
/** Orders are short: what goes on for longer without a line break is none of wsherd's. */
const LONGEST_ORDER = 1000;

let collectGarbage: (() => void) | null = null;

const path = process.env[PROBE_VARIABLE];
if (path !== undefined && path !== '') attempt(() => connect(path));

function connect(socketPath: string): void {
  const socket = createConnection(socketPath);
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const report = reporter(delays);
  let rest = '';
  socket.unref();
  socket.setEncoding('utf8');
  socket.on('error', () => {});
  socket.once('connect', () => {
    attempt(() => {
      delays.enable();
      tell(socket, { pid, thread: threadId });
    });
  });
  socket.once('close', () => attempt(() => delays.disable()));
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_ORDER) socket.destroy();
    for (const line of lines) attempt(() => obey(socket, JSON.parse(line), report));
  });
}

function obey(socket: Socket, { id, collect }: ProbeOrder, report: (id: number) => ProbeReport): void {
  if (!collect) {
    tell(socket, report(id));
    return;
  }
  garbageCollector()();
  // What was waiting to be finalized lets go of more, one turn later.
  setImmediate(() => {
    attempt(() => {
      garbageCollector()();
      tell(socket, report(id));
    });
  });
}

/** V8's own, whatever flags the server was started with; a context made later by the server knows nothing of it. */
function garbageCollector(): () => void {
  if (collectGarbage !== null) return collectGarbage;
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  collectGarbage = collect;
  return collect;
}

function reporter(delays: IntervalHistogram): (id: number) => ProbeReport {
  let before = performance.eventLoopUtilization();
  return (id) => {
    const memory = memoryUsage();
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    const loop = {
      loopDelayP50Us: lateUs(delays.percentile(50)),
      loopDelayP99Us: lateUs(delays.percentile(99)),
      loopDelayMaxUs: lateUs(delays.max),
      loopUtilization: Math.round(utilization * 1000) / 1000,
    };
    delays.reset();
    return {
      id,
      heapUsedBytes: memory.heapUsed,
      heapTotalBytes: memory.heapTotal,
      externalBytes: memory.external,
      arrayBuffersBytes: memory.arrayBuffers,
      rssBytes: memory.rss,
      ...loop,
    };
  };
}

/** Node tells how far apart two looks were, in ns: `RESOLUTION_MS` when nothing was late. Without a look the minimum is huge. */
function lateUs(apartNs: number): number {
  const us = Math.round(apartNs / 1000) - RESOLUTION_MS * 1000;
  return Number.isSafeInteger(us) ? Math.max(0, us) : 0;
}

function tell(socket: Socket, message: ProbeHello | ProbeReport): void {
  // Bytes under way would hold the process open: what was said before has to be gone.
  if (socket.writable && socket.writableLength === 0) socket.write(`${JSON.stringify(message)}\n`);
}

function attempt(what: () => void): void {
  try {
    what();
  } catch {
    // The server is not to notice.
  }
}
