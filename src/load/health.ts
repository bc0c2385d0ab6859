import { readFileSync } from 'node:fs';
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { nowUs } from '../clock.js';

/** How this worker is doing: was it fast enough for its numbers to be the server's? Read once per interval. */
export class WorkerHealth {
  private utilization = performance.eventLoopUtilization();
  private cpuUs = threadCpuUs();
  private readUs = nowUs();
  private gcMs = 0;
  private readonly observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) this.gcMs += entry.duration;
  });

  constructor() {
    this.observer.observe({ entryTypes: ['gc'] });
  }

  stop(): void {
    this.observer.disconnect();
  }

  /** Share of the time since the last call that the event loop was busy, 0 to 1. */
  takeUtilization(): number {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.utilization);
    this.utilization = now;
    return utilization;
  }

  /** CPU time of this thread since the last call, 100 is one core; NaN where the system does not tell. */
  takeCpuPercent(): number {
    const cpuUs = threadCpuUs();
    const now = nowUs();
    const percent = (100 * (cpuUs - this.cpuUs)) / Math.max(1, now - this.readUs);
    this.cpuUs = cpuUs;
    this.readUs = now;
    return percent;
  }

  takeGcMs(): number {
    const { gcMs } = this;
    this.gcMs = 0;
    return gcMs;
  }
}

/** Linux counts thread time in ticks of 10 ms. */
const TICK_US = 10_000;

function threadCpuUs(): number {
  try {
    const stat = readFileSync('/proc/thread-self/stat', 'latin1');
    // The second field is the thread's name in parentheses and may hold blanks; utime and stime are 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_US;
  } catch {
    return Number.NaN;
  }
}
