import { nowUs } from '../clock.js';
import type { Insight } from './insight.js';
import {
  areEnough,
  type HeapReading,
  type MemoryReading,
  MOST_READINGS,
  medianReading,
} from './memoryReading.js';
import { processTree, readKernel, readProcess, readPssBytes } from './procfs.js';

/** The time between the readings of a plateau. */
const GAP_MS = 100;
/** A large heap takes its time to be collected. */
const COLLECT_US = 10_000_000;
/** What the server gives back after a collection, it gives back by and by. */
const CALM_MS = 300;
/** CPU time of a process is told in ticks of 10 ms. */
const STILL_MS = 100;

/** Reads the memory of a target, in all its forms. */
export class MemoryReader {
  constructor(
    /** The roots: their descendants are read too. */
    private readonly roots: () => readonly number[],
    private readonly countOpen: () => number,
    private readonly insight: Insight,
  ) {}

  /**
   * The median of a few readings while nothing arrives, and the heap after a collection where there is a probe. Memory
   * is read before that: a plateau then says what the server takes as it runs, its garbage since the plateau before included.
   */
  async plateau(): Promise<MemoryReading | null> {
    const reading = await this.settled();
    return reading === null ? null : { ...reading, heap: (await this.collect()) ?? reading.heap };
  }

  /** The same with garbage collected beforehand: what is left is what the server cannot let go of. */
  async collected(): Promise<MemoryReading | null> {
    const heap = await this.collect();
    if (heap !== null) await pause(CALM_MS);
    const reading = await this.settled();
    return reading === null ? null : { ...reading, heap: heap ?? reading.heap };
  }

  /** Waits until the target stands still: until it has used no CPU time in a while, or `mostMs` at most. */
  async standStill(mostMs: number): Promise<void> {
    const untilUs = nowUs() + mostMs * 1000;
    for (let before = await this.cpuUs(); nowUs() < untilUs; ) {
      await pause(STILL_MS);
      const now = await this.cpuUs();
      if (now !== null && now === before) return;
      before = now;
    }
  }

  /** Null without a probe that answers. */
  async collect(): Promise<HeapReading | null> {
    const { probe } = this.insight;
    if (probe === null) return null;
    const reports = await probe.ask(await this.pids(), true, COLLECT_US);
    if (reports.length === 0) return null;
    return {
      usedBytes: sum(reports.map(({ heapUsedBytes }) => heapUsedBytes)),
      externalBytes: sum(reports.map(({ externalBytes }) => externalBytes)),
      threads: reports.length,
      collected: true,
    };
  }

  private async settled(): Promise<MemoryReading | null> {
    const readings: MemoryReading[] = [];
    for (let i = 0; i < MOST_READINGS && !areEnough(readings); i++) {
      if (i > 0) await pause(GAP_MS);
      const reading = await this.read();
      if (reading !== null) readings.push(reading);
    }
    return medianReading(readings);
  }

  private async read(): Promise<MemoryReading | null> {
    const roots = this.roots();
    const kernel = await readKernel();
    const common = {
      open: this.countOpen(),
      roots: roots.join(' '),
      kernelBytes: kernel === null ? null : kernel.socketBytes + kernel.slabBytes,
    };
    return roots.length > 0 ? this.readProcesses(common) : this.readPage(common);
  }

  private async readProcesses(
    common: Pick<MemoryReading, 'open' | 'roots' | 'kernelBytes'>,
  ): Promise<MemoryReading | null> {
    const pids = await this.pids();
    const [processes, pss, page] = await Promise.all([
      Promise.all(pids.map(readProcess)),
      Promise.all(pids.map(readPssBytes)),
      this.heapOfPage(),
    ]);
    const there = processes.filter((process) => process !== null);
    if (there.length === 0) return null;
    const rssBytes = sum(there.map((process) => process.rssBytes));
    return { ...common, rssBytes, pssBytes: sumOrNull(pss), heap: page };
  }

  private async readPage(
    common: Pick<MemoryReading, 'open' | 'roots' | 'kernelBytes'>,
  ): Promise<MemoryReading | null> {
    const page = await this.insight.page?.read();
    if (page === undefined || 'failure' in page || page.residentBytes === null) return null;
    return { ...common, rssBytes: page.residentBytes, pssBytes: null, heap: heapOf(page.heapBytes) };
  }

  private async heapOfPage(): Promise<HeapReading | null> {
    const page = await this.insight.page?.read();
    return page === undefined || 'failure' in page ? null : heapOf(page.heapBytes);
  }

  /** Null where no process is known. */
  private async cpuUs(): Promise<number | null> {
    const processes = await Promise.all((await this.pids()).map(readProcess));
    const there = processes.filter((process) => process !== null);
    return there.length === 0 ? null : sum(there.map(({ cpuUs }) => cpuUs));
  }

  private async pids(): Promise<number[]> {
    const trees = await Promise.all(this.roots().map(processTree));
    return [...new Set(trees.flat())];
  }
}

function heapOf(usedBytes: number | null): HeapReading | null {
  return usedBytes === null ? null : { usedBytes, externalBytes: null, threads: 1, collected: false };
}

/** Null when one of them is not known: the sum would be of something else. */
function sumOrNull(values: ReadonlyArray<number | null>): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : sum(known);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
