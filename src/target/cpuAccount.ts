import { type ThreadTimes, TICK_US } from './procfs.js';

/** Of user and of system time each, the tick that has begun is not told. */
const UNTOLD_US = 2 * TICK_US;

export interface CpuUse {
  readonly usedUs: number;
  /** The part of the thread that used most. */
  readonly hottestUs: number;
}

/**
 * CPU time of one process, from reading to reading. Its own is told in ticks of 10 ms, that of its threads to the ns for as long
 * as they live: so it is what the threads tell, those that have ended by what they told last, unless the ticks show that there was more.
 */
export class CpuAccount {
  private threads: ReadonlyMap<string, number>;
  private endedUs = 0;
  private usedUs = 0;
  private readonly startThreadsUs: number;

  /** @param startTicksUs What the process and its threads had used when the account begins: it does not count. */
  constructor(
    private readonly startTicksUs: number,
    startThreads: ReadonlyMap<string, number>,
  ) {
    this.threads = startThreads;
    this.startThreadsUs = sum(startThreads);
  }

  /** @returns What was used since the reading before. */
  add(ticksUs: number, { cpuUs, isExact }: ThreadTimes): CpuUse {
    let hottestUs = 0;
    for (const [thread, us] of cpuUs) hottestUs = Math.max(hottestUs, us - (this.threads.get(thread) ?? 0));
    for (const [thread, us] of this.threads) {
      // One that has used less than before is another one with its number.
      if ((cpuUs.get(thread) ?? -1) < us) this.endedUs += us;
    }
    this.threads = cpuUs;
    const byTicksUs = ticksUs - this.startTicksUs;
    const byThreadsUs = this.endedUs + sum(cpuUs) - this.startThreadsUs;
    const soFarUs = isExact ? Math.max(byThreadsUs, byTicksUs - UNTOLD_US) : byTicksUs;
    const usedUs = Math.max(0, soFarUs - this.usedUs);
    this.usedUs += usedUs;
    return { usedUs, hottestUs };
  }
}

function sum(times: ReadonlyMap<string, number>): number {
  let all = 0;
  for (const us of times.values()) all += us;
  return all;
}
