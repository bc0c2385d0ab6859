import { nowUs } from '../clock.js';
import type { KernelSample, ProcessSample, TargetLimits, TargetProcess } from '../result/targetRecord.js';
import { LimitsWatch } from './limits.js';
import type { MemoryReading } from './memoryReading.js';
import {
  countDescriptors,
  type KernelReading,
  processTree,
  readCommand,
  readKernel,
  readProcess,
  readPssBytes,
  readThreadsCpuUs,
  TICK_US,
} from './procfs.js';
import type { RootProcess } from './target.js';
import { type Timed, timedRecord } from './timed.js';

const INTERVAL_MS = 1000;

interface WatchedProcess {
  readonly pid: number;
  readonly command: string;
  readonly port: number | null;
  readonly samples: Array<Timed<ProcessSample>>;
  cpuUs: number;
  threadsCpuUs: ReadonlyMap<string, number>;
  readAtUs: number;
}

/** Watches the processes of a target once a second, with their children. */
export class TargetWatch {
  /** What each round of samples found of memory, over all processes. */
  private readonly rounds: Array<MemoryReading & { readonly atUs: number }> = [];
  private readonly limits = new LimitsWatch();
  private readonly kernel: Array<Timed<KernelSample>> = [];
  private readonly processes = new Map<number, WatchedProcess>();
  private kernelBefore: KernelReading | null = null;
  private timer: NodeJS.Timeout | null = null;
  private sampling: Promise<void> = Promise.resolve();
  /** CPU time of processes so far, those that have ended included. */
  private cpuTotalUs = 0;
  /** When the last round of samples began; null before the first. */
  private sampledAtUs: number | null = null;

  constructor(
    /** The roots: their descendants are watched too. Asked anew each time, since a target may be restarted. */
    private readonly roots: () => readonly RootProcess[],
    private readonly countOpen: () => number,
  ) {}

  start(): void {
    this.sampling = this.limits.start(this.roots()[0]?.pid).then(() => this.sample());
    this.timer = setInterval(() => {
      // One at a time: a slow reading delays the next one instead of overtaking it.
      this.sampling = this.sampling.then(() => this.sample());
    }, INTERVAL_MS);
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.sampling;
  }

  /** CPU time that the target has used since it is watched, in us; reads it now. */
  async cpuUs(): Promise<number> {
    this.sampling = this.sampling.then(() => this.sample());
    await this.sampling;
    return this.cpuTotalUs;
  }

  /** What the rounds of samples found of memory from `sinceUs` on; without a heap, which they do not ask for. */
  readingsSince(sinceUs: number): MemoryReading[] {
    return this.rounds.filter(({ atUs }) => atUs >= sinceUs);
  }

  /** @param startUs Start of the run on the monotonic clock. */
  processRecord(startUs: number): TargetProcess[] {
    return [...this.processes.values()].map(({ pid, port, command, samples }) => ({
      pid,
      port,
      command,
      samples: timedRecord(startUs, samples),
    }));
  }

  kernelRecord(startUs: number): KernelSample[] {
    return timedRecord(startUs, this.kernel);
  }

  /** Null when no process of the target is known. */
  limitsRecord(): TargetLimits | null {
    return this.limits.record();
  }

  private async pids(roots: readonly RootProcess[]): Promise<number[]> {
    const trees = await Promise.all(roots.map(({ pid }) => processTree(pid)));
    return [...new Set(trees.flat())];
  }

  private async sample(): Promise<void> {
    const open = this.countOpen();
    const roots = this.roots();
    const startUs = nowUs();
    const found = await Promise.all(
      (await this.pids(roots)).map((pid) => {
        const port = roots.find((root) => root.pid === pid)?.port ?? null;
        return this.sampleProcess(pid, port, open);
      }),
    );
    this.sampledAtUs = startUs;
    const [kernelBytes] = await Promise.all([this.sampleKernel(), this.limits.sample()]);
    const there = found.filter((sample) => sample !== null);
    if (there.length === 0) return;
    this.rounds.push({
      ...{ atUs: startUs, open, roots: roots.map(({ pid }) => pid).join(' '), kernelBytes, heap: null },
      rssBytes: there.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
      pssBytes: there.reduce<number | null>(
        (sum, { pssBytes }) => (sum === null || pssBytes === null ? null : sum + pssBytes),
        0,
      ),
    });
  }

  /** Null when it is gone. */
  private async sampleProcess(
    pid: number,
    port: number | null,
    open: number,
  ): Promise<Timed<ProcessSample> | null> {
    const reading = await readProcess(pid);
    if (reading === null) return null;
    const [threadsCpuUs, pssBytes, fds] = await Promise.all([
      readThreadsCpuUs(pid),
      readPssBytes(pid),
      countDescriptors(pid),
    ]);
    const atUs = nowUs();
    let process = this.processes.get(pid);
    if (!process) {
      const command = await readCommand(pid);
      process = {
        pid,
        command,
        port,
        samples: [],
        ...this.usedBefore(reading.cpuUs, threadsCpuUs, atUs),
      };
      this.processes.set(pid, process);
    }
    const elapsedUs = Math.max(1, atUs - process.readAtUs);
    const usedByThreadsUs = [...threadsCpuUs].map(
      ([thread, cpuUs]) => cpuUs - (process.threadsCpuUs.get(thread) ?? 0),
    );
    const usedUs = usedSince(reading.cpuUs - process.cpuUs, usedByThreadsUs);
    const sample = {
      atUs,
      open,
      rssBytes: reading.rssBytes,
      pssBytes,
      cpuPercent: round((100 * usedUs) / elapsedUs),
      hottestThreadPercent: round((100 * Math.max(0, ...usedByThreadsUs)) / elapsedUs),
      fds,
    };
    process.samples.push(sample);
    this.cpuTotalUs += usedUs;
    process.cpuUs = reading.cpuUs;
    process.threadsCpuUs = threadsCpuUs;
    process.readAtUs = atUs;
    return sample;
  }

  /** What a process that is new to us had used when it was looked for last: nothing, unless it was there first. */
  private usedBefore(cpuUs: number, threadsCpuUs: ReadonlyMap<string, number>, atUs: number) {
    if (this.sampledAtUs === null) return { cpuUs, threadsCpuUs, readAtUs: atUs };
    return { cpuUs: 0, threadsCpuUs: new Map<string, number>(), readAtUs: this.sampledAtUs };
  }

  /** Memory of its sockets and slabs; null where the system does not tell. */
  private async sampleKernel(): Promise<number | null> {
    const reading = await readKernel();
    if (reading === null) return null;
    this.kernelBefore ??= reading;
    this.kernel.push({
      atUs: nowUs(),
      socketBytes: reading.socketBytes,
      slabBytes: reading.slabBytes,
      listenOverflows: reading.listenOverflows - this.kernelBefore.listenOverflows,
      synRetransmissions: reading.synRetransmissions - this.kernelBefore.synRetransmissions,
    });
    return reading.socketBytes + reading.slabBytes;
  }
}

/** Ticks, of which up to two are lost in rounding, tell of threads that have ended; else the threads themselves are exact. */
function usedSince(ticksUs: number, threadsUs: readonly number[]): number {
  const exactUs = threadsUs.reduce((sum, us) => sum + us, 0);
  return ticksUs - exactUs > 2 * TICK_US ? ticksUs : exactUs;
}

function round(percent: number): number {
  return Math.round(percent * 10) / 10;
}
