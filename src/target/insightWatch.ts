import { nowUs } from '../clock.js';
import type { HeapSample, ProcessSample } from '../result/targetRecord.js';
import type { Insight } from './insight.js';
import type { MemoryReading } from './memoryReading.js';
import type { MetricsReading } from './metricsPage.js';
import type { ThreadReport } from './probeSocket.js';
import { processTree } from './procfs.js';
import { type Timed, timedRecord } from './timed.js';

const INTERVAL_MS = 1000;
/** A server that is too busy to answer within the second is asked again in the next. */
const ANSWER_US = 900_000;

/**
 * Asks a target once a second what it tells of itself. Apart from `TargetWatch`, which has to go on in time however
 * long a server that is busy takes to answer.
 */
export class InsightWatch {
  private readonly heaps = new Map<number, Array<Timed<HeapSample>>>();
  /** Of a target that only its page tells of. */
  private readonly page: Array<Timed<ProcessSample>> = [];
  private before: { readonly cpuUs: number; readonly atUs: number } | null = null;
  private timer: NodeJS.Timeout | null = null;
  private asking: Promise<void> | null = null;
  private failed = false;

  constructor(
    private readonly insight: Insight,
    private readonly roots: () => readonly number[],
    private readonly countOpen: () => number,
    private readonly onEvent: (kind: string, detail: string) => void,
  ) {}

  start(): void {
    if (this.insight.probe === null && this.insight.page === null) return;
    this.tick();
    this.timer = setInterval(() => this.tick(), INTERVAL_MS);
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.asking;
  }

  /** Of the processes that carry a probe, by pid; of pid 0 what the metrics page tells. */
  heapRecord(startUs: number): ReadonlyMap<number, HeapSample[]> {
    return new Map([...this.heaps].map(([pid, samples]) => [pid, timedRecord(startUs, samples)]));
  }

  pageRecord(startUs: number): ProcessSample[] {
    return timedRecord(startUs, this.page);
  }

  /** What the page told of memory from `sinceUs` on; nothing where processes are watched, which are what is read then. */
  readingsSince(sinceUs: number): MemoryReading[] {
    if (this.roots().length > 0) return [];
    return this.page
      .filter(({ atUs }) => atUs >= sinceUs)
      .map(({ open, rssBytes }) => ({
        ...{ open, rssBytes, roots: '' },
        ...{ pssBytes: null, kernelBytes: null, heap: null },
      }));
  }

  /** One at a time: a second in which the answer to the one before is still awaited is left out. */
  private tick(): void {
    this.asking ??= this.ask().finally(() => {
      this.asking = null;
    });
  }

  private async ask(): Promise<void> {
    await Promise.all([this.askProbes(), this.readPage()]);
  }

  private async askProbes(): Promise<void> {
    const { probe } = this.insight;
    if (probe === null) return;
    const pids = (await Promise.all(this.roots().map(processTree))).flat();
    const reports = await probe.ask(pids, false, ANSWER_US);
    const atUs = nowUs();
    for (const pid of new Set(reports.map((report) => report.pid))) {
      this.addHeap(pid, { atUs, ...ofThreads(reports.filter((report) => report.pid === pid)) });
    }
  }

  private async readPage(): Promise<void> {
    const { page } = this.insight;
    if (page === null) return;
    const open = this.countOpen();
    const reading = await page.read();
    const failed = 'failure' in reading;
    if (failed !== this.failed) {
      this.failed = failed;
      if (failed) this.onEvent('metrics-lost', `target.metrics cannot be read: ${reading.failure}`);
      else this.onEvent('metrics-back', 'target.metrics can be read again');
    }
    if (!failed) this.addPage(reading, open);
  }

  private addPage(reading: MetricsReading, open: number): void {
    const atUs = nowUs();
    const { residentBytes, cpuUs, descriptors, heapBytes, loopDelayUs } = reading;
    if (residentBytes !== null) {
      this.page.push({
        atUs,
        open,
        rssBytes: residentBytes,
        pssBytes: null,
        cpuPercent: this.cpuPercent(cpuUs, atUs),
        hottestThreadPercent: 0,
        fds: descriptors,
      });
    }
    if (heapBytes === null) return;
    const untold = { heapTotalBytes: null, externalBytes: null, arrayBuffersBytes: null };
    const loop = { loopDelayP50Us: null, loopDelayP99Us: loopDelayUs, loopDelayMaxUs: null };
    this.addHeap(0, { atUs, heapUsedBytes: heapBytes, ...untold, ...loop, loopUtilization: null });
  }

  /** Since the reading before; a counter that has gone back is that of another process. */
  private cpuPercent(cpuUs: number | null, atUs: number): number {
    const { before } = this;
    this.before = cpuUs === null ? null : { cpuUs, atUs };
    if (cpuUs === null || before === null || cpuUs < before.cpuUs) return 0;
    return Math.round((1000 * (cpuUs - before.cpuUs)) / Math.max(1, atUs - before.atUs)) / 10;
  }

  private addHeap(pid: number, sample: Timed<HeapSample>): void {
    const samples = this.heaps.get(pid);
    if (samples === undefined) this.heaps.set(pid, [sample]);
    else samples.push(sample);
  }
}

/** Memory is summed over the threads of a process; delays are those of the worst. */
function ofThreads(reports: readonly ThreadReport[]): Omit<HeapSample, 'atMs'> {
  const sum = (pick: (report: ThreadReport) => number): number =>
    reports.reduce((total, report) => total + pick(report), 0);
  const most = (pick: (report: ThreadReport) => number): number =>
    reports.reduce((top, report) => Math.max(top, pick(report)), 0);
  return {
    heapUsedBytes: sum(({ heapUsedBytes }) => heapUsedBytes),
    heapTotalBytes: sum(({ heapTotalBytes }) => heapTotalBytes),
    externalBytes: sum(({ externalBytes }) => externalBytes),
    arrayBuffersBytes: sum(({ arrayBuffersBytes }) => arrayBuffersBytes),
    loopDelayP50Us: most(({ loopDelayP50Us }) => loopDelayP50Us),
    loopDelayP99Us: most(({ loopDelayP99Us }) => loopDelayP99Us),
    loopDelayMaxUs: most(({ loopDelayMaxUs }) => loopDelayMaxUs),
    loopUtilization: most(({ loopUtilization }) => loopUtilization),
  };
}
