import { type Group, GroupStore, newGroup } from './group.js';
import { twiceTheRing } from './line.js';

/**
 * When a SYN without an answer is sent again, from the first: after 1 s, and twice as long each time (RFC 6298,
 * sections 2 and 5.5). Linux sends six more (`tcp_syn_retries`).
 */
const RETRANSMISSIONS_US = [1, 3, 7, 15, 31, 63].map((seconds) => seconds * 1_000_000);

const FIRST_SIZE = 1024;

/**
 * The groups of one herd whose first SYN has found the accept queue full, in the order in which their attempts began:
 * a ring, over which each retransmission passes in its turn. Most of them find the queue full again, and are passed
 * over without being looked at.
 */
export class TurnedAway {
  /** Of the retransmissions that the handshake timeout leaves time for, the last first. */
  private readonly passes: readonly Pass[];
  private next: Pass;
  /** Nobody waits any more in a group whose count is 0. */
  private groups = new GroupStore(FIRST_SIZE);
  /** Positions count on and on; a position's slot is its remainder. */
  private end = 0;
  private readonly passed = newGroup(0, 0, 0);

  constructor(timeoutUs: number) {
    this.passes = RETRANSMISSIONS_US.filter((afterUs) => afterUs < timeoutUs)
      .map((afterUs) => new Pass(afterUs))
      .reverse();
    this.next = this.passes[0] ?? new Pass(0);
  }

  /** False when an attempt ends before its SYN would be sent again: then nothing is to be added. */
  get hasTime(): boolean {
    return this.passes.length > 0;
  }

  /** When the next retransmission is due; infinite when there is none. */
  get dueUs(): number {
    return this.next.dueUs;
  }

  /** Its attempt did not begin before that of the group added last. */
  add(group: Readonly<Group>): void {
    const position = this.end++;
    if (position - this.passes[0]!.at === this.groups.slots) {
      this.groups = twiceTheRing(this.groups, this.passes[0]!.at, position);
    }
    this.groups.write(this.slotOf(position), group);
    for (const pass of this.passes) if (pass.at === position) this.find(pass);
    this.findNext();
  }

  /** Passes over all retransmissions before an instant: they are in vain. Whose last it was is told to `onLast`. */
  passOver(untilUs: number, onLast: (group: Group) => void): void {
    if (this.next.dueUs >= untilUs) return;
    for (const pass of this.passes) {
      while (pass.dueUs < untilUs) {
        if (pass === this.passes[0]) {
          this.groups.read(this.slotOf(pass.at), this.passed);
          onLast(this.passed);
        }
        pass.at++;
        this.find(pass);
      }
    }
    this.findNext();
  }

  /** The group whose SYN is due; returns whether it is its last. What becomes of it is then told by `leave`. */
  take(into: Group): boolean {
    this.groups.read(this.slotOf(this.next.at), into);
    return this.next === this.passes[0];
  }

  /** So many clients of the group that was taken wait for another SYN. */
  leave(count: number): void {
    const { next } = this;
    this.groups.setCountAt(this.slotOf(next.at), count);
    next.at++;
    this.find(next);
    // Where nobody waits any more the later passes need not stop.
    if (count === 0) for (const pass of this.passes) if (pass.at === next.at - 1) this.find(pass);
    this.findNext();
  }

  /** Moves a pass on to the first group in which somebody waits. */
  private find(pass: Pass): void {
    while (pass.at < this.end && this.groups.countAt(this.slotOf(pass.at)) === 0) pass.at++;
    const isAtEnd = pass.at === this.end;
    pass.dueUs = isAtEnd ? Number.POSITIVE_INFINITY : this.groups.atUsAt(this.slotOf(pass.at)) + pass.afterUs;
  }

  private findNext(): void {
    this.next = this.passes[0]!;
    for (const pass of this.passes) if (pass.dueUs < this.next.dueUs) this.next = pass;
  }

  private slotOf(position: number): number {
    return position & (this.groups.slots - 1);
  }
}

/** One retransmission: which group it comes to next, and when. */
class Pass {
  at = 0;
  dueUs = Number.POSITIVE_INFINITY;

  constructor(readonly afterUs: number) {}
}
