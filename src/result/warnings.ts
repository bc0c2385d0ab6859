import { decodeHistogram, forEachRecorded } from '../metrics/histogram.js';
import { broadcastChecks } from './broadcastWarnings.js';
import type { Check, Warned } from './check.js';
import type { Metrics, Warning } from './types.js';

/** A closed set: each code is a check of its own. */
const checks: readonly Check[] = [
  synRetransmissions,
  listenOverflows,
  unbalancedBooks,
  unreliableMemory,
  closedLoop,
  localFailures,
  notMended,
  metricsLost,
  slowPeers,
  ...broadcastChecks,
];

export function findWarnings(result: Warned): Warning[] {
  return checks.map((check) => check(result)).filter((warning) => warning !== null);
}

/** A full accept queue drops SYNs in silence; the kernel sends them again after 1 s, 2 s more, 4 s more. */
const RETRANSMISSIONS_US = [
  [1_000_000, 1_400_000],
  [3_000_000, 3_500_000],
  [7_000_000, 7_600_000],
] as const;
const RETRANSMISSIONS_SHARE = 0.001;

/** TCP connects that took as long as if their first packet had been lost and sent again. */
export function lateConnects(metrics: Metrics): number {
  const tcp = metrics['handshake.tcp'];
  if (tcp?.kind !== 'histogram') return 0;
  let late = 0;
  forEachRecorded(decodeHistogram(tcp.encoded), (us, count) => {
    if (RETRANSMISSIONS_US.some(([low, high]) => us >= low && us < high)) late += count;
  });
  return late;
}

function synRetransmissions({ metrics }: Warned): Warning | null {
  const tcp = metrics['handshake.tcp'];
  if (tcp?.kind !== 'histogram') return null;
  const late = lateConnects(metrics);
  if (late < Math.max(1, RETRANSMISSIONS_SHARE * tcp.count)) return null;
  return {
    code: 'syn-retransmission',
    message: `${late} of ${tcp.count} TCP connects took as long as if their first packet had been lost and sent again.`,
    advice:
      'The accept queue of the server was probably full: raise its backlog (and net.core.somaxconn), or connect more slowly.',
  };
}

function listenOverflows({ target }: Warned): Warning | null {
  const overflows = target.kernel.at(-1)?.listenOverflows ?? 0;
  if (overflows === 0) return null;
  return {
    code: 'listen-overflows',
    message: `An accept queue on this machine was full ${overflows} times during the run.`,
    advice: 'Raise the backlog of the server and net.core.somaxconn, or connect more slowly.',
  };
}

function unbalancedBooks({ target }: Warned): Warning | null {
  const wrong = target.books.filter(({ balanced }) => !balanced);
  const first = wrong[0];
  if (first === undefined) return null;
  return {
    code: 'books-unbalanced',
    message: `The server's ledger differs from ours in ${wrong.length} lines, such as ${first.what}: ${first.server} against ${first.ours}.`,
    advice:
      'Messages under way when a connection breaks are counted by one end only; anything else is a fault.',
  };
}

function unreliableMemory({ target }: Warned): Warning | null {
  const memory = target.memoryPerConnection;
  if (memory === null || memory.reliable) return null;
  return {
    code: 'memory-unreliable',
    message: `Memory per connection is uncertain. ${memory.notes.join(' ')}`,
    advice: 'Use more connections, more steps in the ramp or a longer settle time.',
  };
}

function closedLoop({ scenario }: Warned): Warning | null {
  if (!JSON.stringify(scenario.resolved).includes('"pace":"answered"')) return null;
  return {
    code: 'closed-loop',
    message: 'pace: answered is a closed loop: each connection waits for its answer before it sends again.',
    advice: 'It measures throughput. For latency under a given load write echo: { every: ... }.',
  };
}

function localFailures({ failures }: Warned): Warning | null {
  const local = failures.filter(({ stage, cause }) => stage === 'local' && cause !== 'local-abort');
  const first = local[0];
  if (first === undefined) return null;
  const count = local.reduce((sum, failure) => sum + failure.count, 0);
  return {
    code: 'local-limits',
    message: `${count} attempts failed on this machine, not at the server: ${first.cause}.`,
    advice: 'Raise the limit of descriptors (ulimit -n), or spread connections over connect.sourceAddresses.',
  };
}

function slowPeers({ metrics }: Warned): Warning | null {
  const skipped = Object.entries(metrics).filter(
    ([name, metric]) => name.endsWith('.skipped') && metric.kind === 'counter' && metric.value > 0,
  );
  if (skipped.length === 0) return null;
  return {
    code: 'skipped',
    message: `${skipped.map(([name, metric]) => `${name} is ${metric.kind === 'counter' ? metric.value : 0}`).join(', ')}: messages that were due were not sent.`,
    advice: 'The server did not keep up: so many were unanswered or unsent that no more could be held.',
  };
}

function notMended({ events }: Warned): Warning | null {
  const event = events.find(({ kind }) => kind === 'not-mended');
  if (event === undefined) return null;
  return {
    code: 'not-mended',
    message: `A fault was not undone: ${event.detail.split('\n', 1)[0]}`,
    advice: 'What the target printed is in target.log: see whether it starts by itself a second time.',
  };
}

function metricsLost({ events }: Warned): Warning | null {
  const lost = events.filter(({ kind }) => kind === 'metrics-lost');
  const first = lost[0];
  if (first === undefined) return null;
  return {
    code: 'metrics-lost',
    message: `The metrics page of the target could not be read, for the first time after ${Math.round(first.atMs / 1000)} s: ${first.detail}.`,
    advice:
      'What it tells is missing from then on, until the event metrics-back: see the events in result.json.',
  };
}
