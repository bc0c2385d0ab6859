/** Which resource of the target was used up, by its samples. Pure. */
import type { Limit } from '../result/capacity.js';
import type { TargetProcess } from '../result/targetRecord.js';
import type { PhaseResult, RunResult } from '../result/types.js';
import { lateConnects } from '../result/warnings.js';
import { type CpuSecond, cpuSeconds, isWithin } from './seconds.js';

/** Share of a limit from which a resource counts as used up. */
const USED_UP = 0.95;
/** Descriptors that a process still has when it takes no more connections. */
const LAST_DESCRIPTORS = 8;
const SYN_SHARE = 0.001;

/** The seconds in which one thread had used up a core, or all processes what there is for them. */
export interface CpuLimit {
  readonly limit: Extract<Limit, { code: 'target-cpu' }>;
  readonly seconds: readonly CpuSecond[];
  /** Share of the hold phases' seconds that are among them, 0 to 1. */
  readonly holdShare: number;
}

/** At most one for a thread, the busiest, and one for all processes. */
export function cpuLimits(result: RunResult): CpuLimit[] {
  const loaded = result.phases.filter(({ kind }) => kind !== 'drain');
  const holds = result.phases.filter(({ kind }) => kind === 'hold');
  const share = (full: readonly CpuSecond[], all: readonly CpuSecond[]): number => {
    const held = all.filter((second) => isWithin(second, holds)).length;
    return held === 0 ? 0 : full.filter((second) => isWithin(second, holds)).length / held;
  };
  const busy = [threadLimit(result.target.processes, loaded), allLimit(result, loaded)];
  return busy.flatMap((found) =>
    found === null
      ? []
      : [{ limit: found.limit, seconds: found.full, holdShare: share(found.full, found.all) }],
  );
}

interface Busy {
  readonly limit: CpuLimit['limit'];
  readonly full: readonly CpuSecond[];
  readonly all: readonly CpuSecond[];
}

/** Of the process whose thread was at its limit first. */
function threadLimit(processes: readonly TargetProcess[], loaded: readonly PhaseResult[]): Busy | null {
  const found = processes.flatMap(({ pid, samples }) => {
    const all = cpuSeconds(samples, 'hottestThreadPercent').filter((second) => isWithin(second, loaded));
    const full = all.filter(({ percent }) => percent >= 100 * USED_UP);
    return full.length === 0 ? [] : [{ pid, all, full }];
  });
  const first = found.sort((a, b) => startOf(a.full) - startOf(b.full))[0];
  if (first === undefined) return null;
  const { pid, all, full } = first;
  const limit = {
    code: 'target-cpu',
    atMs: startOf(full),
    scope: 'thread',
    pid,
    percent: rounded(mostOf(full)),
    limitPercent: 100,
  } as const;
  return { limit, all, full };
}

function allLimit({ target, environment }: RunResult, loaded: readonly PhaseResult[]): Busy | null {
  const machine = environment.machines.find(({ coLocated }) => coLocated);
  const cores = target.limits?.cores ?? machine?.cpus.count ?? null;
  if (cores === null) return null;
  const sums = new Map<number, CpuSecond>();
  for (const { samples } of target.processes) {
    for (const second of cpuSeconds(samples, 'cpuPercent').filter((one) => isWithin(one, loaded))) {
      // Processes are read one after the other, within a moment.
      const key = Math.round(second.endMs / 1000);
      sums.set(key, { ...second, percent: second.percent + (sums.get(key)?.percent ?? 0) });
    }
  }
  const limitPercent = 100 * cores;
  const all = [...sums.values()];
  const full = all.filter(({ percent }) => percent >= USED_UP * limitPercent);
  if (full.length === 0) return null;
  const percent = rounded(mostOf(full));
  const limit = {
    code: 'target-cpu',
    atMs: startOf(full),
    scope: 'all',
    pid: null,
    percent,
    limitPercent,
  } as const;
  return { limit, all, full };
}

/** Memory, out-of-memory kills, descriptors and the accept queue. */
export function otherResourceLimits(result: RunResult): Limit[] {
  return [memoryLimit(result), oomLimit(result), descriptorLimit(result), acceptQueueLimit(result)].filter(
    (limit) => limit !== null,
  );
}

function memoryLimit({ target }: RunResult): Limit | null {
  const limitBytes = target.limits?.memoryBytes ?? null;
  if (limitBytes === null) return null;
  const sums = new Map<number, number>();
  for (const { samples } of target.processes) {
    for (const { atMs, rssBytes } of samples) {
      const second = Math.floor(atMs / 1000);
      sums.set(second, (sums.get(second) ?? 0) + rssBytes);
    }
  }
  const full = [...sums].filter(([, bytes]) => bytes >= USED_UP * limitBytes);
  const first = full[0];
  if (first === undefined) return null;
  const bytes = Math.max(...full.map(([, used]) => used));
  return { code: 'target-memory', atMs: 1000 * first[0], bytes, limitBytes };
}

function oomLimit({ target, events }: RunResult): Limit | null {
  const kills = target.limits?.oomKills ?? 0;
  if (kills === 0) return null;
  return { code: 'target-oom', atMs: events.find(({ kind }) => kind === 'target-exit')?.atMs ?? null, kills };
}

function descriptorLimit({ target }: RunResult): Limit | null {
  const limit = target.limits?.descriptors ?? null;
  if (limit === null) return null;
  const full = target.processes.flatMap(({ pid, samples }) =>
    samples.flatMap(({ atMs, fds }) =>
      fds !== null && fds >= limit - LAST_DESCRIPTORS ? [{ pid, atMs, descriptors: fds }] : [],
    ),
  );
  const first = full.sort((a, b) => a.atMs - b.atMs)[0];
  if (first === undefined) return null;
  const most = Math.max(...full.filter(({ pid }) => pid === first.pid).map(({ descriptors }) => descriptors));
  return {
    code: 'target-descriptors',
    atMs: Math.max(0, first.atMs),
    pid: first.pid,
    descriptors: most,
    limit,
  };
}

/** The kernel counts for the whole machine; what our own connects took says it of a target elsewhere. */
function acceptQueueLimit({ target, metrics, series, connections }: RunResult): Limit | null {
  const last = target.kernel.at(-1);
  const listenOverflows = last?.listenOverflows ?? 0;
  const late = lateConnects(metrics);
  const synRetransmissions = Math.max(late, last?.synRetransmissions ?? 0);
  const isFew = synRetransmissions < Math.max(1, SYN_SHARE * connections.attempted);
  if (listenOverflows === 0 && isFew) return null;
  const grown = target.kernel.find(
    (sample) => sample.listenOverflows > 0 || (sample.synRetransmissions ?? 0) > 0,
  );
  const tcp = series.histograms['handshake.tcp'];
  // A connect that took a second began a second ago.
  const second = tcp === undefined ? -1 : tcp.counts.findIndex((counts) => hasLate(counts, tcp.buckets));
  const times = [grown?.atMs, second < 0 ? undefined : Math.max(0, second - 1) * series.intervalMs];
  const known = times.filter((atMs) => atMs !== undefined);
  const atMs = known.length === 0 ? null : Math.max(0, Math.min(...known));
  return { code: 'accept-queue', atMs, listenOverflows, synRetransmissions };
}

/** Counts by bucket, as series hold them: whether one is of a second or more. */
function hasLate(counts: readonly number[], buckets: readonly number[]): boolean {
  return counts.some((bucket, i) => i % 2 === 0 && (buckets[bucket] ?? 0) >= 1_000_000);
}

function startOf(seconds: readonly CpuSecond[]): number {
  return Math.max(0, Math.min(...seconds.map(({ atMs }) => atMs)));
}

function mostOf(seconds: readonly CpuSecond[]): number {
  return Math.max(...seconds.map(({ percent }) => percent));
}

function rounded(percent: number): number {
  return Math.round(percent * 10) / 10;
}
