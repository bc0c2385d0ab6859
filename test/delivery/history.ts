import { type DeliveryPopulation, LOBBY_ROOM } from '../../src/delivery/topology.js';
import type { Sent, World } from './world.js';

const BUCKET_US = 2 ** 18;
const END_US = 20_000_000;

/** From when to when a member is in its rooms; before 0 is before the first message. */
export interface Stay {
  readonly fromUs: number;
  readonly untilUs: number;
}

export interface Person {
  readonly population: number;
  readonly identity: number;
  readonly stays: readonly Stay[];
}

/** What becomes of one copy of a message. */
interface Fate {
  readonly lost: boolean;
  readonly twice: boolean;
  readonly afterUs: number;
}

/** A sequence of pseudo-random whole numbers below a limit. */
export function drawing(seed: number): (limit: number) => number {
  let k = seed;
  return (limit) => {
    k = (Math.imul(k, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((k / 2 ** 32) * limit);
  };
}

/** Half of the members stay all the time; the others come and go, or come late. */
export function staysOf(draw: (limit: number) => number): Stay[] {
  const way = draw(4);
  if (way < 2) return [{ fromUs: -1_000_000, untilUs: END_US }];
  const stays: Stay[] = [];
  let fromUs = way === 2 ? -1_000_000 : draw(4_000_000);
  while (fromUs < END_US) {
    const untilUs = Math.min(END_US, fromUs + 1_500_000 + draw(8_000_000));
    stays.push({ fromUs, untilUs });
    fromUs = untilUs + 100_000 + draw(3_000_000);
  }
  return stays;
}

function isThere({ stays }: Person, us: number): boolean {
  return stays.some(({ fromUs, untilUs }) => us > fromUs && us < untilUs);
}

/**
 * Whether what is published at `us` may not reach the member: absences begin three buckets before that in which a stay
 * ends, and end with the bucket in which the next one begins.
 */
function isAbsent({ stays }: Person, us: number): boolean {
  const bucket = Math.floor(us / BUCKET_US);
  const present = stays.some(({ fromUs, untilUs }) => {
    const first = fromUs < 0 ? 0 : Math.floor(fromUs / BUCKET_US) + 1;
    const end = untilUs >= END_US ? Number.POSITIVE_INFINITY : Math.floor(untilUs / BUCKET_US) - 3;
    return bucket >= first && bucket < end;
  });
  return !present;
}

/** Whether it is before the bucket after the one in which the member came for the first time. */
function isEarly({ stays }: Person, us: number): boolean {
  const fromUs = stays[0]?.fromUs ?? END_US;
  return fromUs >= 0 && us < (Math.floor(fromUs / BUCKET_US) + 1) * BUCKET_US;
}

function roomsOf({ population, identity }: Person, populations: readonly DeliveryPopulation[]): number[] {
  const { rooms, perConnection } = populations[population]!;
  if (rooms === null) return [LOBBY_ROOM];
  return Array.from({ length: perConnection }, (_, j) => (identity + j) % rooms);
}

/** Everything that happens, in the order of time, with the sums that counting it one by one gives. */
export class History {
  readonly sums = { owed: 0, lost: 0, missed: 0, received: 0, duplicated: 0 };
  /** By message, the latencies of those who are no slow readers. */
  readonly heard = new Map<Sent, number[]>();
  private events: Array<{ readonly atUs: number; readonly run: () => void }> = [];

  constructor(
    private readonly world: World,
    private readonly people: readonly Person[],
    private readonly populations: readonly DeliveryPopulation[],
  ) {
    this.at(0, () => world.begin());
    for (const { population, identity, stays } of people) {
      for (const { fromUs, untilUs } of stays) {
        this.at(fromUs, () => world.arrive(population, identity, fromUs));
        if (untilUs < END_US) this.at(untilUs, () => world.leave(population, identity, untilUs));
      }
    }
  }

  /** A message to the `n`-th of its rooms; nothing when its publisher is away. */
  publish(from: Person, n: number, dueUs: number, sentUs: number, fateOf: () => Fate): void {
    if (!isThere(from, sentUs)) return;
    this.at(sentUs, () => {
      const place = n % roomsOf(from, this.populations).length;
      const sent = this.world.publish(from.population, from.identity, place, dueUs, sentUs);
      for (const to of this.people) {
        if (roomsOf(to, this.populations).includes(sent.room)) this.pass(sent, from, to, fateOf());
      }
    });
  }

  private pass(sent: Sent, from: Person, to: Person, { lost, twice, afterUs }: Fate): void {
    const { sums } = this;
    if (to === from && this.populations[to.population]!.publishes?.ownCopy !== 'expected') return;
    const atUs = sent.sentUs + afterUs;
    if ((lost || !isThere(to, atUs)) && isEarly(to, sent.sentUs)) return;
    sums.owed++;
    if (lost || !isThere(to, atUs)) {
      if (isAbsent(to, sent.sentUs)) sums.missed++;
      else sums.lost++;
      return;
    }
    const copies = twice ? 2 : 1;
    sums.received += copies;
    sums.duplicated += copies - 1;
    for (let copy = 0; copy < copies; copy++) {
      this.at(atUs, () => this.world.receive(to.population, to.identity, sent.bytes, atUs));
    }
    if (!this.populations[to.population]!.readsSlowly)
      this.heard.set(sent, [...(this.heard.get(sent) ?? []), atUs - sent.dueUs]);
  }

  /** Lets everything happen; what is added meanwhile is put in its place. */
  run(): void {
    for (let cutUs = 1_000_000; this.events.length > 0; cutUs += 1_000_000) {
      for (;;) {
        const next = this.events.reduce<(typeof this.events)[number] | null>(
          (first, event) => (event.atUs <= cutUs && event.atUs < (first?.atUs ?? cutUs + 1) ? event : first),
          null,
        );
        if (next === null) break;
        this.events = this.events.filter((event) => event !== next);
        next.run();
      }
      this.world.cut(cutUs);
    }
    this.world.finish(END_US);
  }

  private at(atUs: number, run: () => void): void {
    this.events.push({ atUs, run });
  }
}
