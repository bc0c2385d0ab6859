import type { Attendance } from './attendance.js';
import type { SharedAccounts } from './part.js';

/** Of all members of a population in a worker that are in the ledger. */
export interface Sums {
  readonly owed: number;
  readonly missed: number;
  readonly lost: number;
}

/**
 * What a population's members are owed, known when all workers have told what they published:
 *
 *     owed = published to the rooms of each member since it first came
 *     missed = owed in its later absences - received of that
 *     lost = owed - missed - received for the first time
 */
export class Debts {
  /** Deliveries to members that had not had the message. */
  receivedOnce = 0;
  /** Published by members to rooms of their own. */
  publishedToSelf = 0;
  /** Publishers get their own messages. */
  owesOwnCopies = false;
  /** Were everybody there from the start. */
  private published = 0;

  constructor(
    private readonly attendance: Attendance,
    private readonly shared: SharedAccounts,
    /** The rows of a member's rooms; none for one that is not in the ledger. */
    private readonly rowsOf: (member: number) => readonly number[],
    private readonly members: number,
  ) {}

  /** All workers have told what they published. */
  learn(): void {
    const { published } = this.shared;
    this.published = this.owesOwnCopies ? 0 : -this.publishedToSelf;
    for (let member = 0; member < this.members; member++) {
      for (const row of this.rowsOf(member)) this.published += published.total(row);
    }
  }

  /** Were the run to end at `untilUs`. Only after `learn`. */
  sums(untilUs: number): Sums {
    const { attendance, owesOwnCopies, shared } = this;
    const { receivedWhileAbsent: received, publishedWhileAbsent: published } = attendance;
    let early = -received.first - (owesOwnCopies ? 0 : published.first);
    let missed = -received.later - (owesOwnCopies ? 0 : published.later);
    for (const { member, from, until, isFirst } of attendance.until(untilUs - shared.startUs)) {
      for (const row of this.rowsOf(member)) {
        const messages = shared.published.between(row, from, until);
        if (isFirst) early += messages;
        else missed += messages;
      }
    }
    const owed = this.published - early;
    return { owed, missed, lost: owed - missed - this.receivedOnce };
  }
}
