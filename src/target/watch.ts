import { nowUs } from '../clock.js';
import type { KernelSample, ProcessSample, TargetLimits, TargetProcess } from '../result/targetRecord.js';
import { CpuAccount } from './cpuAccount.js';
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
  readThreads,
} from './procfs.js';
import type { RootProcess } from './target.js';
import { type Timed, timedRecord } from './timed.js';

const INTERVAL_MS = 1000;

interface WatchedProcess {
  readonly pid: number;
  readonly command: string;
  readonly port: number | null;
  readonly samples: Array<Timed<ProcessSample>>;
  readonly cpu: CpuAccount;
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
    const [reading, threads, pssBytes, fds] = await Promise.all([
      readProcess(pid),
      readThreads(pid),
      readPssBytes(pid),
      countDescriptors(pid),
    ]);
    if (reading === null) return null;
    const atUs = nowUs();
    let process = this.processes.get(pid);
    if (!process) {
      const command = await readCommand(pid);
      process = { pid, command, port, samples: [], ...this.accountFrom(reading.cpuUs, threads.cpuUs, atUs) };
      this.processes.set(pid, process);
    }
    const elapsedUs = Math.max(1, atUs - process.readAtUs);
    const { usedUs, hottestUs } = process.cpu.add(reading.cpuUs, threads);
    const sample = {
      atUs,
      open,
      rssBytes: reading.rssBytes,
      pssBytes,
      cpuPercent: round((100 * usedUs) / elapsedUs),
      hottestThreadPercent: round((100 * hottestUs) / elapsedUs),
      fds,
    };
    process.samples.push(sample);
    this.cpuTotalUs += usedUs;
    process.readAtUs = atUs;
    return sample;
  }

  /** Of a process that is new to us, all counts that it has used since we looked last, but not what it had used before the first time. */
  private accountFrom(ticksUs: number, threadsUs: ReadonlyMap<string, number>, atUs: number) {
    if (this.sampledAtUs === null) return { cpu: new CpuAccount(ticksUs, threadsUs), readAtUs: atUs };
    return { cpu: new CpuAccount(0, new Map()), readAtUs: this.sampledAtUs };
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

function round(percent: number): number {
  return Math.round(percent * 10) / 10;
}
