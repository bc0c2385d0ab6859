import type { PhaseKind } from '../metrics/snapshot.js';
import type { Accumulator } from '../result/accumulator.js';
import { sumCounts } from '../result/books.js';
import type { MetricSet } from '../result/metricSet.js';
import type { TargetResult } from '../result/targetRecord.js';
import { memoryPerConnection } from '../target/memory.js';
import { TargetWatch } from '../target/watch.js';
import type { Opposite } from './prepare.js';

/** Fewer messages or connects than this, and CPU time, which is counted in ticks of 10 ms, says nothing about each. */
const LEAST_EVENTS = 500;

/** What is written down about the target while the run goes on. */
export class TargetLog {
  private readonly watch: TargetWatch;
  private readonly watched: boolean;
  /** CPU time that the target used in phases of each kind, and when the last one began. */
  private readonly cpuUs = new Map<PhaseKind, number>();
  private readonly phaseNames = new Map<PhaseKind, string[]>();
  private markedUs = 0;

  constructor(
    private readonly opposite: Opposite,
    countOpen: () => number,
  ) {
    const { target } = opposite;
    this.watched = target.processes().length > 0;
    this.watch = new TargetWatch(() => target.processes(), countOpen);
  }

  /** Takes the memory without connections, then a sample each second. */
  async start(): Promise<void> {
    await this.watch.plateau();
    this.watch.start();
    this.markedUs = await this.watch.cpuUs();
  }

  plateau(): Promise<void> {
    return this.watch.plateau();
  }

  async phaseEnds(kind: PhaseKind, name: string): Promise<void> {
    const cpuUs = await this.watch.cpuUs();
    this.cpuUs.set(kind, (this.cpuUs.get(kind) ?? 0) + cpuUs - this.markedUs);
    this.phaseNames.set(kind, [...(this.phaseNames.get(kind) ?? []), name]);
    this.markedUs = cpuUs;
  }

  /** @param startUs Start of the run on the monotonic clock, from which the record counts. */
  async finish(accumulator: Accumulator, startUs: number): Promise<Omit<TargetResult, 'books'>> {
    await this.watch.stop();
    const { target, proxy } = this.opposite;
    const instances = await target.ledgers();
    const { memory, unknownBecause } = memoryPerConnection(this.watch.plateaus, this.watched);
    return {
      kind: target.kind,
      name: target.name,
      counts: instances.length === 0 ? null : sumCounts(instances.map(({ counts }) => counts)),
      instances,
      proxy: proxy === null ? null : await proxy.counts(),
      processes: this.watch.processRecord(startUs),
      kernel: this.watch.kernelRecord(startUs),
      memoryPerConnection: memory,
      memoryUnknownBecause: unknownBecause,
      cpuPerMessageUs: this.cpuPer('hold', accumulator, (metrics) => {
        return metrics.counter('messages.sent') + metrics.counter('pings.sent');
      }),
      cpuPerConnectUs: this.cpuPer('ramp', accumulator, (metrics) => metrics.counter('connections.opened')),
    };
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
