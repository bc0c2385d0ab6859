/** A run while its publishers were at work: from the end of the ramp until the drain. */
import type { PhaseResult, RunResult } from './types.js';

export interface Publishing {
  /** How long it lasted. */
  readonly seconds: number;
  readonly published: number;
  /** Deliveries in this time to all members, also where the ledger is a sample of them. */
  readonly delivered: number;
  /** Messages of any kind that the server sent in this time, and their frame bytes. */
  readonly messagesReceived: number;
  readonly bytesReceived: number;
  /** Mean over this time of all processes of the target together, 100 is one core; null where it was not watched. */
  readonly targetCpuPercent: number | null;
  /** Resident memory of the target when it began and at most; null where it was not watched. */
  readonly targetRss: { readonly firstBytes: number; readonly mostBytes: number } | null;
}

type Watched = Pick<RunResult, 'phases' | 'target'>;

export function publishingPhases({ phases }: Pick<RunResult, 'phases'>): PhaseResult[] {
  return phases.filter(({ kind }) => kind !== 'ramp' && kind !== 'drain');
}

export function publishingOf(result: Watched): Publishing {
  const phases = publishingPhases(result);
  const counted = (name: string) => phases.reduce((sum, { metrics }) => sum + counterOf(metrics[name]), 0);
  return {
    seconds: phases.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0) / 1000,
    published: counted('broadcast.published'),
    delivered: phases.reduce((sum, { metrics }) => sum + samplesOf(metrics['broadcast.delivery']), 0),
    messagesReceived: counted('messages.received'),
    bytesReceived: counted('bytes.received'),
    targetCpuPercent: meanCpuPercent(result, phases),
    targetRss: rssOf(result, phases),
  };
}

function counterOf(metric: PhaseResult['metrics'][string] | undefined): number {
  return metric?.kind === 'counter' ? metric.value : 0;
}

function samplesOf(metric: PhaseResult['metrics'][string] | undefined): number {
  return metric?.kind === 'histogram' ? metric.count : 0;
}

function isIn(phases: readonly PhaseResult[], atMs: number): boolean {
  return phases.some(({ startMs, endMs }) => atMs >= startMs && atMs < endMs);
}

/** Each sample stands for the time since the one before it. */
function meanCpuPercent({ target: { processes } }: Watched, phases: readonly PhaseResult[]): number | null {
  let weighted = 0;
  let watchedMs = 0;
  for (const { samples } of processes) {
    samples.forEach(({ atMs, cpuPercent }, i) => {
      const before = samples[i - 1];
      if (before === undefined || !isIn(phases, atMs)) return;
      weighted += cpuPercent * (atMs - before.atMs);
      watchedMs += atMs - before.atMs;
    });
  }
  const lastsMs = phases.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  // Several processes at once are watched for longer than the time lasts: their sum is what counts.
  return watchedMs === 0 || lastsMs === 0 ? null : weighted / Math.min(watchedMs, lastsMs);
}

/** Of the processes that were there when publishing began: one that is started later grows by being started. */
function rssOf({ target: { processes } }: Watched, phases: readonly PhaseResult[]): Publishing['targetRss'] {
  const known = processes.flatMap(({ samples }) => {
    const own = samples.filter(({ atMs }) => isIn(phases, atMs));
    const first = own[0];
    const wasThere = samples[0] !== undefined && samples[0].atMs < (phases[0]?.startMs ?? 0);
    return first === undefined || !wasThere
      ? []
      : [{ first: first.rssBytes, most: own.reduce((most, { rssBytes }) => Math.max(most, rssBytes), 0) }];
  });
  if (known.length === 0) return null;
  return {
    firstBytes: known.reduce((sum, { first }) => sum + first, 0),
    mostBytes: known.reduce((sum, { most }) => sum + most, 0),
  };
}
