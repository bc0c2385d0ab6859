/** Faults and recoveries in words. */
import type { Recovery } from '../result/recovery.js';
import type { RunResult } from '../result/types.js';
import { count, duration, factor } from './numbers.js';

const FAULTS: Readonly<Record<string, string>> = {
  'kill-target': 'kill',
  'restart-target': 'restart',
  disconnect: 'disconnect',
  command: 'command',
  refuse: 'refusal',
  reset: 'reset',
  blackhole: 'blackhole',
  latency: 'added latency',
  bandwidth: 'bandwidth limit',
  'slow-accept': 'slow accept',
};

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];

/** `kill`, or `second kill` where there are several. */
export function faultWords(recoveries: readonly Recovery[], recovery: Recovery): string {
  const words = FAULTS[recovery.fault] ?? `fault ${recovery.fault.slice(0, 32)}`;
  const same = recoveries.filter(({ fault }) => fault === recovery.fault);
  if (same.length < 2) return words;
  const index = same.findIndex(({ atMs }) => atMs === recovery.atMs);
  const ordinal = ORDINALS[index];
  return ordinal === undefined ? `${words} number ${index + 1}` : `${ordinal} ${words}`;
}

/** The recovery that a run is judged by: one that is not complete, else the slowest; null when nothing was lost. */
export function worstRecovery(recoveries: readonly Recovery[]): Recovery | null {
  const lossy = recoveries.filter(({ dropped }) => dropped > 0);
  return lossy.reduce<Recovery | null>(
    (worst, recovery) => (worst === null || slowness(recovery) > slowness(worst) ? recovery : worst),
    null,
  );
}

function slowness({ t50Ms, t90Ms, t99Ms, dropped, recovered }: Recovery): number {
  // Where 99 % were never back, the fewer came the worse; longer than any time that can be measured.
  if (t99Ms === null) return 1e15 * (2 - recovered / dropped);
  return t99Ms + (t90Ms ?? 0) / 1e3 + (t50Ms ?? 0) / 1e6;
}

/** Milestones of a recovery, in the order in which they are reached. */
export const MILESTONES = [
  { share: 0.5, key: 't50Ms', words: 'half' },
  { share: 0.9, key: 't90Ms', words: '90 %' },
  { share: 0.99, key: 't99Ms', words: '99 %' },
  { share: 1, key: 't100Ms', words: 'all' },
] as const;

/** Fewer connections than this have no 99th hundredth. */
const HUNDRED = 100;

/** `99 % of 2,000 connections were back after 4.1 s`, or how far it came; of the dropped. */
export function backWords(recovery: Recovery): string {
  const { dropped, recovered, t50Ms, t99Ms, t100Ms } = recovery;
  if (dropped < HUNDRED && t100Ms !== null) return `${allOf(dropped)} back after ${duration(t100Ms * 1000)}`;
  if (t99Ms !== null)
    return `99 % of ${count(dropped)} connections were back after ${duration(t99Ms * 1000)}`;
  if (recovered === 0)
    return dropped === 1
      ? 'the one connection never came back'
      : `none of ${count(dropped)} connections came back`;
  const half =
    t50Ms === null ? '' : `, the first ${count(Math.ceil(dropped / 2))} within ${duration(t50Ms * 1000)}`;
  return `only ${count(recovered)} of ${count(dropped)} connections came back${half}`;
}

function allOf(dropped: number): string {
  if (dropped === 1) return 'the one connection was';
  return dropped === 2 ? 'both connections were' : `all ${count(dropped)} connections were`;
}

/** `2.3 attempts each`; null when nothing was lost. */
export function attemptsWords({ amplification, dropped }: Recovery): string | null {
  if (amplification === null) return null;
  const attempts = `${factor(amplification)} ${amplification === 1 ? 'attempt' : 'attempts'}`;
  return dropped === 1 ? attempts : `${attempts} each`;
}

/** `the kill`, or which of several faults it was. */
export function whichFault({ recoveries }: Pick<RunResult, 'recoveries'>, recovery: Recovery): string {
  const lossy = recoveries.filter(({ dropped }) => dropped > 0);
  const words = `the ${faultWords(recoveries, recovery)}`;
  if (lossy.length < 2) return words;
  return `${words}, the ${lossy.length === 2 ? 'worse' : 'worst'} of ${count(lossy.length)} faults,`;
}

interface Recovered {
  readonly recovery: Recovery;
}

/** Of several that went through a storm, who had 99 % back first; null when nobody had. */
export function fastest<Item extends Recovered>(items: readonly Item[]): Item | null {
  const back = items.filter(({ recovery }) => recovery.t99Ms !== null);
  return back.reduce<Item | null>(
    (best, item) => (best === null || (item.recovery.t99Ms ?? 0) < (best.recovery.t99Ms ?? 0) ? item : best),
    null,
  );
}

/** And whose worst second asked most of the server, by each lost connection; null when nobody tried. */
export function heaviest<Item extends Recovered>(items: readonly Item[]): Item | null {
  return items.reduce<Item | null>((worst, item) => {
    const herd = item.recovery.herdFactor ?? 0;
    return herd > 0 && herd > (worst?.recovery.herdFactor ?? 0) ? item : worst;
  }, null);
}
