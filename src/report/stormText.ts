/** A storm for a terminal: a short block. */
import type { Recovery } from '../result/recovery.js';
import type { RunResult } from '../result/types.js';
import { counter, histogram, tailWords } from './headline.js';
import { type Line, plain, row } from './lines.js';
import { count, counted, duration, factor, share, stopwatch } from './numbers.js';
import { backWords, faultWords, MILESTONES, worstRecovery } from './stormWords.js';

/** Other faults than the worst get a line each, up to this many. */
const MOST_OTHERS = 3;

/** Nothing without a fault. */
export function storm(result: RunResult): Line[] {
  const { recoveries } = result;
  const worst = worstRecovery(recoveries);
  const others = recoveries.filter((recovery) => recovery !== worst).slice(0, MOST_OTHERS);
  return [
    ...(worst === null ? [] : worstLines(result, worst)),
    ...others.map((recovery) => row('and', otherWords(recoveries, recovery))),
    ...beside(result),
  ];
}

function worstLines({ recoveries }: RunResult, recovery: Recovery): Line[] {
  const { dropped, atMs, predicted, gaveUp, attempts, amplification, herdFactor } = recovery;
  const title = `${faultWords(recoveries, recovery)} at ${stopwatch(atMs)}, ${counted(dropped, 'connection')} lost`;
  const each = amplification === null || dropped === 1 ? '' : `, ${factor(amplification)} each`;
  const herd = herdFactor === null ? '' : ` (herd factor ${factor(herdFactor)})`;
  const resigned = gaveUp === 0 ? '' : `, ${count(gaveUp)} gave up`;
  return [
    plain(title, 'strong', 0),
    row('back', milestones(recovery)),
    ...(predicted === null ? [] : [row('by a model', milestones(predicted))]),
    row(
      'attempts',
      `${count(attempts)} in all${each}, ${count(recovery.peakAttemptsPerSecond)} in the worst second${herd}${resigned}`,
    ),
    ...stayed(recovery),
    ...noticed(recovery),
  ];
}

function milestones(times: Pick<Recovery, 't50Ms' | 't90Ms' | 't99Ms' | 't100Ms'>): string {
  return MILESTONES.map(({ share: part, key }) => {
    const ms = times[key];
    return `${share(part)} ${ms === null ? '-' : duration(ms * 1000)}`.padEnd(14);
  })
    .join(' ')
    .trimEnd();
}

function stayed({ collateral }: Recovery): Line[] {
  const known = (['before', 'during', 'after'] as const).flatMap((time) => {
    const times = collateral?.[time] ?? null;
    return times === null ? [] : [`${duration(times.p99Us ?? times.maxUs)} ${time}`];
  });
  return known.length === 0 ? [] : [row('stayed', `answered within ${known.join(', ')} (p99)`)];
}

/** Of half-open connections: elsewhere a loss is known at once. */
function noticed({ noticed: { byClient, byTarget } }: Recovery): Line[] {
  if (byTarget === null) return [];
  const clients = byClient === null ? 'no client' : `clients after ${duration(byClient.maxMs * 1000)}`;
  return [row('noticed', `${clients}, the server after ${duration(byTarget.maxMs * 1000)} at the latest`)];
}

function otherWords(recoveries: readonly Recovery[], recovery: Recovery): string {
  const after = `after the ${faultWords(recoveries, recovery)}`;
  return recovery.dropped === 0 ? `${after} no connection was lost` : `${after} ${backWords(recovery)}`;
}

function beside({ metrics }: RunResult): Line[] {
  const requests = counter(metrics, 'http.requests') ?? 0;
  if (requests === 0) return [];
  const response = histogram(metrics, 'http.response');
  const within = response === null ? null : tailWords(response);
  const answered = counter(metrics, 'http.answered') ?? 0;
  const fast = within === null ? '' : ` within ${within}`;
  return [row('http beside', `${count(answered)} of ${counted(requests, 'request')} answered${fast}`)];
}
