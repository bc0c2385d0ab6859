import { expect } from 'vitest';
import { Delivery, mergePublished } from '../../src/delivery/delivery.js';
import type { PopulationDelivery } from '../../src/delivery/populationDelivery.js';
import type { DeliveryPopulation } from '../../src/delivery/topology.js';
import { MARKER_BYTES } from '../../src/dialects/marker.js';
import { decodeHistogram, forEachRecorded } from '../../src/metrics/histogram.js';
import { PopulationRecorder } from '../../src/metrics/recorder.js';
import type { EncodedHistogram, FanOutDelta } from '../../src/metrics/snapshot.js';

/** Start of the run on the clock of these tests. */
const START_US = 5_000_000_000;

interface Worker {
  readonly delivery: Delivery;
  readonly populations: readonly PopulationDelivery[];
}

export interface Sent {
  readonly population: number;
  readonly identity: number;
  readonly room: number;
  readonly dueUs: number;
  readonly sentUs: number;
  readonly bytes: Buffer;
}

/** The accounts of several workers, driven by hand; times count from the start of the run. */
export class World {
  private readonly recorders: readonly PopulationRecorder[];
  private readonly workers: readonly Worker[];
  readonly fanOuts: FanOutDelta[] = [];

  constructor(
    private readonly specs: readonly DeliveryPopulation[],
    private readonly shards: number,
    isAccounted: (population: number, identity: number) => boolean = () => true,
  ) {
    this.recorders = specs.map((_, i) => new PopulationRecorder(`p${i}`, START_US));
    this.workers = Array.from({ length: shards }, (_, shard) => {
      const delivery = new Delivery(specs, START_US);
      const populations = specs.map((spec, index) =>
        delivery.add({
          connections: Math.max(0, Math.ceil((spec.connections - shard) / shards)),
          identityOf: (connection) => shard + connection * shards,
          has: (identity) => identity % shards === shard,
          isAccounted: (connection) => isAccounted(index, shard + connection * shards),
          counter: (name) => this.recorders[index]!.counter(name),
          histogram: (name) => this.recorders[index]!.histogram(name),
        }),
      );
      return { delivery, populations };
    });
  }

  begin(): void {
    for (const { populations } of this.workers) for (const population of populations) population.begin();
  }

  arrive(population: number, identity: number, atUs: number): void {
    this.of(population, identity).arrived(this.localOf(identity), START_US + atUs);
  }

  leave(population: number, identity: number, atUs: number): void {
    this.of(population, identity).left(this.localOf(identity), START_US + atUs);
  }

  /** Publishes a message to room number `place` of its publisher. */
  publish(population: number, identity: number, place: number, dueUs: number, sentUs: number): Sent {
    const accounts = this.of(population, identity);
    const connection = this.localOf(identity);
    const room = this.specs[population]!.publishes?.room ?? accounts.roomOf(connection, place);
    const bytes = Buffer.alloc(MARKER_BYTES);
    const sequence = accounts.nextSequence(connection);
    accounts.stamp(bytes, 0, connection, room, sequence, START_US + dueUs, START_US + sentUs);
    accounts.takeSequence(connection);
    accounts.notePublished(connection, room, START_US + sentUs);
    return { population, identity, room, dueUs, sentUs, bytes };
  }

  receive(population: number, identity: number, bytes: Buffer, atUs: number): void {
    this.of(population, identity).receive(this.localOf(identity), bytes, 0, bytes.length, START_US + atUs);
  }

  /** A snapshot is cut. */
  cut(atUs: number): void {
    for (const { delivery } of this.workers) this.fanOuts.push(...delivery.takeFanOuts(START_US + atUs));
  }

  /** The workers tell each other what they published. */
  tell(): void {
    const published = mergePublished(this.workers.map(({ delivery }) => delivery.published));
    for (const { delivery } of this.workers) delivery.learn(published);
  }

  settle(atUs: number): void {
    for (const { delivery, populations } of this.workers) {
      for (const population of populations) population.freeze();
      expect(delivery.settle(START_US + atUs)).toBe(true);
    }
    this.cut(atUs);
  }

  finish(atUs: number): void {
    this.tell();
    this.settle(atUs);
  }

  counter(name: string): number {
    return this.recorders.reduce((sum, recorder) => sum + recorder.counter(name).value, 0);
  }

  /** Latencies recorded, in all populations, ascending. */
  latencies(name: string): number[] {
    const values: number[] = [];
    this.recorders.forEach((recorder, i) => {
      const histograms: Record<string, EncodedHistogram> = {};
      recorder.take({}, histograms, [], []);
      const taken = histograms[`p${i}/${name}`];
      if (taken === undefined) return;
      forEachRecorded(decodeHistogram(taken.encoded), (us, count) => {
        for (let n = 0; n < count; n++) values.push(us);
      });
    });
    return values.sort((a, b) => a - b);
  }

  private of(population: number, identity: number): PopulationDelivery {
    return this.workers[identity % this.shards]!.populations[population]!;
  }

  private localOf(identity: number): number {
    return Math.floor(identity / this.shards);
  }
}
