import type { PhaseKind } from '../metrics/snapshot.js';
import type { Accumulator } from '../result/accumulator.js';
import { sumCounts } from '../result/books.js';
import type { MetricSet } from '../result/metricSet.js';
import type { TargetProcess, TargetResult } from '../result/targetRecord.js';
import { NO_INSIGHT } from '../target/insight.js';
import { InsightWatch } from '../target/insightWatch.js';
import { MemoryReader } from '../target/memoryReader.js';
import { portOf } from '../target/safety.js';
import { TargetWatch } from '../target/watch.js';
import { MemoryLog } from './memoryLog.js';
import type { Opposite } from './prepare.js';

/** Fewer messages or connects than this, and CPU time, which some systems tell in ticks of 10 ms only, says nothing about each. */
const LEAST_EVENTS = 500;

/** What is written down about the target while the run goes on. */
export class TargetLog {
  private readonly watch: TargetWatch;
  private readonly insightWatch: InsightWatch;
  private readonly memory: MemoryLog;
  private readonly watched: boolean;
  /** CPU time that the target used in phases of each kind, and when the last one began. */
  private readonly cpuUs = new Map<PhaseKind, number>();
  private readonly phaseNames = new Map<PhaseKind, string[]>();
  private markedUs = 0;

  constructor(
    private readonly opposite: Opposite,
    measuresMemory: boolean,
    private readonly countOpen: () => number,
    onEvent: (kind: string, detail: string) => void,
  ) {
    const { target } = opposite;
    const { insight = NO_INSIGHT } = target;
    const roots = () => target.processes().map(({ pid }) => pid);
    this.watched = roots().length > 0;
    this.watch = new TargetWatch(() => target.processes(), countOpen);
    this.insightWatch = new InsightWatch(insight, roots, countOpen, onEvent);
    this.memory = new MemoryLog(
      new MemoryReader(roots, countOpen, insight),
      (sinceUs) => [...this.watch.readingsSince(sinceUs), ...this.insightWatch.readingsSince(sinceUs)],
      measuresMemory,
    );
  }

  /** Takes the memory without connections, then a sample each second. */
  async start(): Promise<void> {
    await this.memory.start();
    this.watch.start();
    this.insightWatch.start();
    this.markedUs = await this.watch.cpuUs();
  }

  plateau(): Promise<void> {
    return this.memory.plateau();
  }

  async phaseEnds(kind: PhaseKind, name: string): Promise<void> {
    const cpuUs = await this.watch.cpuUs();
    this.cpuUs.set(kind, (this.cpuUs.get(kind) ?? 0) + cpuUs - this.markedUs);
    this.phaseNames.set(kind, [...(this.phaseNames.get(kind) ?? []), name]);
    this.markedUs = cpuUs;
    this.memory.phaseEnds(kind, name);
  }

  /** @param startUs Start of the run on the monotonic clock, from which the record counts. */
  async finish(accumulator: Accumulator, startUs: number): Promise<Omit<TargetResult, 'books'>> {
    await Promise.all([this.watch.stop(), this.insightWatch.stop()]);
    const { target, proxy } = this.opposite;
    await this.memory.drained(this.countOpen());
    const instances = await target.ledgers();
    const opened = accumulator.total.all.counter('connections.opened');
    const isTold = this.watched || (target.insight ?? NO_INSIGHT).page !== null;
    const { memory, unknownBecause } = this.memory.finding(isTold, opened);
    return {
      kind: target.kind,
      name: target.name,
      counts: instances.length === 0 ? null : sumCounts(instances.map(({ counts }) => counts)),
      instances,
      proxy: proxy === null ? null : await proxy.counts(),
      processes: this.processRecord(startUs),
      kernel: this.watch.kernelRecord(startUs),
      memoryPerConnection: memory,
      memoryUnknownBecause: unknownBecause,
      limits: this.watch.limitsRecord(),
      cpuPerMessageUs: this.cpuPer('hold', accumulator, (metrics) => {
        return metrics.counter('messages.sent') + metrics.counter('pings.sent');
      }),
      cpuPerConnectUs: this.cpuPer('ramp', accumulator, (metrics) => metrics.counter('connections.opened')),
    };
  }

  /** With what each tells of itself; of a target that only its metrics page tells of, a process without a pid. */
  private processRecord(startUs: number): TargetProcess[] {
    const heaps = this.insightWatch.heapRecord(startUs);
    const processes = this.watch.processRecord(startUs);
    if (this.watched) {
      const ofPage = heaps.get(0);
      return processes.map((process, i) => ({
        ...process,
        heap: heaps.get(process.pid) ?? (i === 0 ? ofPage : undefined) ?? [],
      }));
    }
    const samples = this.insightWatch.pageRecord(startUs);
    if (samples.length === 0) return processes;
    const { url } = this.opposite.target;
    const port = url.port === '' ? null : portOf(url);
    return [{ pid: 0, port, command: 'told by its metrics page', samples, heap: heaps.get(0) ?? [] }];
  }

  private cpuPer(
    kind: PhaseKind,
    accumulator: Accumulator,
    count: (metrics: MetricSet) => number,
  ): number | null {
    const cpuUs = this.cpuUs.get(kind);
    const events = (this.phaseNames.get(kind) ?? []).reduce((sum, name) => {
      const phase = accumulator.phases.get(name);
      return sum + (phase ? count(phase.all) : 0);
    }, 0);
    if (!this.watched || cpuUs === undefined || events < LEAST_EVENTS) return null;
    return Math.round((cpuUs / events) * 10) / 10;
  }
}
