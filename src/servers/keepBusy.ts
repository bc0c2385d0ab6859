import { nowUs } from '../clock.js';

/**
 * Keeps the CPU busy, as an application does that makes something of what it got. By the clock, because reading how much
 * CPU the process has had takes longer than the shortest of these times: while other processes keep this one from its core the
 * time runs on, so that it takes so much CPU at most, and so much time at least, each to within a microsecond.
 */
export function keepBusy(forUs: number): void {
  const untilUs = nowUs() + forUs;
  while (nowUs() < untilUs);
}
