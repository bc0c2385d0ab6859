import type { NoticedTimes, Recovery } from '../../../result/recovery.js';
import type { RunResult } from '../../../result/types.js';
import { count, duration, trimmed } from '../../numbers.js';
import { heartbeatBoundUs } from '../../resolvedScenario.js';
import { faultWords } from '../../stormWords.js';
import type { Section } from '../section.js';
import { columns } from '../table.js';

/** How long half-open connections were taken for good ones, by either end. */
export function noticedSection(result: RunResult): Section | null {
  const halfOpen = result.recoveries.filter(isHalfOpen);
  const main = halfOpen.reduce<Recovery | null>(
    (most, recovery) => (most === null || recovery.dropped > most.dropped ? recovery : most),
    null,
  );
  if (main === null) return null;
  const boundUs = heartbeatBoundUs(result.scenario.resolved);
  return {
    id: 'half-open',
    name: 'Half-open',
    title: finding(main, boundUs),
    pictures: [],
    reading:
      'A half-open connection still looks open to both ends, but nothing passes. Only silence gives it away: a client knows when a heartbeat is not answered in time, a server when nothing comes for long enough. Times count from the start of the fault.',
    numbers: [
      {
        caption: null,
        columns: [
          ...columns('name', ...(halfOpen.length > 1 ? ['fault'] : []), 'noticed by'),
          ...columns('number', 'connections', 'median', 'p99', 'last'),
        ],
        rows: halfOpen.flatMap((recovery) =>
          rowsOf(recovery).map((row) =>
            halfOpen.length > 1 ? [faultWords(result.recoveries, recovery), ...row] : row,
          ),
        ),
      },
    ],
  };
}

function isHalfOpen({ fault, noticed }: Recovery): boolean {
  return noticed.byTarget !== null || (fault === 'blackhole' && noticed.byClient !== null);
}

function finding({ noticed: { byClient, byTarget } }: Recovery, boundUs: number | null): string {
  const target = byTarget === null ? '' : `the server after ${last(byTarget)}`;
  if (byClient === null) {
    return target === ''
      ? 'Nobody noticed that connections were half-open'
      : `No client noticed its half-open connection; ${target} at the latest`;
  }
  const bound = boundUs === null ? '' : boundWords(byClient.maxMs * 1000, boundUs);
  const other = byTarget === null ? '; the server noticed none' : `; ${target}`;
  return `Clients noticed half-open connections after ${last(byClient)} at the latest${bound}${other}`;
}

/** Polls and the scheduler's own steps: later than this is late. */
const TOLERANCE_US = 250_000;

function boundWords(lastUs: number, boundUs: number): string {
  const bound = trimmed(duration(boundUs));
  return lastUs <= boundUs + TOLERANCE_US
    ? `, within the ${bound} of a heartbeat and its timeout`
    : `, later than the ${bound} of a heartbeat and its timeout`;
}

function last({ maxMs }: NoticedTimes): string {
  return duration(maxMs * 1000);
}

function rowsOf({ noticed: { byClient, byTarget } }: Recovery): string[][] {
  const time = (ms: number | null) => (ms === null ? '–' : duration(ms * 1000));
  const row = (who: string, times: NoticedTimes | null): string[] =>
    times === null
      ? [who, '0', '–', '–', '–']
      : [who, count(times.count), time(times.p50Ms), time(times.p99Ms), time(times.maxMs)];
  return [row('clients', byClient), row('the server', byTarget)];
}
