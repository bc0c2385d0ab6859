import { RUNS } from '../dialects/marker.js';
import type { FanOutDelta } from '../metrics/snapshot.js';
import { type Audience, OpenMessages } from './openMessages.js';
import type { Part, SharedAccounts } from './part.js';
import { PopulationDelivery } from './populationDelivery.js';
import { PublishedLog } from './timeBuckets.js';
import { type DeliveryPopulation, Topology } from './topology.js';

/** What a worker tells the others when nothing more is published; parts of all workers add up. */
export interface Published {
  /** Row of the room, time bucket, messages, row, ... */
  readonly messages: Float64Array;
  /** By population: a publisher got a message of its own. */
  readonly ownCopySeen: readonly boolean[];
}

export function mergePublished(parts: readonly Published[]): Published {
  const log = new PublishedLog();
  for (const { messages } of parts) log.addEntries(messages);
  return {
    messages: log.entries(),
    ownCopySeen: (parts[0]?.ownCopySeen ?? []).map((_, i) => parts.some((part) => part.ownCopySeen[i])),
  };
}

/** The accounts of a worker: which messages its connections published, and which ones they got. */
export class Delivery {
  private readonly shared: SharedAccounts;
  private readonly topology: Topology;
  private readonly populations: PopulationDelivery[] = [];
  private readonly parts: Part[] = [];
  /** By row of the room, members in this worker that do not read slowly. */
  private readonly membersHere: Uint32Array;
  /** Some message was heard by everybody but its publisher: with `auto`, own copies are not waited for from then on. */
  private ownCopiesStayAway = false;
  private informed = false;

  /** @param startUs Start of the run on the monotonic clock, the same in every worker. */
  constructor(
    private readonly specs: readonly DeliveryPopulation[],
    private readonly startUs: number,
  ) {
    this.topology = new Topology(specs);
    this.membersHere = new Uint32Array(this.topology.rows);
    this.shared = {
      topology: this.topology,
      openMessages: new OpenMessages(
        (publisher, room, into) => this.describeAudience(publisher, room, into),
        () => {
          this.ownCopiesStayAway = !this.populations.some(({ ownCopySeen }) => ownCopySeen);
        },
      ),
      published: new PublishedLog(),
      run: Math.floor(startUs / 1000) % RUNS,
      startUs,
    };
  }

  /** Adds the next population, in their order. */
  add(part: Part): PopulationDelivery {
    const index = this.populations.length;
    const spec = this.specs[index]!;
    const population = new PopulationDelivery(part, index, spec, this.shared);
    this.populations.push(population);
    this.parts.push(part);
    if (!spec.readsSlowly) this.countMembers(index, part);
    return population;
  }

  private countMembers(index: number, { connections, identityOf }: Part): void {
    const { topology } = this;
    for (let connection = 0; connection < connections; connection++) {
      for (let place = 0; place < topology.placesOf(index); place++) {
        this.membersHere[topology.rowOf(topology.roomOf(index, identityOf(connection), place))]!++;
      }
    }
  }

  /** Messages that this worker has nothing more to say about. */
  takeFanOuts(nowUs: number): readonly FanOutDelta[] {
    return this.shared.openMessages.take(nowUs - this.startUs);
  }

  /** What was published here; nothing more is. */
  get published(): Published {
    return {
      messages: this.shared.published.entries(),
      ownCopySeen: this.populations.map(({ ownCopySeen }) => ownCopySeen),
    };
  }

  /** What was published by all workers, this one among them. */
  learn({ messages, ownCopySeen }: Published): void {
    const log = new PublishedLog();
    log.addEntries(messages);
    const sums = log.sums();
    this.populations.forEach((population, i) => {
      population.learn(sums, ownCopySeen[i] === true);
    });
    this.informed = true;
  }

  /** Deliveries that may still come; at least one while it is not known how many. */
  awaited(nowUs: number): number {
    if (!this.informed) return 1;
    return this.populations.reduce((sum, population) => sum + Math.max(0, population.outstanding(nowUs)), 0);
  }

  get isInformed(): boolean {
    return this.informed;
  }

  /** Messages whose first, median and last were settled before their time, because too many were under way. */
  get cutShort(): number {
    return this.shared.openMessages.cutShort;
  }

  /** The run is over: what has not come is lost. False when nothing can be said, for want of what was published. */
  settle(nowUs: number): boolean {
    this.shared.openMessages.closeAll();
    if (!this.informed) return false;
    for (const population of this.populations) population.settle(nowUs);
    return true;
  }

  private describeAudience(publisher: number, room: number, audience: Audience): void {
    const { topology, parts, specs } = this;
    const row = topology.rowOf(room);
    const population = topology.populationOf(publisher);
    const isMember = topology.isHeardBy(row, publisher);
    const isHere = isMember && parts[population]!.has(topology.identityOf(publisher));
    audience.everywhere = topology.othersIn(row, publisher);
    audience.here = this.membersHere[row]! - (isHere ? 1 : 0);
    audience.isWhole = audience.here === audience.everywhere && isHere === isMember;
    const ownCopy = isHere ? specs[population]!.publishes?.ownCopy : 'excluded';
    audience.awaitsOwnCopy = ownCopy === 'expected' || (ownCopy === 'auto' && !this.ownCopiesStayAway);
  }
}
