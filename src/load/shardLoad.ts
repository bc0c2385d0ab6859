import type { ClientSettings } from '../client/types.js';
import { nowUs } from '../clock.js';
import type { Delivery, Published } from '../delivery/delivery.js';
import type { CreateDialect } from '../dialects/dialect.js';
import { Recorder } from '../metrics/recorder.js';
import type { PhaseKind, Snapshot, Source } from '../metrics/snapshot.js';
import type { Shard } from '../plan/shard.js';
import { openAccounts, openPopulationAccounts } from './accounts.js';
import { WorkerHealth } from './health.js';
import type { Route } from './openRequest.js';
import { PopulationDriver } from './populationDriver.js';
import { Scheduler } from './scheduler.js';

const INTERVAL_US = 1_000_000;

/** How often a drain looks whether the last answers have come. */
const DRAIN_POLL_US = 20_000;

/** How long to wait for what the other shards have published. */
const LEARN_US = 2_000_000;

/** Where a population connects to, and how; the same for all shards. */
export interface PopulationTarget {
  readonly settings: ClientSettings;
  readonly route: Route;
}

export interface ShardListener {
  /** The drain has begun, and nothing more is published; `learn` is to follow when all shards have told. */
  onPublished(published: Published): void;
  /** What the others had published was never heard: what was lost is not known. */
  onUnaccounted(): void;
  onSnapshot(snapshot: Snapshot): void;
  /** A phase has begun, and the books of the one before it are closed. */
  onEntered(phase: string): void;
  /** Every connection that was to arrive has, and has opened or failed. */
  onSettled(): void;
  /** Every connection has ended; the last snapshot was sent before. */
  onDrained(): void;
}

/**
 * Runs one shard: its scheduler, its populations, its books. Phases come as instants a little in the future,
 * the same for all shards, and cut the snapshots, so that no interval holds parts of two phases.
 */
export class ShardLoad {
  private readonly scheduler = new Scheduler();
  private readonly health = new WorkerHealth();
  private readonly recorder: Recorder;
  /** Null when nobody publishes. */
  private readonly delivery: Delivery | null;
  private readonly populations: readonly PopulationDriver[];
  private readonly timer: number;
  private settling = false;
  /** Agreed but not begun, in their order: a busy thread may hear of two before the first begins. */
  private readonly upcoming: Array<{ readonly kind: PhaseKind; readonly name: string }> = [];
  private drainUntilUs = 0;
  private closedUs = 0;
  private ended = false;

  constructor(
    shard: Shard,
    targets: readonly PopulationTarget[],
    /** One for each population, as the targets. */
    dialects: readonly CreateDialect[],
    source: Source,
    private readonly startUs: number,
    private readonly listener: ShardListener,
  ) {
    this.recorder = new Recorder(source, startUs);
    const delivery = openAccounts(shard, startUs);
    this.delivery = delivery;
    this.populations = shard.populations.map((part, i) => {
      const given = {
        shard,
        part,
        target: targets[i]!,
        createDialect: dialects[i]!,
        scheduler: this.scheduler,
        recorder: this.recorder.population(part.spec.name),
        startUs,
        delivery: delivery === null ? null : openPopulationAccounts(delivery, shard, i, this.recorder),
      };
      return new PopulationDriver(given, () => this.checkSettled());
    });
    this.readValues();
    this.timer = this.scheduler.register(this);
    this.scheduler.schedule(this.timer, 0, Timer.interval, startUs + INTERVAL_US);
  }

  /** A phase begins at `atUs`. */
  enter(kind: PhaseKind, name: string, atUs: number): void {
    if (atUs <= this.startUs) this.recorder.phase = name;
    this.upcoming.push({ kind, name });
    this.scheduler.schedule(this.timer, 0, Timer.phase, atUs);
  }

  /** Connections from one share of each population to the other arrive, from `atUs` on. */
  arrive(fromShare: number, toShare: number, atUs: number): void {
    this.settling = true;
    for (const population of this.populations) population.arrive(fromShare, toShare, atUs);
    this.scheduler.schedule(this.timer, 0, Timer.settled, atUs);
  }

  /** Closes a share of the open connections of each population. */
  disconnect(share: number): void {
    for (const population of this.populations) population.disconnect(share);
  }

  /** Stop sending, await answers until `untilUs`, then close everything. */
  drain(untilUs: number): void {
    this.settling = false;
    this.drainUntilUs = untilUs;
    for (const population of this.populations) population.stop();
    this.listener.onPublished(this.delivery?.published ?? NOTHING_PUBLISHED);
    this.scheduler.schedule(this.timer, 0, Timer.drain, nowUs());
  }

  /** What all shards have published. */
  learn(published: Published): void {
    this.delivery?.learn(published);
  }

  /** Cuts every connection off. */
  abort(): void {
    for (const population of this.populations) population.abort();
  }

  stop(): void {
    this.scheduler.stop();
    this.health.stop();
  }

  onDue(_connection: number, timer: number, dueUs: number, now: number): void {
    switch (timer) {
      case Timer.interval:
        this.cut(dueUs);
        this.scheduler.schedule(this.timer, 0, Timer.interval, dueUs + INTERVAL_US);
        break;
      case Timer.phase:
        this.beginPhase(dueUs);
        break;
      case Timer.settled:
        this.settle(dueUs);
        break;
      case Timer.drain:
        this.continueDrain(now);
        break;
    }
  }

  private beginPhase(atUs: number): void {
    const phase = this.upcoming.shift();
    if (phase === undefined) return;
    const { kind, name } = phase;
    if (atUs > this.startUs) this.cut(atUs);
    this.recorder.phase = name;
    for (const population of this.populations) population.onPhase(kind, atUs);
    this.listener.onEntered(name);
  }

  private cut(toUs: number): void {
    for (const population of this.populations) population.countBytes();
    const snapshot = this.recorder.cut(toUs);
    const fanOuts = this.delivery?.takeFanOuts(toUs) ?? [];
    this.listener.onSnapshot(fanOuts.length === 0 ? snapshot : { ...snapshot, fanOuts });
  }

  private get isSettled(): boolean {
    return this.settling && this.populations.every((population) => population.isSettled);
  }

  private checkSettled(): void {
    // By the scheduler, so that an interval that has ended is cut before.
    if (this.isSettled) this.scheduler.schedule(this.timer, 0, Timer.settled, nowUs());
  }

  private settle(atUs: number): void {
    if (!this.isSettled) return;
    this.settling = false;
    // Who waits for this wants to know what is open now, not at the last full second.
    this.cut(atUs);
    this.listener.onSettled();
  }

  private continueDrain(now: number): void {
    if (this.drainUntilUs > 0 && (this.awaited(now) === 0 || now >= this.drainUntilUs)) {
      this.drainUntilUs = 0;
      this.closedUs = now;
      for (const population of this.populations) population.closeAll();
    }
    if (this.drainUntilUs === 0 && this.isDrained(now)) {
      this.end(now);
      return;
    }
    this.scheduler.schedule(this.timer, 0, Timer.drain, now + DRAIN_POLL_US);
  }

  /** All connections have ended, and it is known what they should have got: that is a message away, so it is waited for. */
  private isDrained(now: number): boolean {
    if (!this.populations.every((population) => population.isEmpty)) return false;
    return this.delivery === null || this.delivery.isInformed || now > this.closedUs + LEARN_US;
  }

  private awaited(now: number): number {
    return this.sum((population) => population.awaited) + (this.delivery?.awaited(now) ?? 0);
  }

  private end(now: number): void {
    if (this.ended) return;
    this.ended = true;
    if (this.delivery !== null) this.settleAccounts(this.delivery, now);
    this.cut(now);
    this.listener.onDrained();
  }

  private settleAccounts(delivery: Delivery, now: number): void {
    if (!delivery.settle(now)) this.listener.onUnaccounted();
    this.recorder.population('').counter('broadcast.cutShort').value += delivery.cutShort;
  }

  private readValues(): void {
    const { recorder, health } = this;
    recorder.value('open', () => this.sum((population) => population.openCount));
    recorder.value('arrived', () => this.sum((population) => population.arrived));
    recorder.value('eventLoopUtilization', () => health.takeUtilization());
    recorder.value('cpuPercent', () => health.takeCpuPercent());
    recorder.value('gcMs', () => health.takeGcMs());
    recorder.value('rssBytes', () => process.memoryUsage.rss());
    for (const population of this.populations) {
      recorder.value(`${population.name}/openAtEnd`, () => population.openAtEnd);
    }
  }

  private sum(of: (population: PopulationDriver) => number): number {
    return this.populations.reduce((total, population) => total + of(population), 0);
  }
}

const NOTHING_PUBLISHED: Published = { messages: new Float64Array(0), ownCopySeen: [] };

const Timer = { interval: 0, phase: 1, settled: 2, drain: 3 } as const;
