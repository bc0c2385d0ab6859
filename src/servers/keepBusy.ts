import { nowUs } from '../clock.js';

/**
 * Keeps the CPU busy, as an application does that makes something of what it got. By the clock, because the CPU time that
 * Node 20 tells is that of all threads, those that compile and collect garbage included. While other processes keep this one
 * from its core the time runs on: it takes so much time, to within a microsecond, and so much CPU at most.
 */
export function keepBusy(forUs: number): void {
  const untilUs = nowUs() + forUs;
  while (nowUs() < untilUs);
}
