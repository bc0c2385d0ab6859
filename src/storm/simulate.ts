import { closeAction } from '../policies/close.js';
import { retryDelayUs } from '../policies/delay.js';
import { AcceptQueue } from './acceptQueue.js';
import { Bins } from './bins.js';
import { Calendar } from './calendar.js';
import { type Group, newGroup } from './group.js';
import { HerdRetry } from './herdRetry.js';
import { Line } from './line.js';
import type { Herd, Storm } from './storm.js';
import { Tally } from './tally.js';
import { TurnedAway } from './turnedAway.js';

/** What ends a storm that would not end by itself. */
export const BOUNDS = { simulatedUs: 6 * 3600 * 1_000_000, events: 100_000_000 } as const;

export interface Outcome {
  readonly all: Tally;
  /** By the name of the population. */
  readonly herds: ReadonlyMap<string, Tally>;
  readonly attempts: readonly number[];
  readonly opens: readonly number[];
  /** Which bound has ended it, or null: everybody is back, has given up or never tries. */
  readonly cutOff: keyof typeof BOUNDS | null;
}

/** Runs a storm until everybody is back or has given up, or until a bound is reached. Pure. */
export function simulateStorm(storm: Storm): Outcome {
  return new Simulation(storm).run();
}

/** A herd with what becomes of it. */
interface Course extends Herd {
  readonly tally: Tally;
  readonly retry: HerdRetry;
  readonly turnedAway: TurnedAway;
  /** Its groups are of more than one client. */
  readonly grouped: boolean;
}

class Simulation {
  private readonly courses: readonly Course[];
  private readonly calendar = new Calendar();
  private readonly queue: AcceptQueue;
  private readonly outageEndUs: number;
  /** What an attempt takes the generator, or a loss, and what an attempt does during the outage; 0 without a bound. */
  private readonly turnUs: number;
  private readonly outageTurnUs: number;
  private nextTurnUs = 0;
  /** Groups whose next attempt is due, but the generator has to make others first. */
  private readonly atGenerator = new Line();
  /** Attempts made during the outage. */
  private exposed = 0;
  private pastBound = false;
  private readonly all: Tally;
  private readonly attempts = new Bins();
  private readonly opens = new Bins();
  /** The group that something happens to, and the same as it waits for its next attempt. */
  private readonly present = newGroup(0, 0, 0);
  private readonly waiting = newGroup(0, 0, 0);

  constructor(private readonly storm: Storm) {
    const { seed, outage, generator } = storm;
    this.courses = [...storm.herds]
      // What happens does not depend on the order in which a scenario lists its populations.
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((herd) => ({
        ...herd,
        tally: new Tally(herd.connections.length),
        retry: new HerdRetry(seed, herd.name),
        turnedAway: new TurnedAway(herd.timeoutUs),
        // Clients that draw nothing and have a machine each do the same at the same time.
        grouped: herd.policy?.delay.jitters.length === 0 && generator === null,
      }));
    const sizes = this.courses.map(({ connections }) => connections.length);
    this.all = new Tally(sizes.reduce((sum, size) => sum + size, 0));
    this.queue = new AcceptQueue(storm.acceptPerSecond, storm.acceptQueue);
    this.outageEndUs = outage.untilUs ?? Number.POSITIVE_INFINITY;
    this.turnUs = generator === null ? 0 : 1_000_000 / generator.attemptsPerSecond;
    const refusedUs = generator === null ? 0 : 1_000_000 / generator.refusedPerSecond;
    this.outageTurnUs = outage.share * refusedUs + (1 - outage.share) * this.turnUs;
  }

  run(): Outcome {
    const { all, courses } = this;
    for (let herd = 0; herd < courses.length; herd++) this.drop(herd);
    let events = 0;
    while (events < BOUNDS.events && this.step()) events++;
    for (const { tally } of courses) all.add(tally);
    return {
      all,
      herds: new Map(courses.map(({ name, tally }) => [name, tally])),
      attempts: this.attempts.counts,
      opens: this.opens.counts,
      cutOff: events === BOUNDS.events ? 'events' : this.pastBound ? 'simulatedUs' : null,
    };
  }

  /** What happens next; returns false when nothing does. At the same time who has waited longer comes first. */
  private step(): boolean {
    const { present, atGenerator, calendar, queue } = this;
    const turnedAway = this.nextTurnedAway(queue.fullUntilUs);
    const synUs = turnedAway?.dueUs ?? Number.POSITIVE_INFINITY;
    const lineUs = Math.min(synUs, atGenerator.dueUs);
    const calendarUs = calendar.dueUs(lineUs);
    if (calendarUs < lineUs) {
      calendar.take(present);
      this.begin(present);
    } else if (turnedAway !== null && synUs === lineUs) {
      const isLast = turnedAway.take(present);
      turnedAway.leave(this.sendSyn(present, synUs, isLast));
    } else if (lineUs < Number.POSITIVE_INFINITY) {
      atGenerator.take(present);
      this.attempt(present);
    } else return false;
    return true;
  }

  /** The herd whose clients are the next to send a SYN again. */
  private nextTurnedAway(fullUntilUs: number): TurnedAway | null {
    let next: TurnedAway | null = null;
    for (const { turnedAway } of this.courses) {
      turnedAway.passOver(fullUntilUs, this.onLastSyn);
      if (turnedAway.dueUs < (next?.dueUs ?? Number.POSITIVE_INFINITY)) next = turnedAway;
    }
    return next;
  }

  /** All of a herd lose their connections. */
  private drop(herd: number): void {
    const { policy, connections, grouped, tally } = this.courses[herd]!;
    if (policy === null) return;
    const action = closeAction(policy, this.storm.closeCode);
    if (action === 'give-up') {
      tally.gaveUp = tally.dropped;
      return;
    }
    const size = grouped ? connections.length : 1;
    const noticedEveryUs = (this.turnUs * this.all.dropped) / connections.length;
    for (let i = 0; i < connections.length; i += size) {
      const group = newGroup(herd, connections[i]!, size);
      group.atUs = i * noticedEveryUs;
      if (action === 'retry-at-once') this.calendar.add(group);
      else this.retryLater(group, size, group.atUs);
    }
  }

  /** An attempt is due: it is made now, or when the generator has made those due before. */
  private begin(group: Group): void {
    const dueUs = group.atUs;
    group.atUs = Math.max(dueUs, this.nextTurnUs);
    this.nextTurnUs = group.atUs + (group.atUs < this.outageEndUs ? this.outageTurnUs : this.turnUs);
    if (group.atUs > dueUs) this.atGenerator.add(group);
    else this.attempt(group);
  }

  private attempt(group: Group): void {
    const { tally, turnedAway } = this.courses[group.herd]!;
    const { count, atUs } = group;
    this.attempts.add(atUs, count);
    tally.attempts += count;
    const refused = this.refusals(count, atUs);
    if (refused > 0) this.fail(group, refused, atUs + this.storm.refusalUs);
    if (refused === count) return;
    group.count = count - refused;
    group.count = this.sendSyn(group, atUs, !turnedAway.hasTime);
    if (group.count > 0) turnedAway.add(group);
  }

  /** How many of the next `count` attempts the fault hits: of all together exactly its share. */
  private refusals(count: number, nowUs: number): number {
    if (nowUs >= this.outageEndUs) return 0;
    const { share } = this.storm.outage;
    const before = Math.floor(this.exposed * share);
    this.exposed += count;
    return Math.floor(this.exposed * share) - before;
  }

  /**
   * A SYN of each client of the group reaches the accept queue. Returns how many find no room and will send another;
   * the others are open, or have failed: at once when it was their last SYN, or by being let in too late, though
   * they will be served.
   */
  private sendSyn(group: Group, nowUs: number, isLast: boolean): number {
    const { count } = group;
    const deadlineUs = this.deadlineUs(group);
    const admitted = this.queue.admit(count, nowUs);
    const opened = admitted === 0 ? 0 : this.open(group, admitted, deadlineUs);
    const waiting = isLast ? 0 : count - admitted;
    const failed = count - opened - waiting;
    if (failed > 0) this.fail(group, failed, deadlineUs);
    return waiting;
  }

  /** Opens as many of those let in last as are served in time; returns how many. */
  private open({ herd }: Group, admitted: number, deadlineUs: number): number {
    const { tally } = this.courses[herd]!;
    for (let opened = 0; opened < admitted; opened++) {
      const doneUs = this.queue.doneUs(admitted - 1 - opened);
      if (doneUs > deadlineUs) return opened;
      this.opens.add(doneUs, 1);
      this.all.opened(doneUs);
      tally.opened(doneUs);
    }
    return admitted;
  }

  private readonly onLastSyn = (group: Group): void => {
    this.fail(group, group.count, this.deadlineUs(group));
  };

  private deadlineUs({ herd, atUs }: Group): number {
    return atUs + this.courses[herd]!.timeoutUs;
  }

  /** The attempts of so many clients of a group come to nothing. */
  private fail(group: Group, count: number, atUs: number): void {
    this.courses[group.herd]!.tally.failures += count;
    this.retryLater(group, count, atUs);
  }

  private retryLater(group: Group, count: number, atUs: number): void {
    const { policy, tally, retry } = this.courses[group.herd]!;
    if (policy === null) return;
    if (policy.attempts !== null && group.retries >= policy.attempts) {
      tally.gaveUp += count;
      return;
    }
    retry.from(group, atUs);
    const delayUs = retryDelayUs(policy.delay, retry);
    const { waiting } = this;
    waiting.herd = group.herd;
    waiting.connection = group.connection;
    waiting.count = count;
    waiting.retries = group.retries + 1;
    waiting.previousUs = delayUs;
    waiting.atUs = atUs + delayUs;
    if (waiting.atUs <= BOUNDS.simulatedUs) this.calendar.add(waiting);
    else this.pastBound = true;
  }
}
