import { arrivalTimesUs, arrivedAt } from '../plan/arrivals.js';
import { hashName } from '../plan/random.js';
import { countBelow, identityOf, type Shard, type ShardPopulation } from '../plan/shard.js';
import type { Scheduler } from './scheduler.js';

/** Opens the connections of one population at their times, one entry in the scheduler for all of them. */
export class ArrivalQueue {
  private readonly timesUs: Float64Array;
  private readonly handler: number;
  /** The next connection to arrive, and the one before which the present ramp ends; local numbers. */
  private next = 0;
  private limit = 0;
  /** What to add to an arrival time to get the instant on the monotonic clock. */
  private originUs = 0;

  constructor(
    private readonly shard: Shard,
    private readonly population: ShardPopulation,
    private readonly scheduler: Scheduler,
    private readonly open: (connection: number) => void,
  ) {
    const { spec } = population;
    this.timesUs = arrivalTimesUs(spec.arrive, spec.connections, shard.seed, hashName(spec.name));
    this.handler = scheduler.register(this);
  }

  /** How many have come so far. */
  get arrived(): number {
    return this.next;
  }

  get isDone(): boolean {
    return this.next >= this.limit;
  }

  /** The connections between two shares of the population arrive; the first of them at `atUs`. */
  arrive(fromShare: number, toShare: number, atUs: number): void {
    const { spec } = this.population;
    const first = arrivedAt(fromShare, spec.connections);
    this.originUs = atUs - (this.timesUs[first] ?? 0);
    this.limit = countBelow(this.population, this.shard.shards, arrivedAt(toShare, spec.connections));
    this.scheduleNext();
  }

  /** Nobody else arrives. */
  stop(): void {
    this.limit = this.next;
  }

  onDue(): void {
    if (this.isDone) return;
    this.open(this.next++);
    this.scheduleNext();
  }

  private scheduleNext(): void {
    if (this.isDone) return;
    const identity = identityOf(this.population, this.shard.shards, this.next);
    this.scheduler.schedule(this.handler, 0, 0, this.originUs + this.timesUs[identity]!);
  }
}
