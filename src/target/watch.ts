import { nowUs } from '../clock.js';
import type { KernelSample, ProcessSample, TargetProcess } from '../result/targetRecord.js';
import { median } from '../stats/line.js';
import {
  countDescriptors,
  type KernelReading,
  processTree,
  readCommand,
  readKernel,
  readProcess,
  readPssBytes,
  readThreadsCpuUs,
} from './procfs.js';
import type { RootProcess } from './target.js';

const INTERVAL_MS = 1000;
/** Readings of a plateau and the time between them. */
const PLATEAU_READINGS = 5;
const PLATEAU_GAP_MS = 100;

/** A plateau of the ramp: how many connections were open and what the target's memory was then. */
export interface Plateau {
  readonly open: number;
  readonly rssBytes: number;
  readonly kernelBytes: number;
}

/** A sample and when it was taken, on the monotonic clock: the start of the run is not known yet. */
type Timed<Sample> = Omit<Sample, 'atMs'> & { readonly atUs: number };

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
  readonly plateaus: Plateau[] = [];
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
    this.sampling = this.sample();
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

  /** Takes the median of a few readings while nothing arrives. */
  async plateau(): Promise<void> {
    const rss: number[] = [];
    const kernel: number[] = [];
    for (let i = 0; i < PLATEAU_READINGS; i++) {
      if (i > 0) await new Promise((resolve) => setTimeout(resolve, PLATEAU_GAP_MS));
      const pids = await this.pids(this.roots());
      const readings = await Promise.all(pids.map(readProcess));
      rss.push(readings.reduce((sum, reading) => sum + (reading?.rssBytes ?? 0), 0));
      const state = await readKernel();
      kernel.push((state?.socketBytes ?? 0) + (state?.slabBytes ?? 0));
    }
    if (rss[0])
      this.plateaus.push({ open: this.countOpen(), rssBytes: median(rss), kernelBytes: median(kernel) });
  }

  /** @param startUs Start of the run on the monotonic clock. */
  processRecord(startUs: number): TargetProcess[] {
    return [...this.processes.values()].map(({ pid, port, command, samples }) => ({
      pid,
      port,
      command,
      samples: samples.map((sample) => relativeTo(startUs, sample)),
    }));
  }

  kernelRecord(startUs: number): KernelSample[] {
    return this.kernel.map((sample) => relativeTo(startUs, sample));
  }

  private async pids(roots: readonly RootProcess[]): Promise<number[]> {
    const trees = await Promise.all(roots.map(({ pid }) => processTree(pid)));
    return [...new Set(trees.flat())];
  }

  private async sample(): Promise<void> {
    const open = this.countOpen();
    const roots = this.roots();
    const startUs = nowUs();
    await Promise.all(
      (await this.pids(roots)).map((pid) => {
        const port = roots.find((root) => root.pid === pid)?.port ?? null;
        return this.sampleProcess(pid, port, open);
      }),
    );
    this.sampledAtUs = startUs;
    await this.sampleKernel();
  }

  private async sampleProcess(pid: number, port: number | null, open: number): Promise<void> {
    const [reading, pssBytes, threadsCpuUs, fds] = await Promise.all([
      readProcess(pid),
      readPssBytes(pid),
      readThreadsCpuUs(pid),
      countDescriptors(pid),
    ]);
    if (reading === null) return;
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
    const hottestUs = Math.max(
      0,
      ...[...threadsCpuUs].map(([thread, cpuUs]) => cpuUs - (process.threadsCpuUs.get(thread) ?? 0)),
    );
    process.samples.push({
      atUs,
      open,
      rssBytes: reading.rssBytes,
      pssBytes,
      cpuPercent: round((100 * (reading.cpuUs - process.cpuUs)) / elapsedUs),
      hottestThreadPercent: round((100 * hottestUs) / elapsedUs),
      fds,
    });
    this.cpuTotalUs += reading.cpuUs - process.cpuUs;
    process.cpuUs = reading.cpuUs;
    process.threadsCpuUs = threadsCpuUs;
    process.readAtUs = atUs;
  }

  /** What a process that is new to us had used when it was looked for last: nothing, unless it was there first. */
  private usedBefore(cpuUs: number, threadsCpuUs: ReadonlyMap<string, number>, atUs: number) {
    if (this.sampledAtUs === null) return { cpuUs, threadsCpuUs, readAtUs: atUs };
    return { cpuUs: 0, threadsCpuUs: new Map<string, number>(), readAtUs: this.sampledAtUs };
  }

  private async sampleKernel(): Promise<void> {
    const reading = await readKernel();
    if (reading === null) return;
    this.kernelBefore ??= reading;
    this.kernel.push({
      atUs: nowUs(),
      socketBytes: reading.socketBytes,
      slabBytes: reading.slabBytes,
      listenOverflows: reading.listenOverflows - this.kernelBefore.listenOverflows,
    });
  }
}

function relativeTo<Sample>(startUs: number, sample: Sample & { readonly atUs: number }) {
  const { atUs, ...rest } = sample;
  return { atMs: Math.round((atUs - startUs) / 1000), ...rest };
}

function round(percent: number): number {
  return Math.round(percent * 10) / 10;
}
